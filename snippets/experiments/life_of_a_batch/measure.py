"""The life of a batch, from the index list to the step: assigned, fetched, collated, waiting for its turn, received."""

import time
from collections.abc import Iterator

import torch
from torch.utils.data import BatchSampler, Dataset, SequentialSampler

from snippets.experiments.life_of_a_batch.arms import ARM
from snippets.lab.instruments.experiment import Experiment, Sample
from snippets.lab.instruments.trace import Recording, record

BATCHES, BATCH_SIZE, WORKERS = 12, 4, 3
ITEM_SECONDS, STEP_SECONDS = 0.008, 0.012
SLOW_BATCH, SLOW_ITEM_SECONDS = 4, 0.025


class Items(Dataset):
    """Each item is a wait; those of one batch are long ones."""

    def __len__(self) -> int:
        return BATCHES * BATCH_SIZE

    def __getitem__(self, index: int) -> torch.Tensor:
        time.sleep(SLOW_ITEM_SECONDS if index // BATCH_SIZE == SLOW_BATCH else ITEM_SECONDS)
        return torch.zeros(3, 32, 32)


class NotedBatches(BatchSampler):
    """Notes when the main process drew each batch's indices, which it does when it assigns them to a worker."""

    def __init__(self, dataset: Dataset) -> None:
        super().__init__(SequentialSampler(dataset), BATCH_SIZE, drop_last=False)  # pyrefly: ignore[bad-argument-type]
        self.drawn: list[float] = []

    def __iter__(self) -> Iterator[list[int]]:
        for indices in super().__iter__():
            self.drawn.append(time.perf_counter())
            yield indices


def step(batch: torch.Tensor) -> None:
    """A timed wait stands in for a GPU step. It uses no core; waiting for a GPU may keep one busy."""
    time.sleep(STEP_SECONDS)


def life() -> Sample:
    """Values: `total` in s, `most_assigned`, the most batches that were assigned and not yet given to the step, and
    `longest_ready`, the seconds for which one was collated and not yet given.

    The trace has a lane for each batch.
    """
    dataset = Items()
    noted = NotedBatches(dataset)
    told = record(1, dataset, step, batch_sampler=noted, num_workers=WORKERS)
    lanes = [_lane(told, batch, drawn) for batch, drawn in enumerate(noted.drawn)]
    # Main draws the next indices while it gives a batch away, so each question that was asked before is answered.
    asked = [asked for asked, _ in told.waits]
    most = max(number - sum(each < at for each in asked) for number, at in enumerate(noted.drawn, 1))
    collated = {span["batch"]: span["end"] for span in told.spans if span["role"] == "collate"}
    longest = max(got - collated[batch] for batch, (_, got) in enumerate(told.waits))
    values = {"total": told.ends[-1][1] - told.began, "most_assigned": float(most), "longest_ready": longest}
    return Sample(values, [span for lane in lanes for span in lane])


def _lane(told: Recording, batch: int, drawn: float) -> list[dict[str, object]]:
    """The batch's spans in seconds since the recording began: assigned, fetch, collate, ready, step."""
    own = {span["role"]: span for span in told.spans if span["batch"] == batch and span["role"] in ROLES}
    collated = own["collate"]["end"]
    got = told.waits[batch][1]
    times = [
        ("wait", drawn, own["fetch"]["start"]),
        ("fetch", own["fetch"]["start"], own["fetch"]["end"]),
        ("collate", own["collate"]["start"], collated),
        ("receive", collated, got),
        ("step", got, told.steps[batch][1]),
    ]
    lane = f"batch {batch}, worker {batch % WORKERS}"
    return [
        {"lane": lane, "role": role, "start": start - told.began, "end": max(start, end) - told.began, "batch": None}
        for role, start, end in times
    ]


ROLES = ("fetch", "collate")

EXPERIMENT = Experiment(
    question="What happens to a batch, from its indices to the step?",
    unit="s",
    better="lower",
    headline="total",
    pitfalls=(
        "Taking the moment at which a batch is collated for the one at which it has arrived: pickling, the pipe and "
        "the main process’s own step lie between them."
    ),
    arms={ARM: life},
    again=ARM,
    rounds=3,
    warmup=0,
    params={
        "batches": BATCHES,
        "batch_size": BATCH_SIZE,
        "workers": WORKERS,
        "item_seconds": ITEM_SECONDS,
        "slow_item_seconds": SLOW_ITEM_SECONDS,
        "step_seconds": STEP_SECONDS,
    },
)
