"""An array whose memory belongs to a bytes object."""

# --8<-- [start:code]
import numpy as np
from torch.utils.data import DataLoader, Dataset


class Records(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        record = bytes(range(index, index + 4))
        return np.frombuffer(record, dtype=np.uint8)


if __name__ == "__main__":
    for batch in DataLoader(Records(), batch_size=16):
        print(tuple(batch.shape))
# --8<-- [end:code]
