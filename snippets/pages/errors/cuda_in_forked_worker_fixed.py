"""Workers return CPU tensors, and the main process moves them."""

# needs: cuda, fork

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class OnTheCpu(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(float(index))


if __name__ == "__main__":
    model = torch.nn.Linear(1, 1, device="cuda")
    loader = DataLoader(
        OnTheCpu(),
        batch_size=8,
        num_workers=1,
        pin_memory=True,
        multiprocessing_context="fork",
    )
    for batch in loader:
        output = model(batch.to("cuda", non_blocking=True)[:, None])
    print(f"{len(loader)} batches, the last one on {output.device}")
# --8<-- [end:code]
