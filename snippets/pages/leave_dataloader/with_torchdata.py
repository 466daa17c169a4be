"""Photos through torchdata.nodes: threads load, no process does."""

# needs: torchdata
# prints: 624 photos through torchdata\.nodes

# --8<-- [start:code]
from pathlib import Path

import numpy as np
import torch
import torchdata.nodes as nodes
from PIL import Image
from torch.utils.data import RandomSampler


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def batches(paths, num_workers):
    node = nodes.SamplerWrapper(RandomSampler(paths))
    node = nodes.ParallelMapper(
        node,
        lambda index: load(paths[index]),
        num_workers=num_workers,
        method="thread",
    )
    node = nodes.Batcher(node, batch_size=32, drop_last=False)
    node = nodes.Mapper(node, torch.stack)
    return nodes.Loader(nodes.Prefetcher(node, prefetch_factor=4))


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through torchdata.nodes")
# --8<-- [end:code]
