"""Loaders on a clock that goes on only while somebody works: workers that share cores make batches, in order, each with
a queue of batches that it was asked for, as torch's are; the main process waits for them, and steps.

The loader's model computes whole epochs from their costs; here the code under test asks for each batch, and several
loaders run at once. What it does not prove: what handing over, memory or other programs cost. The experiments measure
that.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

PREFETCH = 2


RESTED = 0.05
"""Seconds without a step, after which a GPU has slowed down."""


class World:
    """`now`: seconds. A step is a GPU's: it uses no core. `rested`: seconds that one takes after a rest; as long as any
    other, if nothing is said.
    """

    def __init__(self, cores: int, rested: float = 0.0) -> None:
        self.cores, self.now, self.running = cores, 0.0, list[Workers]()
        self.rested, self.stepped = rested, 0.0

    def perf_counter(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        end = self.now + seconds
        self.go_on(lambda: self.now >= end - 1e-12, end)

    def step(self, seconds: float) -> None:
        self.sleep(max(seconds, self.rested) if self.now - self.stepped > RESTED else seconds)
        self.stepped = self.now

    def go_on(self, is_done: Callable[[], bool], end: float = math.inf) -> None:
        """Until that is so, or until the time `end`. The cores are shared among all that are at work."""
        while not is_done():
            busy = [(each, number) for each in self.running for number, left in each.making.items() if left > 0]
            share = min(1.0, self.cores / len(busy)) if busy else 1.0
            until = min([end - self.now, *(each.making[number] / share for each, number in busy)])
            assert until < math.inf, "nobody works, and somebody waits"
            self.now += until
            for each, number in busy:
                each.work(number, until * share)


class Workers:
    """One iteration over a loader, of `epoch` batches that one process makes in `batch` seconds each."""

    def __init__(self, world: World, count: int, batch: float, epoch: float = math.inf) -> None:
        self.world, self.count, self.batch, self.epoch = world, count, batch, epoch
        self.asked = self.taken = 0
        self.queues: list[list[int]] = [[] for _ in range(count)]
        self.making: dict[int, float] = {}
        self.at: dict[int, int] = {}
        self.ready = set[int]()
        if count:
            world.running.append(self)
        for _ in range(PREFETCH * count):
            self.ask()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        if self.taken >= self.epoch:
            self.close()
            raise StopIteration
        number = self.taken
        if self.count:
            self.world.go_on(lambda: number in self.ready)
            self.ready.remove(number)
            self.ask()
        else:
            self.world.sleep(self.batch)
        self.taken += 1
        return number

    def ask(self) -> None:
        if self.asked < self.epoch:
            self.queues[self.asked % self.count].append(self.asked)
            self.begin(self.asked % self.count)
            self.asked += 1

    def begin(self, worker: int) -> None:
        if self.making.get(worker, 0.0) <= 0 and self.queues[worker]:
            self.at[worker], self.making[worker] = self.queues[worker].pop(0), self.batch

    def work(self, worker: int, seconds: float) -> None:
        self.making[worker] -= seconds
        if self.making[worker] <= 1e-9:
            self.making[worker] = 0.0
            self.ready.add(self.at[worker])
            self.begin(worker)

    def close(self) -> None:
        if self in self.world.running:
            self.world.running.remove(self)


class Loader:
    """What iterates over it anew has workers of its own, and those of before are gone."""

    prefetch_factor, timeout, _iterator = PREFETCH, 0, None

    def __init__(self, world: World, batch: float, num_workers: int = 0, epoch: int = 5000) -> None:
        self.world, self.batch, self.num_workers, self.epoch = world, batch, num_workers, epoch

    def __len__(self) -> int:
        return self.epoch

    def __iter__(self) -> Iterator[int]:
        for each in [*self.world.running]:
            each.close()
        return Workers(self.world, self.num_workers, self.batch, self.epoch)


def pace(cores: int, batch: float, step: float, count: int) -> float:
    """Seconds per batch and step in the steady state."""
    return max(step, batch / min(count, cores)) if count else batch + step
