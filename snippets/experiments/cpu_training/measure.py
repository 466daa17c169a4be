"""A model that trains on the CPU, and workers that want the same cores."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

import torch
from torch.utils.data import DataLoader

from snippets.experiments.cpu_training.arms import arm, counts
from snippets.images.sets import PHOTOS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import endless, time_for
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCH_SIZE, SECONDS, PIXELS, UNITS = 8, 0.3, 3 * 56 * 56, 512


class Training:
    """Small photos into a perceptron with one hidden layer, by gradient descent."""

    def __init__(self) -> None:
        self.model = torch.nn.Sequential(
            torch.nn.Linear(PIXELS, UNITS), torch.nn.ReLU(), torch.nn.Linear(UNITS, UNITS), torch.nn.Linear(UNITS, 1)
        )
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=1e-4)

    def step(self, batch: torch.Tensor) -> None:
        pixels = batch[:, :, ::4, ::4].flatten(1).float() / 255
        for _ in range(2):
            self.optimizer.zero_grad()
            self.model(pixels).square().mean().backward()
            self.optimizer.step()


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    dataset = Photos(PHOTOS.folder)

    def per_batch(num_workers: int, threads: int) -> Sample:
        before = torch.get_num_threads()
        torch.set_num_threads(threads)
        loader = DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers)
        try:
            return time_for(loader, SECONDS, Training().step)
        finally:
            torch.set_num_threads(before)

    every = torch.get_num_threads()
    per_batch(0, 1)  # from now on the pages are warm
    yield {
        arm(count, threads): partial(per_batch, count, threads) for threads in (1, every) for count in counts(threads)
    }


EXPERIMENT = Experiment(
    question="How much do workers help where the model trains on the same cores?",
    unit="s",
    better="lower",
    headline="per_batch",
    pitfalls="A step that is short beside the loading: then there is little to compete for.",
    arms=arms,
    again=arm(0, 1),
    rounds=3,
    warmup=0,
    params={"batch_size": BATCH_SIZE, "seconds": SECONDS, "units": UNITS, "main_threads": torch.get_num_threads()},
    any_start=True,
)
