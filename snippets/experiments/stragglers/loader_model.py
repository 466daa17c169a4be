"""The multi-process DataLoader of torch 2.13 as a model: who works when, and when each batch is there.

Read from `torch/utils/data/dataloader.py`. A batch waits (for a disk, a network) and then computes; what computes
shares the cores evenly. `simulate` moves from one end of a phase to the next.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Batch:
    """What one worker spends on a batch: seconds that use no core, then CPU-seconds."""

    wait: float
    compute: float = 0.0


@dataclass(frozen=True)
class Loader:
    """A DataLoader and who asks it. `receive`: CPU-seconds of the main process per batch; `step`: seconds after each
    batch, which use no core; `cores`: of the machine.
    """

    num_workers: int
    prefetch_factor: int = 2
    in_order: bool = True
    receive: float = 0.0
    step: float = 0.0
    cores: float = math.inf


@dataclass
class _Phase:
    kind: Literal["wait", "compute", "idle"]
    left: float = 0.0


Actor = Iterator[_Phase]


@dataclass
class _State:
    """As in `_MultiProcessingDataLoaderIter`: what is assigned, what has arrived, what lies in the stash."""

    batches: Sequence[Batch]
    loader: Loader
    queues: list[deque[int]]
    sent: int = 0
    worker: int = 0
    tasks: list[int] = field(default_factory=list)
    made_by: dict[int, int] = field(default_factory=dict)
    arrived: deque[int] = field(default_factory=deque)
    stash: set[int] = field(default_factory=set)

    def assign(self) -> None:
        """`_try_put_index`: the next batch to the next worker in turn; out of order, to the next with room."""
        if self.sent == len(self.batches):
            return
        for _ in self.queues:
            chosen = self.worker
            self.worker = (self.worker + 1) % len(self.queues)
            if self.loader.in_order or self.tasks[chosen] < self.loader.prefetch_factor:
                break
        else:
            return
        self.queues[chosen].append(self.sent)
        self.made_by[self.sent] = chosen
        self.tasks[chosen] += 1
        self.sent += 1

    def taken(self, batch: int) -> None:
        """`_process_data`: only what is given to the caller makes room for another batch."""
        self.tasks[self.made_by[batch]] -= 1
        self.assign()


def simulate(batches: Sequence[Batch], loader: Loader) -> list[float]:
    """Seconds after which each batch is given to the caller, in the order of giving; all workers begin at 0."""
    state = _State(batches, loader, [deque() for _ in range(loader.num_workers)], tasks=[0] * loader.num_workers)
    for _ in range(loader.prefetch_factor * loader.num_workers):
        state.assign()
    delivered: list[float] = []
    now = 0.0
    actors: list[Actor] = [_main(state, delivered, lambda: now), *(_worker(state, queue) for queue in state.queues)]
    phases = [_Phase("idle") for _ in actors]
    while len(delivered) < len(batches):
        _begin(actors, phases)
        computing = sum(phase.kind == "compute" for phase in phases)
        speed = {"wait": 1.0, "compute": min(1.0, loader.cores / computing) if computing else 1.0, "idle": 0.0}
        busy = [phase for phase in phases if phase.kind != "idle"]
        if not busy:
            break
        passed = min(phase.left / speed[phase.kind] for phase in busy)
        now += passed
        for phase in busy:
            phase.left -= passed * speed[phase.kind]
    return delivered


def _begin(actors: list[Actor], phases: list[_Phase]) -> None:
    """Let each actor whose phase is over begin its next one, until nobody can; who is idle looks again."""
    moved = True
    while moved:
        moved = False
        for number, actor in enumerate(actors):
            if phases[number].kind == "idle" or phases[number].left <= 1e-12:
                before = phases[number].kind
                phases[number] = next(actor, _Phase("idle"))
                moved |= before != "idle" or phases[number].kind != "idle"


def _worker(state: _State, queue: deque[int]) -> Actor:
    while True:
        while not queue:
            yield _Phase("idle")
        batch = queue.popleft()
        yield _Phase("wait", state.batches[batch].wait)
        yield _Phase("compute", state.batches[batch].compute)
        state.arrived.append(batch)


def _main(state: _State, delivered: list[float], now: Callable[[], float]) -> Actor:
    """`_next_data`, and the caller's step after it."""
    for number in range(len(state.batches)):
        while True:
            if number in state.stash:
                batch = number
                break
            while not state.arrived:
                yield _Phase("idle")
            batch = state.arrived.popleft()
            yield _Phase("compute", state.loader.receive)
            if batch == number or not state.loader.in_order:
                break
            state.stash.add(batch)
        state.taken(batch)
        delivered.append(now())
        yield _Phase("wait", state.loader.step)
