"""Batches of texts of about the same length, in random order."""

# prints: in random order: \d\d% of the batches is padding
# prints: texts of like length together: \d% of them is padding
# workers: 0, 0

# --8<-- [start:code]
import torch
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset


class Texts(Dataset):
    """Of 10 to 500 tokens, more short ones than long ones."""

    def __init__(self, count):
        draws = torch.rand(count, generator=torch.Generator().manual_seed(0))
        self.lengths = (10 + 490 * draws**2).long()

    def __len__(self):
        return len(self.lengths)

    def __getitem__(self, index):
        return torch.ones(int(self.lengths[index]), dtype=torch.int64)


class ByLength:
    """A batch sampler: sorts 32 batches at a time, and shuffles the rest."""

    def __init__(self, lengths, batch_size, at_once=32):
        self.lengths = lengths
        self.batch_size, self.at_once = batch_size, at_once

    def __iter__(self):
        order = torch.randperm(len(self.lengths))
        for some in order.split(self.batch_size * self.at_once):
            by_length = some[self.lengths[some].argsort()]
            batches = by_length.split(self.batch_size)
            for number in torch.randperm(len(batches)):
                yield batches[number].tolist()

    def __len__(self):
        return -(-len(self.lengths) // self.batch_size)  # rounded up


def pad(texts):
    lengths = torch.tensor([len(text) for text in texts])
    return pad_sequence(texts, batch_first=True), lengths


def padding(loader):
    """The share of all places in the batches that no token takes."""
    places = tokens = 0
    for batch, lengths in loader:
        places += batch.numel()
        tokens += int(lengths.sum())
    return 1 - tokens / places


if __name__ == "__main__":
    texts = Texts(2048)
    shuffled = DataLoader(texts, 32, shuffle=True, collate_fn=pad)
    share = padding(shuffled)
    print(f"in random order: {share:.0%} of the batches is padding")
    sampler = ByLength(texts.lengths, batch_size=32)
    by_length = DataLoader(texts, batch_sampler=sampler, collate_fn=pad)
    share = padding(by_length)
    print(f"texts of like length together: {share:.0%} of them is padding")
# --8<-- [end:code]
