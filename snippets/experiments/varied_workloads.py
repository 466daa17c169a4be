"""Workloads on which a rule or a prediction may break: a dataset, a loader and a step each."""

import json
import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset, IterableDataset, TensorDataset, get_worker_info

from snippets.experiments.workloads import WAIT_SECONDS, DistantPhotos
from snippets.images.sets import PHOTOS, SPRITES
from snippets.lab.instruments.timing import endless
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos
from snippets.pages.optimization_guide.when_not_to_use import features, targets

ITEMS = 4096
LARGE_SIDE, PIECES = 1024, 30
"""Pixels along each side of a large item, which has 3 float32 channels (12.6 MB), and tensors of an item of many."""
TAIL = 1.0
"""Standard deviation of the logarithm of the waits with a long tail: one in twenty is five times the middle one."""


class Items(Dataset):
    """Made from their index, so that they are the same in every process."""

    def __len__(self) -> int:
        return ITEMS

    def __getitem__(self, index: int) -> Any:
        raise NotImplementedError


class LongTail(Items):
    def __getitem__(self, index: int) -> torch.Tensor:
        time.sleep(WAIT_SECONDS / 2 * math.exp(TAIL * np.random.default_rng(index).standard_normal()))
        return torch.zeros(32, 32)


class TwoCosts(Items):
    """One in eight is ten times as slow."""

    def __getitem__(self, index: int) -> torch.Tensor:
        time.sleep(WAIT_SECONDS / 4 * (10 if np.random.default_rng(index).integers(8) == 0 else 1))
        return torch.zeros(32, 32)


class FetchedTogether(Items):
    """The loader asks once for a whole batch: one request, whose answer grows little with its size."""

    def __getitems__(self, indices: list[int]) -> list[torch.Tensor]:
        time.sleep(4 * WAIT_SECONDS + WAIT_SECONDS / 20 * len(indices))
        return [torch.full((3, 32, 32), index % 256, dtype=torch.uint8) for index in indices]


class SmallSprites(Dataset):
    def __init__(self, folder: Path) -> None:
        self.paths = sorted(folder.rglob("*.png"))

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: int) -> torch.Tensor:
        with Image.open(self.paths[index]) as file:
            return torch.from_numpy(np.array(file.convert("RGB"))).permute(2, 0, 1)


class LargePhotos(Photos):
    """At twice the side that the guide's photos have."""

    def transform(self, image: Image.Image) -> Image.Image:
        return super().transform(image).resize((448, 448), Image.Resampling.BICUBIC)


class Texts(Items):
    """Sentences of very different lengths, split and looked up word by word."""

    words = [f"word{number}" for number in range(500)]
    tokens = {word: number for number, word in enumerate(words)}

    def __getitem__(self, index: int) -> torch.Tensor:
        chance = np.random.default_rng(index)
        picked = chance.integers(len(self.words), size=int(chance.integers(10, 400)))
        text = " ".join(self.words[number] for number in picked)
        return torch.tensor([self.tokens[word] for word in text.split()])


class Sounds(Items):
    """A second of noise at 16 kHz, as its spectrum and back, twice as fast."""

    def __getitem__(self, index: int) -> torch.Tensor:
        sound = np.random.default_rng(index).standard_normal(16_000, dtype=np.float32)
        return torch.from_numpy(np.fft.irfft(np.fft.rfft(sound)[:4_001]).astype(np.float32))


class Objects(Items):
    """No tensor in it: all of it is pickled."""

    def __getitem__(self, index: int) -> dict[str, Any]:
        boxes = [{"label": f"thing {box}", "corners": [index, box, index + box, 2 * box]} for box in range(20)]
        return {"name": f"image {index}", "boxes": boxes, "tags": [f"tag {tag}" for tag in range(20)]}


class Stream(IterableDataset):
    """Lines without end, parsed one by one. Each worker has its own."""

    def __iter__(self) -> Iterator[torch.Tensor]:
        worker = get_worker_info()
        number, step = (worker.id, worker.num_workers) if worker else (0, 1)
        while True:
            line = json.dumps([number + place / 7 for place in range(200)])
            yield torch.tensor(json.loads(line))
            number += step


