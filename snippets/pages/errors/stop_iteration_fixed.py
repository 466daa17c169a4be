"""The loader begins another epoch where one ends."""

# --8<-- [start:code]
from torch.utils.data import DataLoader


def endless(loader):
    if len(loader) == 0:
        raise ValueError("the loader has no batch")
    while True:
        yield from loader


if __name__ == "__main__":
    loader = DataLoader(range(32), batch_size=8, shuffle=True, num_workers=2)
    batches = endless(loader)
    for step in range(5):
        batch = next(batches)
        print(f"step {step}: {len(batch)} items")
# --8<-- [end:code]
