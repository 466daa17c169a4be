"""What a loader costs, as its model asks for it: read off steps without workers, and off batches of one worker.

The worker notes when it began and made each batch, by the clock of the machine and by that of its thread. What its
process computes beyond that, it computes to send.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import mean, median
from typing import Any, NamedTuple

from torch.utils.data import DataLoader, Dataset, IterableDataset, default_collate

from snippets.experiments.varied_workloads import Workload
from snippets.lab.loader_model import Batch, Loader


class Note(NamedTuple):
    """When a batch was begun and made, in seconds: by the machine's clock, by the thread's, by the process's."""

    began: float
    began_cpu: float
    made: float
    made_cpu: float
    process_cpu: float


READY = 8
"""Batches that are received while as many more are ahead, unless they take far longer than the others."""

_began: tuple[float, float] | None = None


def _begin() -> None:
    """Where a batch has no beginning yet, it is now."""
    global _began
    _began = _began or (time.perf_counter(), time.thread_time())


class NotedItems(Dataset):
    def __init__(self, dataset: Any) -> None:
        self.dataset = dataset

    def __getitems__(self, indices: list[int]) -> list[Any]:
        _begin()
        together = getattr(self.dataset, "__getitems__", None)
        return together(indices) if together else [self.dataset[index] for index in indices]


class NotedStream(IterableDataset):
    def __init__(self, dataset: Any) -> None:
        self.dataset = dataset

    def __iter__(self) -> Iterator[Any]:
        items = iter(self.dataset)
        while True:
            _begin()
            yield next(items)


class NotedCollate:
    """Gives each batch with its note."""

    def __init__(self, collate: Callable[[list[Any]], Any]) -> None:
        self.collate = collate

    def __call__(self, items: list[Any]) -> tuple[Any, Note]:
        global _began
        batch = self.collate(items)
        assert _began
        note = Note(*_began, time.perf_counter(), time.thread_time(), time.process_time())
        _began = None
        return batch, note


@dataclass(frozen=True)
class Costs:
    """`batches`: each as a worker made it. `loader`: all else, with one worker."""

    batches: list[Batch]
    loader: Loader


def calibrated(workload: Workload, indices: list[list[int]], steps: int, cores: float) -> Costs:
    """Loads the batches of these indices with one worker, and so many of them without, to time the steps alone.

    To a batch belongs what its worker needs to turn to the next one, the least time between two. Raises StatisticsError
    where no batch lay ready when it was to be received.
    """
    step = _step(workload, indices[:steps])
    asked = time.perf_counter()
    loading = iter(noted(workload, indices, 1))
    start, asked = time.perf_counter() - asked, time.perf_counter()
    notes, taken = list[Note](), list[float]()
    for _ in indices:
        batch, note = next(loading)
        taken.append(time.perf_counter())
        notes.append(note)
        workload.step(batch)
    send = _sending(notes)
    receive = _receiving(workload, indices, mean(note.made - note.began for note in notes), send)
    begin = max(0.0, notes[0].began - asked)
    turn = _turn(notes, taken)
    batches = [_batch(turn + note.made - note.began, note.made_cpu - note.began_cpu) for note in notes]
    return Costs(batches, replace(step, send=send, receive=receive, start=start, begin=begin, cores=cores))


def noted(
    workload: Workload, indices: list[list[int]], num_workers: int, prefetch_factor: int | None = None
) -> DataLoader:
    """A loader of these batches, each with its note; of a stream, of as many as are asked for."""
    collate = NotedCollate(workload.collate or default_collate)
    settings: dict[str, Any] = {
        "num_workers": num_workers,
        "prefetch_factor": prefetch_factor,
        "collate_fn": collate,
    }
    if isinstance(workload.dataset, IterableDataset):
        stream = NotedStream(workload.dataset)
        return DataLoader(stream, workload.batch_size, **settings)
    items = NotedItems(workload.dataset)
    return DataLoader(items, batch_sampler=indices, **settings)


def _receiving(workload: Workload, indices: list[list[int]], made_in: float, send: float) -> float:
    """Seconds to receive a batch that lies ready, from a worker that goes on. A worker that has long been idle, and a
    main process that has, take up to twice as long: they wake from a deeper sleep.
    """
    loading = iter(noted(workload, indices, 1, 2 * READY))
    next(loading)  # from now on its worker runs
    time.sleep(2 * READY * (made_in + send))
    waits = []
    for _ in indices[1:READY]:
        asked = time.perf_counter()
        batch, note = next(loading)
        if note.made + send <= asked:
            waits.append(time.perf_counter() - asked)
        workload.step(batch)
    return median(waits)


def _sending(notes: list[Note]) -> float:
    """CPU-seconds per batch of the worker's other threads."""
    first, last = notes[0], notes[-1]
    computed = last.process_cpu - first.process_cpu - (last.made_cpu - first.made_cpu)
    return max(0.0, computed / (len(notes) - 1))


def _turn(notes: list[Note], got: list[float]) -> float:
    """Seconds from one batch that is made to the next that is begun, where that one was assigned before: when the main
    process got the batch before the two. Where it never was, those between the first two, which are assigned at once.
    """
    turns = [
        after.began - before.made
        for at, before, after in zip(got, notes[1:], notes[2:], strict=False)
        if at < before.made
    ]
    return mean(turns or [notes[1].began - notes[0].made])


def _step(workload: Workload, indices: list[list[int]]) -> Loader:
    """What a step takes, and how much of it is computing. One on several cores counts as if it were on one."""
    seconds, computing = [], []
    loading = iter(noted(workload, indices, 0))
    for _ in indices:
        batch, _ = next(loading)
        spent, began = time.process_time(), time.perf_counter()
        workload.step(batch)
        seconds.append(time.perf_counter() - began)
        computing.append(time.process_time() - spent)
    step = mean(seconds)
    step_compute = min(step, mean(computing))
    return Loader(1, step=step - step_compute, step_compute=step_compute)


def _batch(seconds: float, computed: float) -> Batch:
    computed = min(seconds, computed)
    return Batch(seconds - computed, computed)
