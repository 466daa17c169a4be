"""An old tutorial: the iterator has no method next."""

# --8<-- [start:code]
import torch
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.tensor(index)


if __name__ == "__main__":
    batches = iter(DataLoader(Numbers(), batch_size=8, num_workers=2))
    print(batches.next())
# --8<-- [end:code]
