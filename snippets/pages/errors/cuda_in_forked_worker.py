"""The main process has used CUDA, and a forked worker uses it too."""

# needs: cuda, fork

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class OnTheGpu(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(float(index), device="cuda")


if __name__ == "__main__":
    model = torch.nn.Linear(1, 1, device="cuda")
    loader = DataLoader(
        OnTheGpu(), batch_size=8, num_workers=1, multiprocessing_context="fork"
    )
    for batch in loader:
        model(batch[:, None])
# --8<-- [end:code]
