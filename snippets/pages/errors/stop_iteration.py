"""One step more than the epoch has batches."""

# --8<-- [start:code]
from torch.utils.data import DataLoader

if __name__ == "__main__":
    loader = DataLoader(range(32), batch_size=8, shuffle=True, num_workers=2)
    batches = iter(loader)
    for step in range(5):
        batch = next(batches)
        print(f"step {step}: {len(batch)} items")
# --8<-- [end:code]
