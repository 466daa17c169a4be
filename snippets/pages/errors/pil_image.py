"""An image that no transform made into a tensor."""

# --8<-- [start:code]
from PIL import Image
from torch.utils.data import DataLoader, Dataset


class Sprites(Dataset):
    def __len__(self):
        return 32

    def __getitem__(self, index):
        return Image.new("RGB", (32, 32))


if __name__ == "__main__":
    loader = DataLoader(Sprites(), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
