"""Photos through SPDL: a pipeline of threads."""

# needs: spdl
# prints: 624 photos through SPDL

# --8<-- [start:code]
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from spdl.pipeline import PipelineBuilder
from torch.utils.data import RandomSampler


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def batches(paths, num_workers):
    pipeline = (
        PipelineBuilder()
        .add_source(RandomSampler(paths))
        .pipe(lambda index: load(paths[index]), concurrency=num_workers)
        .aggregate(32)
        .pipe(torch.stack)
        .add_sink(4)
        .build(num_threads=num_workers, max_failures=0)
    )
    with pipeline.auto_stop():
        yield from pipeline


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through SPDL")
# --8<-- [end:code]
