"""The stream is shuffled in a buffer."""

# --8<-- [start:code]
import random

from torch.utils.data import DataLoader, IterableDataset


class Stream(IterableDataset):
    def __iter__(self):
        yield from range(32)


class Shuffled(IterableDataset):
    def __init__(self, stream, size):
        self.stream, self.size = stream, size

    def __iter__(self):
        buffer = []
        for item in self.stream:
            buffer.append(item)
            if len(buffer) == self.size:
                yield buffer.pop(random.randrange(self.size))
        random.shuffle(buffer)
        yield from buffer


if __name__ == "__main__":
    random.seed(0)
    for batch in DataLoader(Shuffled(Stream(), size=16), batch_size=8):
        print(*batch.tolist())
# --8<-- [end:code]
