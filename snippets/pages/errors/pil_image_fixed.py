"""The image is made into an array, which collate takes."""

# --8<-- [start:code]
import numpy as np
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return np.array(Image.new("RGB", (32, 32)))


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=2)
    print(f"the shapes: {[tuple(batch.shape) for batch in loader]}")
# --8<-- [end:code]
