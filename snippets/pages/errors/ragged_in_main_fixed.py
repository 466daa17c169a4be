"""Padded to the longest of the batch."""

# --8<-- [start:code]
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class Sentences(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return torch.ones(32 - index)


def pad(sentences):
    return pad_sequence(sentences, batch_first=True)


if __name__ == "__main__":
    loader = DataLoader(
        Sentences(), batch_size=8, num_workers=0, collate_fn=pad
    )
    print(f"batches of {[tuple(batch.shape) for batch in loader]}")
# --8<-- [end:code]
