"""Items of a server that answers late: more workers, and threads that ask for a whole batch."""

import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial

from torch.utils.data import DataLoader

from snippets.experiments.network.arms import ANY, COUNTS, FEW, LIMITED_COUNTS, THREADED, at_once, one_by_one
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import endless, time_loader
from snippets.pages.read_over_a_network.at_once import Remote, RemoteAtOnce, serve

Counts = tuple[int, ...]

LATENCY, BATCH_SIZE, PLACES = 0.02, 8, 8
MANY = 1_000
"""More requests than any arm has on their way."""
SHORT, LONG = 1, 12
"""Batches of each worker that are timed: one by one, where a batch takes eight latencies, and at once, where it takes
one.
"""


@contextmanager
def server(latency: float, at_a_time: int) -> Iterator[int]:
    """Its port. It runs in a process of its own, so that it waits for no interpreter that loads."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(there, latency, at_a_time), daemon=True)
    process.start()
    there.close()  # else nobody would notice a server that ends before it has said anything
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def throughput(dataset: Remote, num_workers: int, turns: int) -> Sample:
    """A worker loads one batch ahead: the main process takes each at once."""
    ahead = 1 if num_workers else None
    loader = DataLoader(dataset, BATCH_SIZE, sampler=endless(dataset), num_workers=num_workers, prefetch_factor=ahead)
    return time_loader(loader, turns * max(1, num_workers))


@contextmanager
def arms(latency: float, places: int, counts: Counts, limited: Counts, threaded: Counts) -> Iterator[Mapping[str, Arm]]:
    with ExitStack() as stack:
        ports = {ANY: stack.enter_context(server(latency, MANY))}
        ports[FEW] = stack.enter_context(server(latency, places))
        runs: dict[str, Arm] = {}
        for name, some in ((ANY, counts), (FEW, limited)):
            for count in some:
                runs[one_by_one(count, name)] = partial(throughput, Remote(ports[name]), count, SHORT)
            for count in threaded:
                runs[at_once(count, name)] = partial(throughput, RemoteAtOnce(ports[name]), count, LONG)
        yield runs


def experiment(
    latency: float, places: int, counts: Counts, limited: Counts, threaded: Counts, rounds: int
) -> Experiment:
    """With workers of these `counts` that ask one by one, of the `limited` ones where the server answers as many
    requests at a time as it has `places`, and of the `threaded` ones that ask for a batch at once.
    """
    return Experiment(
        question="How does loading from a server that answers late scale with workers, and with threads in them?",
        unit="items/s",
        better="higher",
        headline="throughput",
        pitfalls=(
            "A sleep in the item, which no server limits; a server that waits for an interpreter that loads: this one "
            "does nothing but wait, in a process of its own; items of some bytes, so nothing is said of a network "
            "that is full."
        ),
        arms=partial(arms, latency, places, counts, limited, threaded),
        again=at_once(1),
        rounds=rounds,
        warmup=0,
        params={
            "latency": latency,
            "batch_size": BATCH_SIZE,
            "places": places,
            "counts": [*counts],
            "limited_counts": [*limited],
            "threaded": [*threaded],
        },
        any_start=True,
    )


EXPERIMENT = experiment(LATENCY, PLACES, COUNTS, LIMITED_COUNTS, THREADED, rounds=3)
