"""Photos through Ray Data: tasks on this machine, or on many."""

# needs: ray

# --8<-- [start:code]
import os
from pathlib import Path

import numpy as np
import ray
import torch
from PIL import Image


def load(source):
    with Image.open(source) as file:
        image = file.convert("RGB").resize((224, 224))
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def batches(paths, num_workers):
    def loaded(rows):
        pixels = [load(path).numpy() for path in rows["item"]]
        return {"pixels": np.stack(pixels)}

    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    with ray.init(num_cpus=num_workers, include_dashboard=False):
        absolute = [str(path.absolute()) for path in paths]
        dataset = ray.data.from_items(absolute, override_num_blocks=20)
        dataset = dataset.random_shuffle().map_batches(loaded, batch_size=32)
        for batch in dataset.iter_batches(batch_size=32, prefetch_batches=4):
            yield torch.tensor(batch["pixels"])


if __name__ == "__main__":
    paths = sorted(Path("images/photos").rglob("*.jpg"))
    loaded = sum(len(batch) for batch in batches(paths, num_workers=2))
    print(f"{loaded} photos through Ray Data")
# --8<-- [end:code]
