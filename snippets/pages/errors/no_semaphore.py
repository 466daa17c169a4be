"""Something else has filled /dev/shm (run it where /dev/shm has 16 MB)."""

# needs: small-shm

# --8<-- [start:code]
from pathlib import Path

from torch.utils.data import DataLoader

LEFT_OVER = Path("/dev/shm/left_over")

if __name__ == "__main__":
    LEFT_OVER.write_bytes(bytes(16 * 2**20))
    loader = DataLoader(range(32), batch_size=8, num_workers=2)
    print(f"{len(list(loader))} batches")
# --8<-- [end:code]
