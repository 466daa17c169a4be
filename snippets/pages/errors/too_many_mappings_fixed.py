"""A copy of a tensor is ordinary memory: no mapping stays."""

# needs: map-limit

# --8<-- [start:code]
import mmap
from pathlib import Path

import torch
from torch.utils.data import DataLoader, Dataset

LIMIT = int(Path("/proc/sys/vm/max_map_count").read_text())


class Boxes(Dataset):
    def __len__(self):
        return 16

    def __getitem__(self, index):
        return [torch.zeros(4) for _ in range(500)]


def use_up(mappings):
    page = mmap.PAGESIZE
    block = mmap.mmap(-1, mappings * page, mmap.MAP_PRIVATE, mmap.PROT_READ)
    block.madvise(mmap.MADV_DONTFORK)
    for start in range(0, len(block), 2 * page):
        block.madvise(mmap.MADV_DONTDUMP, start, page)
    return block


if __name__ == "__main__":
    torch.multiprocessing.set_sharing_strategy("file_system")
    block = use_up(LIMIT - 4_000)
    kept = []
    for boxes in DataLoader(Boxes(), batch_size=None, num_workers=1):
        kept.append([box.clone() for box in boxes])
    print(f"kept {len(kept)} lists of 500 tensors")
# --8<-- [end:code]
