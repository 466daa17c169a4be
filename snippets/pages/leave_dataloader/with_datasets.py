"""Photos through Hugging Face datasets: one Arrow file, mapped."""

# needs: datasets
# prints: (?:Generating train split: .+\n)*624 photos through datasets

# --8<-- [start:code]
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from datasets import Dataset
from PIL import Image
from torch.utils.data import DataLoader


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def jpegs(paths):
    for path in paths:
        yield {"jpeg": path.read_bytes()}


def from_bytes(rows):
    return {"pixels": [load(BytesIO(jpeg)) for jpeg in rows["jpeg"]]}


def batches(paths, num_workers):
    with TemporaryDirectory(ignore_cleanup_errors=True) as cache:
        dataset = Dataset.from_generator(
            jpegs, gen_kwargs={"paths": paths}, cache_dir=cache
        ).with_transform(from_bytes)
        for batch in DataLoader(
            dataset, batch_size=32, shuffle=True, num_workers=num_workers
        ):
            yield batch["pixels"]


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through datasets")
# --8<-- [end:code]
