"""The DataLoader of torch 2.13 as a model: who works when, when each batch is there, and how many workers are enough.

Read from `torch/utils/data/dataloader.py`. A batch waits (for a disk, a network) and then computes; what computes
shares the cores evenly. A worker makes batches in one thread and sends them in another, while it makes the next; what
computes in one process shares a core, for its interpreter has one lock. `simulate` moves from one end of a phase to the
next. `limit` is what follows from it in steady state, where all batches cost the same.
"""

import math
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal


@dataclass(frozen=True)
class Batch:
    """What one worker spends on a batch: seconds that use no core, then CPU-seconds."""

    wait: float
    compute: float = 0.0


@dataclass(frozen=True)
class Loader:
    """A DataLoader and who asks it.

    `send`, `receive`: CPU-seconds of a worker's sending thread and of the main process per batch. `step`: seconds
    after each batch, which use no core; `step_compute`: CPU-seconds after that. `cores`: of the machine. `start`:
    seconds in which the main process starts one worker, one after the other, before it assigns a batch; `begin`:
    CPU-seconds of each new worker before its first batch, for its imports. Without workers the main process makes each
    batch itself when it is asked for, and nothing is handed over.
    """

    num_workers: int
    prefetch_factor: int = 2
    in_order: bool = True
    receive: float = 0.0
    step: float = 0.0
    cores: float = math.inf
    send: float = 0.0
    step_compute: float = 0.0
    start: float = 0.0
    begin: float = 0.0


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
    made: list[deque[int]] = field(default_factory=list)
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
    """Seconds after which each batch is given to the caller, in the order of giving. At 0 the first is asked for."""
    workers = range(loader.num_workers)
    queues, made = ([deque[int]() for _ in workers] for _ in range(2))
    state = _State(batches, loader, queues, tasks=[0 for _ in workers], made=made)
    delivered: list[float] = []
    now = 0.0
    main = _main(state) if loader.num_workers else _alone(state)
    making, sending = ([run(state, number) for number in workers] for run in (_worker, _sending))
    actors: list[Actor] = [_giving(main, state, delivered, lambda: now), *making, *sending]
    processes = ["main", *workers, *workers]
    phases = [_Phase("idle") for _ in actors]
    while len(delivered) < len(batches):
        _begin(actors, phases)
        computing = Counter(
            process for process, phase in zip(processes, phases, strict=True) if phase.kind == "compute"
        )
        share = min(1.0, loader.cores / len(computing)) if computing else 1.0
        speeds = [
            share / computing[process] if phase.kind == "compute" else 1.0
            for process, phase in zip(processes, phases, strict=True)
        ]
        busy = [(phase, speed) for phase, speed in zip(phases, speeds, strict=True) if phase.kind != "idle"]
        if not busy:
            break
        passed = min(phase.left / speed for phase, speed in busy)
        now += passed
        for phase, speed in busy:
            phase.left -= passed * speed
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


def _worker(state: _State, number: int) -> Actor:
    loader, queue = state.loader, state.queues[number]
    yield _Phase("wait", loader.start * (number + 1))
    yield _Phase("compute", loader.begin)
    while True:
        while not queue:
            yield _Phase("idle")
        batch = queue.popleft()
        yield _Phase("wait", state.batches[batch].wait)
        yield _Phase("compute", state.batches[batch].compute)
        state.made[number].append(batch)


def _sending(state: _State, number: int) -> Actor:
    """The thread of a worker that pickles what is made, and writes it into the pipe."""
    made = state.made[number]
    while True:
        while not made:
            yield _Phase("idle")
        batch = made.popleft()
        yield _Phase("compute", state.loader.send)
        state.arrived.append(batch)


def _giving(getting: Iterator[_Phase | int], state: _State, delivered: list[float], now: Callable[[], float]) -> Actor:
    """The main process: gets each batch, and takes the caller's step after it."""
    for each in getting:
        if isinstance(each, _Phase):
            yield each
        else:
            delivered.append(now())
            yield _Phase("wait", state.loader.step)
            yield _Phase("compute", state.loader.step_compute)


def _alone(state: _State) -> Iterator[_Phase | int]:
    """`_SingleProcessDataLoaderIter._next_data`. Yields what it does, and the number of each batch when it has it."""
    for number, batch in enumerate(state.batches):
        yield _Phase("wait", batch.wait)
        yield _Phase("compute", batch.compute)
        yield number


def _main(state: _State) -> Iterator[_Phase | int]:
    """`_MultiProcessingDataLoaderIter._next_data`. Yields what it does, and the number of each batch when it has it."""
    yield _Phase("wait", state.loader.start * state.loader.num_workers)
    for _ in range(state.loader.prefetch_factor * state.loader.num_workers):
        state.assign()
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
        yield batch


def limit(batch: Batch, loader: Loader) -> float:
    """Batches per second that come at most, once the workers run: what the narrowest place lets through, of the main
    process, the workers and the cores. Where all batches cost the same, they come as fast, unless workers that wait
    together then compute together.
    """
    step = loader.step + loader.step_compute
    if loader.num_workers == 0:
        return _per_second(batch.wait + batch.compute + step)
    computing = batch.compute + loader.send + loader.receive + loader.step_compute
    return min(
        _per_second(loader.receive + step),
        _per_second((batch.compute + max(batch.wait, loader.send)) / loader.num_workers),
        _per_second(computing / loader.cores),
    )


def _per_second(seconds: float) -> float:
    return 1 / seconds if seconds else math.inf


def enough(batch: Batch, loader: Loader, most: int, slack: float = 0.02) -> int:
    """The smallest number of workers, of 0 to `most`, whose limit is within `slack` of the highest one."""
    limits = [limit(batch, replace(loader, num_workers=count)) for count in range(most + 1)]
    return next(count for count, each in enumerate(limits) if each >= (1 - slack) * max(limits))
