"""Photos through WebDataset: packed in tar files, read in sequence."""

# needs: webdataset
# prints: 624 photos through WebDataset

# --8<-- [start:code]
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
import webdataset
from PIL import Image


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def pack(paths, folder, shards=4):
    for shard in range(shards):
        with webdataset.TarWriter(f"{folder}/photos-{shard}.tar") as tar:
            for number, path in enumerate(paths[shard::shards]):
                tar.write({"__key__": f"{number}", "jpg": path.read_bytes()})


def from_bytes(jpeg):
    return load(BytesIO(jpeg))


def stacked(samples):
    return torch.stack([pixels for (pixels,) in samples])


def batches(paths, num_workers):
    with TemporaryDirectory() as folder:
        pack(paths, folder)
        dataset = (
            webdataset.WebDataset(
                f"{folder}/photos-{{0..3}}.tar", shardshuffle=4
            )
            .shuffle(100)
            .to_tuple("jpg")
            .map_tuple(from_bytes)
            .batched(32, collation_fn=stacked)
        )
        yield from webdataset.WebLoader(
            dataset, batch_size=None, num_workers=num_workers
        )


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through WebDataset")
# --8<-- [end:code]