class LargeItems(Items):
    """Made in one pass over memory that the process has already. A worker copies each into fresh shared memory."""

    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.full((3, LARGE_SIDE, LARGE_SIDE), float(index))


class ManyTensors(Items):
    """Each tensor of a batch is handed over by itself."""

    def __getitem__(self, index: int) -> list[torch.Tensor]:
        return [torch.full((8,), float(index)) for _ in range(PIECES)]


class Cheap(Items):
    def __getitem__(self, index: int) -> torch.Tensor:
        return torch.full((256,), float(index))


def as_they_are(items: list[Any]) -> Any:
    """Nothing is stacked; of a batch of one the item itself."""
    return items[0] if len(items) == 1 else items


def padded(texts: list[torch.Tensor]) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence(texts, batch_first=True)


def wait(seconds: float, batch: Any) -> None:
    """As a GPU's step: it leaves every core to the workers."""
    time.sleep(seconds)


def compute(products: int, side: int, batch: Any) -> None:
    """So many products of matrices, on as many cores as torch has threads in this process."""
    matrix = torch.ones(side, side)
    for _ in range(products):
        torch.mm(matrix, matrix)


@dataclass(frozen=True)
class Workload:
    """What is loaded, and what is done with each batch. `threads` of torch in the main process: None leaves them as
    they are. `whole_epochs`: an epoch ends, and the next one starts its workers anew; else it never ends.
    """

    make_dataset: Callable[[], Dataset]
    batch_size: int
    step: Callable[[Any], None]
    collate: Callable[[list[Any]], Any] | None = None
    threads: int | None = None
    whole_epochs: bool = False

    @cached_property
    def dataset(self) -> Dataset:
        return self.make_dataset()

    def loader(self, num_workers: int) -> DataLoader:
        stays = self.whole_epochs or isinstance(self.dataset, IterableDataset)
        sampler = None if stays else endless(self.dataset)
        return DataLoader(
            self.dataset, self.batch_size, sampler=sampler, num_workers=num_workers, collate_fn=self.collate
        )

    @contextmanager
    def in_main(self) -> Iterator[None]:
        """Inside the block torch has as many threads as the step of this workload uses."""
        before = torch.get_num_threads()
        torch.set_num_threads(self.threads or before)
        try:
            yield
        finally:
            torch.set_num_threads(before)


guide_photos = partial(Photos, PHOTOS.folder)

WORKLOADS = {
    "photos": Workload(guide_photos, 2, partial(wait, 0.004)),
    "large photos": Workload(partial(LargePhotos, PHOTOS.folder), 1, partial(wait, 0.005)),
    "sprites": Workload(partial(SmallSprites, SPRITES.folder), 16, partial(wait, 0.003)),
    "waits": Workload(partial(SlowSprites, delay=WAIT_SECONDS), 4, partial(wait, 0.003)),
    "long tail": Workload(LongTail, 4, partial(wait, 0.002)),
    "two costs": Workload(TwoCosts, 4, partial(wait, 0.001)),
    "distant photos": Workload(partial(DistantPhotos, PHOTOS.folder), 2, partial(wait, 0.004)),
    "fetched together": Workload(FetchedTogether, 16, partial(wait, 0.003)),
    "texts": Workload(Texts, 32, partial(wait, 0.003), padded),
    "sounds": Workload(Sounds, 8, partial(wait, 0.003)),
    "objects": Workload(Objects, 32, partial(wait, 0.003), as_they_are),
    "stream": Workload(Stream, 16, partial(wait, 0.002)),
    "rows": Workload(partial(TensorDataset, features, targets), 512, partial(wait, 0.004)),
    "large items": Workload(LargeItems, 1, partial(wait, 0.001), as_they_are),
    "many tensors": Workload(ManyTensors, 8, partial(wait, 0.003)),
    "single items": Workload(Cheap, 1, partial(wait, 0.0005), as_they_are),
    "short epochs": Workload(partial(SlowSprites, 32, WAIT_SECONDS / 4), 4, partial(wait, 0.001), whole_epochs=True),
    "step on a core": Workload(guide_photos, 2, partial(compute, 16, 256), threads=1),
    "step on all cores": Workload(guide_photos, 2, partial(compute, 3, 512)),
}
"""By name, as arms are named. Batches are small and steps short, so that a run has many."""
