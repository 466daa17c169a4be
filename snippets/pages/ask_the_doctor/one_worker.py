"""The doctor on a loop whose one worker does not keep up."""

# runs: alone
# prints: (?s:[A-Z ,-]+.+  next .+)
# workers: 1

# --8<-- [start:code]
import time

import torch
from loader_doctor import doctor
from torch.utils.data import DataLoader, Dataset


class Items(Dataset):
    def __len__(self):
        return 800

    def __getitem__(self, index):
        time.sleep(0.0015)
        return torch.zeros(3, 32, 32)


def train_step(batch):
    time.sleep(0.004)


loader = DataLoader(Items(), batch_size=8, num_workers=1)

if __name__ == "__main__":
    for batch in doctor(loader):
        train_step(batch)
# --8<-- [end:code]
