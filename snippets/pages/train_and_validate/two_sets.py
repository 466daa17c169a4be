"""How many workers live while one loop trains, and while it validates."""

# prints: validation workers kept: 3 while training, 3 while validating
# prints: validation workers not kept: 2 while training, 3 while validating
# workers: 2, 1, 2, 1, 2, 1, 2, 1

# --8<-- [start:code]
from multiprocessing import active_children

import torch
from torch.utils.data import DataLoader, TensorDataset


def workers_alive(loader):
    return max(len(active_children()) for _ in loader)


def one_epoch(training, validation):
    while_training = workers_alive(training)
    while_validating = workers_alive(validation)
    return (
        f"{while_training} while training, {while_validating} while validating"
    )


def second_epoch(keep):
    data = TensorDataset(torch.arange(32.0))
    training = DataLoader(data, 8, num_workers=2, persistent_workers=True)
    validation = DataLoader(data, 8, num_workers=1, persistent_workers=keep)
    one_epoch(training, validation)
    return one_epoch(training, validation)


if __name__ == "__main__":
    print("validation workers kept:", second_epoch(True))
    print("validation workers not kept:", second_epoch(False))
# --8<-- [end:code]
