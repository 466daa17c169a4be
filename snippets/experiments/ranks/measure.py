"""Ranks on one machine, each with workers: what all of them load together."""

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.synchronize import Barrier
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.ranks.arms import CASES, arm
from snippets.images.sets import PHOTOS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import start_cheaply
from snippets.lab.instruments.timing import endless, time_for
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

BATCH_SIZE, SECONDS = 4, 0.3


def rank(dataset: Dataset, num_workers: int, together: Barrier, tell: Connection) -> None:
    """One of the processes of a training job: loads as long as the others do, and tells its samples/s, or its error."""
    try:
        start_cheaply(__name__)  # its workers: a fork server of the main process is not its own
        torch.set_num_threads(1)
        together.wait()
        timed = time_for(DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers), SECONDS)
        tell.send(BATCH_SIZE / timed.values["per_batch"])
    except Exception as error:
        tell.send(error)


def all_ranks(dataset: Dataset, ranks: int, num_workers: int) -> Sample:
    """Values: `throughput` of all ranks together in samples/s, and `slowest`, of the one that has least."""
    together = multiprocessing.Barrier(ranks)
    started: list[Any] = []
    waiting: dict[Any, Any] = {}
    told: list[float] = []
    try:
        for _ in range(ranks):
            hear, tell = multiprocessing.Pipe(duplex=False)
            process = multiprocessing.Process(target=rank, args=(dataset, num_workers, together, tell))
            process.start()
            tell.close()  # so that it closes with the rank
            started.append(process)
            waiting[hear] = process
        while waiting:
            told += [rate_of(waiting.pop(hear), hear) for hear in wait([*waiting])]
    except BaseException:  # the others would wait for a rank that is gone
        for process in started:
            process.kill()
        raise
    finally:
        for process in started:
            process.join()
    return Sample({"throughput": sum(told), "slowest": min(told)})


def rate_of(process: Any, hear: Any) -> float:
    """What a rank told; raises its error, or RuntimeError where it ended without a word."""
    try:
        told = hear.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"a rank ended with exit code {process.exitcode}") from None
    if isinstance(told, Exception):
        raise told
    return told


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    dataset = Photos(PHOTOS.folder)
    all_ranks(dataset, 1, 0)  # from now on the pages are warm
    yield {arm(*case): partial(all_ranks, dataset, *case) for case in CASES}


EXPERIMENT = Experiment(
    question="Ranks on one machine: what do all of them load together, with more workers in each?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls="Ranks that begin at different times, and so are measured alone for a part of theirs.",
    arms=arms,
    again=arm(2, 1),
    rounds=3,
    warmup=0,
    params={"batch_size": BATCH_SIZE, "seconds": SECONDS},
    any_start=True,
)
