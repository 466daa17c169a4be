"""The tuner on photos and a small network."""

# runs: alone
# prints: (?s:.+)DataLoader\(\.\.\., num_workers=\d+.*\)(?s:.+)#1;w=\S+
# workers: any: how far it races depends on the machine

# --8<-- [start:code]
from functools import cache
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Photos(Dataset):
    def __init__(self, folder):
        self.paths = sorted(Path(folder).rglob("*.jpg"))
        self.kinds = sorted({path.parent.name for path in self.paths})

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        path = self.paths[index]
        with Image.open(path) as file:
            file.draft("RGB", (96, 96))
            photo = np.array(file.convert("RGB").resize((96, 96)))
        kind = self.kinds.index(path.parent.name)
        return torch.from_numpy(photo).permute(2, 0, 1), kind


def make_loader(num_workers):
    photos = Photos("images/photos")
    return DataLoader(photos, 4, shuffle=True, num_workers=num_workers)


@cache
def training():
    """Called in the main process alone, so no worker makes a model."""
    torch.set_num_threads(1)  # the workers have the other cores
    found = torch.accelerator.current_accelerator(check_available=True)
    device = found or torch.device("cpu")
    model = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(17672, 6),
    ).to(device)
    return device, model, torch.optim.SGD(model.parameters(), lr=0.01)


def step(batch):
    device, model, optimizer = training()
    photos, kinds = (part.to(device) for part in batch)
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(photos / 255), kinds).backward()
    optimizer.step()


if __name__ == "__main__":
    from tune_num_workers import tune

    tune(make_loader, step, seconds=15)
# --8<-- [end:code]
