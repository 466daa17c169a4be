"""Which num_workers suits your DataLoader, your step and this machine: real loaders race, within a limit of time.

    python tune_num_workers.py mymodule:make_loader --step mymodule:step --seconds 60
    torchrun --nproc-per-node 8 tune_num_workers.py mymodule:make_loader --step mymodule:step

`make_loader(num_workers)` gives the DataLoader of your training with that many workers. `step(batch)` does what your
loop does with a batch; without it, loading alone is raced. From Python: `tune(make_loader, step)`.

It exits with 0 where the answer is certain, 3 where it is the best guess at most (0 under torchrun, which would take
that for a failure), and 2 where you have to change something first. It needs Python 3.11, torch 2.6 and nothing else.
"""

import argparse
import ast
import gc
import importlib
import inspect
import json
import math
import multiprocessing
import os
import pickle
import random
import re
import signal
import sys
import textwrap
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import islice
from operator import length_hint
from pathlib import Path
from statistics import mean, median
from types import ModuleType
from typing import Any

import torch
from torch import distributed
from torch.utils.data import DataLoader, IterableDataset

SAME = 0.02  # The answer is the smallest count that is so close to the fastest one.
SETTLED, CERTAIN = 0.01, 0.05  # The race ends where the answer loses so little; it is certain where it loses no more.
DOUBT = 0.005  # How often an end of an interval may lie on the wrong side.
ROUNDS = math.ceil(-math.log2(DOUBT))  # In fewer, a count that won all of them may have been lucky.
FULL = 0.9  # Of a limit of memory, this share is used at most.
KEPT = 0.25  # Of it, the batches that one worker has made take no more, until steps have run on them.
MOST_RACED, FEWEST_BATCHES = 8, 8
SPREAD = 1.5  # Where the slowest batch of twenty takes more of the median than this, batches differ.
SIMULATOR, LONGEST_SIMULATED, SLOWEST_SIMULATED = "explanation/simulator/", 200, 1000.0
FEW_PARTS = 20  # Of what a dataset holds, so many parts of each are asked where they come from.
TORCH = Path(torch.__file__).parent
END = object()
Ask = Callable[[int], float]


class TuneError(Exception):
    """What you have to change before anything can be measured, in one line."""


class Stop(BaseException):
    """The time is over, or somebody wants this process to end."""


@dataclass(frozen=True)
class Clocks:
    """Seconds per batch. `batch`: of one worker, which spends `compute` CPU-seconds on making it and `send` on handing
    it over; `receive`: CPU-seconds of the main process; `alone`: without workers; `step_compute`: CPU-seconds of a
    step. `spread`: the slowest batch of twenty over the median. `start`: of one worker. `bytes`, `tensors`: of a batch.
    """

    batch: float
    compute: float
    send: float
    receive: float
    spread: float
    start: float
    bytes: int
    tensors: int
    alone: float = 0.0
    step: float = 0.0
    step_compute: float = 0.0


@dataclass(frozen=True)
class Raced:
    """A count of workers: seconds per batch and step, how much slower that is than the fastest count (as a share: the
    median of the rounds, and its interval), seconds until the first batch, and bytes of all its workers (0: unknown).
    """

    seconds: float
    slower: float
    low: float
    high: float
    start: float
    pss: float
    uss: float


@dataclass(frozen=True)
class Tuned:
    """The answer, which is the best guess where it is not `certain`, for the reason `why`. `regret`: the share by which
    it may be slower than the best count. `pays_from`: batches of an epoch. `limits`: `cores`, bytes of `ram` and of
    `shm`, each of one rank, and `inf` where this system does not tell. Clocks that were not read are 0.
    """

    num_workers: int | None
    certain: bool
    why: str
    regret: float
    fastest: int | None
    raced: dict[int, Raced]
    binds: str
    pays_from: float | None
    arguments: str
    notes: tuple[str, ...]
    clocks: Clocks
    limits: dict[str, float]
    setting: dict[str, Any]


# The machine. `root` is another place for its files than /.


def usable_cores(ranks: int = 1, root: Path = Path("/")) -> float:
    """The tighter of affinity and quota, divided among the ranks as far as the launcher has not divided it."""
    own, launcher = os.cpu_count() or 1, os.cpu_count() or 1
    if sys.platform == "linux":
        own, launcher = len(os.sched_getaffinity(0)), len(os.sched_getaffinity(os.getppid()))
    quotas = []
    for version, folder in control_groups(root, "cpu"):
        names = ["cpu.max"] if version == 2 else ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
        quota, _, period = " ".join(text_of(folder / name) for name in names).partition(" ")
        if quota.isdigit():
            quotas.append(int(quota) / int(period))
    return min(own, min([launcher, *quotas]) / ranks)


def control_groups(root: Path, kind: str) -> Iterator[tuple[int, Path]]:
    """The groups that limit this process, from its own one up: their version, and their folder."""
    for line in text_of(root / "proc/self/cgroup").splitlines():
        _, kinds, group = line.split(":", 2)
        if not kinds or kind in kinds.split(","):
            top = root / "sys/fs/cgroup" / (kind if kinds else "")
            folder = top / group.strip("/")
            yield from ((1 if kinds else 2, each) for each in (folder, *folder.parents) if each.is_relative_to(top))


def free_memory(root: Path = Path("/")) -> float:
    """Bytes that this machine and its control groups still give, for the copies of files that they can drop."""
    found = re.search(r"MemAvailable: +(\d+)", text_of(root / "proc/meminfo"))
    free = [1024.0 * int(found[1])] if found else []
    for version, folder in control_groups(root, "memory"):
        names = ("max", "current") if version == 2 else ("limit_in_bytes", "usage_in_bytes")
        most, used = (text_of(folder / f"memory.{name}") for name in names)
        total = "total_" if version == 1 else ""
        files = re.findall(rf"(?m)^{total}(?:in)?active_file (\d+)$", text_of(folder / "memory.stat"))
        free += [float(most) - float(used) + sum(map(float, files))] if most.isdigit() and used.isdigit() else []
    return min(free, default=math.inf)


def free_shared_memory() -> float:
    """Bytes of /dev/shm, through which workers hand tensors over on Linux."""
    if sys.platform != "linux" or not os.path.isdir("/dev/shm"):
        return math.inf
    there = os.statvfs("/dev/shm")  # type: ignore  (POSIX)
    return float(there.f_bavail * there.f_frsize)


def memory_of(process: int, root: Path = Path("/")) -> tuple[float, float]:
    """PSS and USS in bytes; 0 where this system does not tell."""
    rows = re.findall(r"^(\w+): +(\d+) kB$", text_of(root / f"proc/{process}/smaps_rollup"), re.MULTILINE)
    kilobytes = {name: int(count) for name, count in rows if name in ("Pss", "Private_Clean", "Private_Dirty")}
    return 1024.0 * kilobytes.pop("Pss", 0), 1024.0 * sum(kilobytes.values())


def share_from_disk(process: int, root: Path = Path("/")) -> float:
    """Of what a process has read, so much was not in memory yet."""
    read = dict(re.findall(r"^(\w+): (\d+)$", text_of(root / f"proc/{process}/io"), re.MULTILINE))
    return int(read.get("read_bytes", 0)) / max(1, int(read.get("rchar", 1)), int(read.get("read_bytes", 0)))


def seconds_without_a_core(process: int, root: Path = Path("/")) -> float:
    """In which a process could have run, and others had the cores; 0 where this system does not tell."""
    return int((text_of(root / f"proc/{process}/schedstat").split() or "00")[1]) / 1e9


def text_of(file: Path) -> str:
    try:
        return file.read_text().strip()
    except OSError:
        return ""


# The prediction: seconds per batch and step in the steady state, where all batches cost the same.


def limits(count: int, clocks: Clocks, cores: float) -> dict[str, float]:
    """What each part takes at least, with one worker or more."""
    return {
        "step": clocks.receive + clocks.step,
        "workers": clocks.batch / count,
        "cores": (clocks.compute + clocks.send + clocks.receive + clocks.step_compute) / cores,
    }


def predicted(count: int, clocks: Clocks, cores: float) -> float:
    return max(limits(count, clocks, cores).values()) if count else clocks.alone + clocks.step


def enough(clocks: Clocks, cores: float, most: int) -> int:
    """The smallest count that is predicted to be nearly as fast as any."""
    times = [predicted(count, clocks, cores) for count in range(most + 1)]
    return next(count for count, each in enumerate(times) if each <= (1 + SAME) * min(times))


# The race.


class Race:
    """`rounds`: seconds per batch and step by count of workers. `running`: the counts that are not beaten yet."""

    def __init__(self, counts: Sequence[int], most: int) -> None:
        self.running, self.most, self.refused = list(counts), most, set[int]()
        self.rounds: list[dict[int, float]] = []

    def run(self, measure: Ask, cost: Ask, seconds_left: Callable[[], float], may_join: Callable[[int], bool]) -> None:
        """Go on until the answer loses nothing, or another round would not fit in the time that is left.

        `measure(count)`: seconds per batch and step; `cost(count)`: seconds that measuring takes, start-up included.
        """
        chance = random.Random(0)
        while seconds_left() > sum(map(cost, self.running)):
            self.rounds.append({})
            # The first round in the order in which the counts were proposed: there may be time for a part of it.
            for count in chance.sample(self.running, len(self.running)) if self.rounds[1:] else [*self.running]:
                self.rounds[-1][count] = measure(count)
            self.running = [count for count in self.running if not self.beaten(count)]
            new = self.lacking()
            if new is not None and new not in self.refused and len(self.tried()) < MOST_RACED:
                if may_join(new):
                    self.running.append(new)
                    continue
                self.refused.add(new)
            if self.regret() <= SETTLED:
                return

    def tried(self) -> list[int]:
        return sorted({count for each in self.rounds for count in each})

    def ratios(self, count: int, other: int) -> list[float]:
        """Logarithms of how much slower a count was than another, in each round that both ran."""
        return [math.log(each[count] / each[other]) for each in self.rounds if count in each and other in each]

    def best(self) -> tuple[int, int]:
        """The smallest count that is nearly as fast as the fastest one, and the fastest one."""
        known = sorted(set(self.running) & set(self.tried()))
        longest = max(known, key=lambda count: len(self.ratios(count, count)))
        fastest = min(known, key=lambda count: median(self.ratios(count, longest) or [0.0]))
        return next(each for each in known if median(self.ratios(each, fastest) or [1.0]) <= math.log1p(SAME)), fastest

    def regret(self) -> float:
        """How much slower the answer is at most than any count that is not beaten, as a share."""
        answer = self.best()[0]
        others = [other for other in self.running if other != answer]
        return max([0.0, *(math.expm1(upper(self.ratios(answer, other))) for other in others)])

    def doubt(self, guess: int, untried: set[int]) -> str:
        """Why the answer is not certain; nothing where it is. `untried`: counts for which there was no time."""
        rounds, answer, lacking = len(self.rounds), self.best()[0], {self.lacking() or 0}
        better = max((lacking - self.refused) | (untried & {*lacking, guess}), default=0)
        if better > answer:
            return f"num_workers={better} may be better, and there was no time to race it"
        if self.regret() <= CERTAIN:
            return ""
        few = f"certainty takes {ROUNDS} rounds or more, and {rounds} fitted in"
        noisy = f"after {rounds} rounds num_workers={answer} may still lose {percent(self.regret())} against another"
        return few if math.isinf(self.regret()) else noisy

    def beaten(self, count: int) -> bool:
        """Slower in each of n rounds by more than the n-th root of two: much in two rounds, or little and often."""
        slower = self.ratios(count, self.best()[1])
        return len(slower) > 1 and min(slower) > math.log(2) / len(slower)

    def lacking(self) -> int | None:
        """A count that should join: beyond the largest where that is the answer, or below the answer, halfway."""
        answer, tried = self.best()[0], self.tried()
        if answer == max(tried) and answer < self.most:
            return min(self.most, max(answer + 1, answer * 3 // 2))
        below = max((count for count in tried if count < answer), default=0)
        return (answer + below) // 2 if answer - below > max(1, answer // 16) else None


def upper(values: Sequence[float]) -> float:
    """The upper end of an interval for the median: an order statistic, by the binomial distribution of how many values
    lie above the median. `inf` where there are too few.
    """
    size, rank, chance = len(values), 0, 0.5 ** len(values)
    while chance <= DOUBT:
        rank += 1
        chance += math.comb(size, rank) / 2**size
    return sorted(values)[size - rank] if rank else math.inf


# Real loaders.


class Stamped:
    """A collate function that adds when a batch was made, by the clocks of its worker."""

    def __init__(self, collate: Callable[[Any], Any]) -> None:
        self.collate = collate

    def __call__(self, items: Any) -> tuple[Any, float, float, float]:
        batch = self.collate(items)
        return batch, time.perf_counter(), time.thread_time(), time.process_time()


class Shared:
    """A sampler's indices without end. Each loader takes the next when it asks: none reads what another has just put
    into memory.
    """

    def __init__(self, sampler: Any) -> None:
        self.sampler, self.epoch = sampler, iter(sampler)

    def __iter__(self) -> Iterator[Any]:
        while True:
            if (indices := next(self.epoch, END)) is END:
                self.epoch = iter(self.sampler)
                if (indices := next(self.epoch, END)) is END:
                    raise TuneError("its sampler gives no second epoch: it is empty, or can be read only once")
            yield indices


class Track:
    """A loader that goes on for ever, and its workers."""

    def __init__(self, loader: DataLoader, deadline: float) -> None:
        self.deadline, self.count = deadline, loader.num_workers
        self.workers: list[Any] = []
        self.loader: Any = loader
        self.batches: Any = None
        self.started, self.epochs = 0.0, 0

    def start(self) -> Any:
        """The first batch."""
        began = time.perf_counter()
        if self.count and not can_interrupt():
            self.loader.timeout = max(1.0, self.deadline - began)
        self.batches = iter(())
        batch = self.next()
        self.started, self.epochs = time.perf_counter() - began, 0
        return batch

    def begin(self) -> Any:
        """The first batch of an epoch. Its workers are found, too, where they start late, in a generator."""
        there = set(multiprocessing.active_children())
        try:
            try:
                self.batches = iter(self.loader)
            except (pickle.PicklingError, TypeError, AttributeError) as error:
                raise unpicklable(self.loader, error) from error
            return next(self.batches, END)
        finally:
            self.workers = [each for each in multiprocessing.active_children() if each not in there] or self.workers

    def next(self) -> Any:
        try:
            if (batch := next(self.batches, END)) is END:
                self.epochs, batch = self.epochs + 1, self.begin()
        except TuneError:
            raise
        except Exception as error:
            if time.perf_counter() > self.deadline - 1 and "timed out" in str(error):
                raise Stop from error
            raise failure(f"loading a batch with num_workers={self.count}", error) from error
        if batch is END:
            raise TuneError("make_loader gives no second epoch: its dataset is empty, or can be read only once")
        if time.perf_counter() > self.deadline:
            raise Stop
        return batch

    def close(self, hurry: bool) -> None:
        """Without hurry, each worker ends when its batch is made."""
        for worker in self.workers if hurry else ():
            worker.terminate()
        for worker in self.workers if hurry else ():
            worker.join(1)
            worker.kill()
        self.batches = self.loader = None  # kept workers are the loader's
        gc.collect()  # an error's traceback may still hold the iterator


def endless(loader: DataLoader, indices: Shared | None) -> DataLoader:
    """The same loader over indices that do not end; as it is where its order is its own, as of a stream."""
    if indices is None:
        return loader
    names = ["num_workers", "collate_fn", "pin_memory", "worker_init_fn", "multiprocessing_context", "generator"]
    names += ["prefetch_factor", "in_order", "timeout"] if loader.num_workers else []
    order = {"batch_size": None, "sampler": indices} if loader.batch_sampler is None else {"batch_sampler": indices}
    settings: dict[str, Any] = {name: getattr(loader, name) for name in names} | order
    return DataLoader(loader.dataset, **settings)


def synchronize() -> None:
    if torch.accelerator.is_available():
        torch.accelerator.synchronize()


def parts_of(value: Any) -> dict[str, Any]:
    """Items or attributes of what has some, by name."""
    if isinstance(value, Mapping):
        return {f"[{key!r}]": each for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return {f"[{number}]": each for number, each in enumerate(value)}
    if isinstance(value, partial):
        return {".func": value.func, ".args": value.args, ".keywords": value.keywords}
    own = {} if inspect.isroutine(value) or isinstance(value, (type, ModuleType)) else getattr(value, "__dict__", {})
    return {f".{name}": each for name, each in own.items()}


def within(value: Any, most: int | None = None, seen: dict[int, Any] | None = None) -> Iterator[Any]:
    """A value and all that it holds, each once; of a long one the first parts."""
    seen = {} if seen is None else seen
    if id(value) not in seen:
        seen[id(value)] = value
        yield value
        for part in islice(parts_of(value).values(), most) if not isinstance(value, torch.Tensor) else ():
            yield from within(part, most, seen)


def size_of(batch: Any) -> tuple[int, int]:
    """Bytes, and tensors or arrays."""
    sizes = [each.nbytes for each in within(batch) if isinstance(getattr(each, "nbytes", None), int)]
    return sum(sizes), len(sizes)


def same(one: Any, other: Any, seen: dict[tuple[int, int], Any] | None = None) -> bool:
    """Whether two batches hold equal values."""
    seen, pair = {} if seen is None else seen, (id(one), id(other))
    if pair in seen:
        return True
    seen[pair] = one, other
    if isinstance(one, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(one, other)
    ones, others = parts_of(one), parts_of(other)
    if not ones:
        return pickle.dumps(one) == pickle.dumps(other)
    return ones.keys() == others.keys() and all(same(ones[key], others[key], seen) for key in ones)


# What can be wrong.


def failure(what: str, error: BaseException) -> TuneError:
    """One line for an error of the user's own code, with the place where it was raised."""
    text = str(error).strip()
    if "killed by signal" in text or "exited unexpectedly" in text:
        room = free_shared_memory()
        shm = f", or more /dev/shm (of which {size(room)} are left)" if math.isfinite(room) else ""
        own = "" if multiprocessing.get_start_method() == "fork" else "; or see above why it could not start"
        return TuneError(f"{what}: a worker died; give it more memory{shm}{own}")
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    places = [place for place in places if not Path(place[0]).is_relative_to(TORCH)] or places
    said = f"{type(error).__name__}: {text.partition(chr(10))[0]}"
    if "Original Traceback" in text:
        places, said = re.findall(r'File "(.+?)", line (\d+)', text), text.splitlines()[-1]
    then = "put that right first"
    if what == "make_loader(0)" and "num_workers" in text:
        then = "set that for workers alone, as in persistent_workers=num_workers > 0"
    return TuneError(f"{what} raised {said} ({Path(places[-1][0]).name}, line {places[-1][1]}); {then}")


@contextmanager
def blaming(what: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise failure(what, error) from error


def unpicklable(loader: DataLoader, error: Exception) -> TuneError:
    """Names what workers that are not forked cannot be given, as deep as it lies."""
    given = {"dataset": loader.dataset, "collate_fn": loader.collate_fn, "worker_init_fn": loader.worker_init_fn}
    place, value = next(((name, each) for name, each in given.items() if not picklable(each)), ("", None))
    while deeper := next((part for part in parts_of(value).items() if not picklable(part[1])), None):
        place, value = place + deeper[0].replace(".collate", ""), deeper[1]
    if not place:
        return failure("starting workers", error)
    return TuneError(
        f"workers are not forked here, and {place} ({type(value).__qualname__}) cannot be pickled for them; define it "
        "at the top of a module, or let each worker make its own when it first needs it"
    )


def picklable(value: Any) -> bool:
    try:
        return bool(pickle.dumps(value))
    except Exception:
        return False


def check(loader: Any, count: int) -> None:
    """Raises TuneError for a loader that cannot be raced."""
    if not isinstance(loader, DataLoader):
        raise TuneError(f"make_loader gave {type(loader).__name__}; let it return a torch DataLoader")
    if inspect.isgeneratorfunction(type(loader).__iter__):
        told = "give a plain DataLoader, not prepared by another library, and do the rest in step"
        raise TuneError(f"{type(loader).__name__} has an __iter__ of its own; {told}")
    if loader.num_workers != count:
        raise TuneError(f"make_loader({count}) gave a loader with {loader.num_workers} workers; pass num_workers on")
    epoch = length_hint(loader, FEWEST_BATCHES)
    if epoch < FEWEST_BATCHES and not isinstance(loader.dataset, IterableDataset):
        raise TuneError(f"an epoch of {epoch} batches is too short to race; give more, or smaller batches")


def check_main(loader: DataLoader) -> None:
    """Raises TuneError where workers that are not forked could not import what they need, or would run it again."""
    file = getattr(sys.modules["__main__"], "__file__", None)
    given = within([loader.dataset, loader.collate_fn, loader.worker_init_fn], FEW_PARTS)
    kinds = [each if inspect.isroutine(each) or inspect.isclass(each) else type(each) for each in given]
    here = [each.__name__ for each in kinds if getattr(each, "__module__", "") == "__main__"]
    if file is None and here:
        raise TuneError(
            f"workers that are not forked cannot import {here[0]} from a prompt or a notebook; write it into a .py "
            "file, and import it from there"
        )
    frame = inspect.currentframe()
    while frame and not (frame.f_globals.get("__name__") == "__main__" and frame.f_code.co_name == "<module>"):
        frame = frame.f_back
    for each in ast.parse(Path(file).read_bytes()).body if file and frame else ():
        guard = isinstance(each, ast.If) and "__name__" in ast.unparse(each.test)
        if frame and each.lineno <= frame.f_lineno <= (each.end_lineno or 0) and not guard:
            raise TuneError(
                f"workers that are not forked run {Path(str(file)).name} again; put its line {frame.f_lineno}, and "
                'what else it does, behind `if __name__ == "__main__":`'
            )


# Time, and ranks.


def can_interrupt() -> bool:
    """Whether a signal can end what hangs in this process. Elsewhere the loader's own `timeout` must do."""
    return sys.platform != "win32" and threading.current_thread() is threading.main_thread()


@contextmanager
def stopping_at(deadline: float) -> Iterator[None]:
    """Raises Stop at the deadline and for SIGTERM, wherever the main thread is."""
    if sys.platform == "win32" or not can_interrupt():
        yield
        return
    process, told = os.getpid(), sys.unraisablehook

    def tell(unraisable: Any) -> None:
        """Where Python can only ignore a Stop, the next one comes soon."""
        if not isinstance(unraisable.exc_value, Stop):
            told(unraisable)

    def stop(number: int, _: Any) -> None:
        if os.getpid() != process:  # a worker, just forked
            os._exit(0)
        raise Stop(*(["SIGTERM"] if number == signal.SIGTERM else []))

    before = {number: signal.signal(number, stop) for number in (signal.SIGALRM, signal.SIGTERM)}  # type: ignore  (POSIX)
    sys.unraisablehook = tell
    signal.setitimer(signal.ITIMER_REAL, max(0.01, deadline - time.perf_counter()), 0.2)  # type: ignore  (POSIX)
    try:
        yield
    finally:
        sys.unraisablehook = told
        signal.setitimer(signal.ITIMER_REAL, 0)  # type: ignore  (POSIX)
        for number, handler in before.items():
            signal.signal(number, handler)


class Ranks:
    """All processes that torchrun has started; alone, this one."""

    def __init__(self, deadline: float) -> None:
        defaults = {"RANK": 0, "WORLD_SIZE": 1, "LOCAL_WORLD_SIZE": 1}
        self.rank, self.count, self.local = (int(os.environ.get(name, each)) for name, each in defaults.items())
        self.deadline, self.begun = deadline, self.count > 1 and not distributed.is_initialized()
        if self.begun:
            distributed.init_process_group()
        self.group: Any = distributed.new_group(backend="gloo") if self.count > 1 else None

    def all(self, value: Any) -> list[Any]:
        """What each rank gives here. Raises Stop where one does not come in time."""
        values = [value] * self.count
        if self.count > 1:
            wait = timedelta(seconds=max(1.0, self.deadline - time.perf_counter()))
            try:
                distributed.monitored_barrier(self.group, timeout=wait)
                distributed.all_gather_object(values, value, self.group)
            except RuntimeError as error:
                raise Stop from error
        return values

    def slowest(self, value: float) -> float:
        return max(self.all(value))

    def seconds_left(self) -> float:
        return min(self.all(self.deadline - time.perf_counter()))


# The search.


class Search:
    """What is known so far, and the loaders that run."""

    def __init__(self, make_loader: Any, step: Any, seconds: float, ram: float | None, most: int) -> None:
        self.began = time.perf_counter()
        self.seconds, self.deadline = seconds, self.began + seconds - min(1.0, seconds / 20)
        self.make_loader, self.step, self.most = make_loader, step, most
        self.ranks = Ranks(self.deadline)
        local = self.ranks.local
        mine = (usable_cores(local), ram or free_memory() / local, free_shared_memory() / local)
        self.cores, self.ram, self.shm = map(min, zip(*self.ranks.all(mine), strict=True))
        self.tracks: dict[int, Track] = {}
        self.memory: dict[int, tuple[float, float]] = {}
        self.known: dict[int, float] = {}
        self.clocks = Clocks(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0)
        self.indices: Shared | None = None
        self.made = list[Any]()
        self.epoch: int | None = None
        self.prefetch, self.method, self.doing, self.said = 2, "", "", ""
        self.last = self.guess = self.wanted = 0
        self.race, self.notes = Race([], most), list[str]()
        self.lacks: dict[str, set[int]] = {}

    def say(self, doing: str, where: str = "") -> None:
        """What is done and the time left, on one line of a terminal; elsewhere once for each thing that is done."""
        self.doing, terminal = doing, sys.stderr.isatty()
        if self.ranks.rank == 0 and (terminal or doing != self.said):
            text = f"{f'{doing} {where if terminal else str()}'[:60]:<62}"
            text += f"{max(0.0, self.deadline - time.perf_counter()):4.0f} s left"
            print(f"\r{text} " if terminal else text, end="" if terminal else "\n", file=sys.stderr, flush=True)
            self.said = doing

    def track(self, count: int) -> Track:
        """Of a loader of the user's own with so many workers."""
        with blaming(f"make_loader({count})"):
            loader = self.make_loader(count)
        check(loader, count)
        self.tracks[count] = Track(endless(loader, self.indices), self.deadline)
        return self.tracks[count]

    def take(self, batch: Any) -> None:
        with blaming("step(batch)"):
            if self.step:
                self.step(batch)

    def run(self) -> None:
        self.say("a worker makes batches")
        alone, track = self.track(0), self.track(1)
        loader = track.loader
        self.method = (loader.multiprocessing_context or multiprocessing).get_start_method()
        self.prefetch = loader.prefetch_factor or 2
        if self.method != "fork":
            check_main(loader)
        if isinstance(loader.dataset, IterableDataset):
            self.check_stream(self.track(2), type(loader.dataset).__name__)
        else:
            self.epoch = min(self.ranks.all(length_hint(loader, 0))) or None
            self.most = min(self.most, self.epoch or self.most)
            if type(loader) is DataLoader:
                self.indices = Shared(loader.sampler if loader.batch_sampler is None else loader.batch_sampler)
                alone.loader, track.loader = (endless(each.loader, self.indices) for each in (alone, track))
        del loader
        self.clocks = self.look(track)
        self.clocks = self.look_at_step(self.clocks)
        self.wanted = enough(self.clocks, self.cores, self.most)
        room = (FULL * self.shm / max(1, self.clocks.bytes) - 2) / self.prefetch
        self.guess = guess = int(max(0, min(self.wanted, room)))
        above = guess + (max(2, guess // 4) if self.clocks.spread > SPREAD else 2)
        self.line_up(dict.fromkeys((guess, 0, guess - 1, guess + 1, above) if guess else (0, 1, 2)))
        self.race.run(self.measure, self.cost, self.ranks.seconds_left, self.may_join)

    def check_stream(self, track: Track, name: str) -> None:
        """Raises TuneError where both workers give the same items. All batches may be equal: then they may."""
        one, other, third = track.start(), track.next(), track.next()
        if same(one, other) and not same(one, third):  # of worker 0, of worker 1, and of worker 0 again
            told = "share them out in its __iter__, by get_worker_info()"
            raise TuneError(f"each worker gives all items of {name} again; {told}")
        self.tracks.pop(2).close(hurry=False)

    def line_up(self, counts: Iterable[int]) -> None:
        """Let these race as far as memory suffices, and time for one round: the first of them first."""
        self.race = Race([], self.most)
        for count in counts:
            if 0 <= count <= self.most:
                (self.race.running.append if self.may_join(count) else self.race.refused.add)(count)
        while len(self.race.running) > 1 and sum(map(self.cost, self.race.running)) > self.ranks.seconds_left():
            self.lacks.setdefault("time", set()).add(self.race.running[-1])
            self.race.refused.add(self.race.running.pop())

    def look(self, track: Track) -> Clocks:
        """What one worker and its batches cost."""
        track.loader.collate_fn = Stamped(track.loader.collate_fn)
        (batch, *stamp), receiving, pairs = track.start(), 0.0, list[tuple[Any, Any]]()
        stamps, room = [stamp], KEPT * min(self.ram, self.shm) / max(1, size_of(batch)[0])
        worker = track.workers[0].pid
        pushed = seconds_without_a_core(worker)
        while len(stamps) < 4 or (len(stamps) < 20 and time.perf_counter() < self.began + self.seconds / 4):
            self.say("a worker makes batches", f"({len(stamps)} of 20)")
            before, epoch = time.thread_time(), track.epochs
            batch, *stamp = track.next()
            receiving += time.thread_time() - before
            stamps.append(stamp)
            self.made += [batch] if len(self.made) < max(2, room) else []
            # The next epoch may have a new worker, whose clocks begin anew.
            pairs += [(stamps[-2], stamps[-1])] if track.epochs == epoch and len(stamps) > 2 else []
        pushed, made = max(0.0, seconds_without_a_core(worker) - pushed) / len(stamps), len(stamps) - 1
        if not pairs:
            raise TuneError("an epoch of one batch is too short to race; give more, or smaller batches")
        wall, thread, process = ([after[clock] - before[clock] for before, after in pairs] for clock in range(3))
        worker = track.workers[0].pid
        slowest = sorted(wall)[math.ceil(0.95 * len(wall)) - 1] / max(1e-9, median(wall))
        compute, send = mean(thread), max(0.0, mean(process) - mean(thread))
        costs = (max(compute, mean(wall) - pushed), compute, send, receiving / made, slowest)
        start = max(0.0, track.started - mean(wall))
        self.memory[1] = memory_of(worker)
        if (cold := share_from_disk(worker)) > 0.2:
            self.notes.append(f"{percent(cold)} of what a worker read came from a disk; run this again to see it warm")
        self.tracks.pop(1).close(hurry=mean(wall) > 0.5)
        return Clocks(*map(max, zip(*self.ranks.all((*costs, start, *size_of(batch))), strict=True)))

    def look_at_step(self, clocks: Clocks) -> Clocks:
        """What a batch costs without workers, and a step where its batch is there, as it is beside enough workers: a
        GPU slows down while it waits, and a loop that waits for each step cannot launch the next one meanwhile. The
        first quarter warms up. All ranks take as many steps.
        """
        self.say("the main process makes batches and steps")
        track, loads, count, step = self.tracks.get(0) or self.track(0), list[float](), 2, 0.0
        self.take(track.start())
        while len(loads) < count:
            began = time.perf_counter()
            batch = track.next()
            loads.append(time.perf_counter() - began)
            self.take(batch)
            synchronize()
            step = self.ranks.slowest(time.perf_counter() - began - loads[-1])
            if len(loads) == 2:
                count = max(2, min(30, int(self.seconds / 20 / (step + self.ranks.slowest(loads[-1])))))
        fitting = int(self.seconds / 20 / max(1e-9, step))
        ready = self.made[: max(2, min(fitting, *self.ranks.all(len(self.made))))]
        began, spent = time.perf_counter(), time.process_time()
        for batch in ready:
            self.take(batch)
        synchronize()
        row = ((time.perf_counter() - began) / len(ready), (time.process_time() - spent) / len(ready))
        self.made.clear()
        mine = (mean(loads[len(loads) // 4 :]), *(row if self.step else (0.0, 0.0)))
        alone, step, step_compute = map(max, zip(*self.ranks.all(mine), strict=True))
        return replace(clocks, alone=alone, step=step, step_compute=step_compute)

    def may_join(self, count: int) -> bool:
        """Whether memory and time suffice for this count beside those that run; a note says what does not."""
        counts = {*self.race.running, *self.tracks, count} - {0}
        worker = max((pss / of for of, (pss, _) in self.memory.items()), default=0.0)
        left, batches = self.ranks.seconds_left(), sum(self.prefetch * each + 2 for each in counts)
        lacks = {
            "memory": self.ranks.slowest(worker) * sum(counts) + self.clocks.bytes * batches > FULL * self.ram,
            "/dev/shm": self.clocks.bytes * batches > FULL * self.shm,
            "time": self.cost(count) > left / 2,
        }
        lack = next((name for name, short in lacks.items() if short and count), "")
        self.lacks.setdefault(lack, set()).add(count)
        return not lack

    def expected(self, count: int) -> float:
        return max(1e-6, self.known.get(count, predicted(count, self.clocks, self.cores)))

    def plan(self, count: int, last: int) -> tuple[int, int]:
        """Batches to drop, until this loader is in its steady state and the last one's workers rest, and to time. Those
        that lay ready are dropped first: there are more of them than there will be, while the other loaders race.
        """
        work = max(self.clocks.batch, last * (self.clocks.compute + self.clocks.send) / self.cores)
        resting = 2 * self.prefetch * work if last not in (0, count) else 0.0
        each, turn = self.expected(count), max(1, count)
        timed = turn * max(2, math.ceil(max(0.2, min(1.0, self.seconds / 200)) / (each * turn)))
        return self.prefetch * count + max(count, math.ceil(resting / each)), timed

    def cost(self, count: int) -> float:
        work = sum(self.plan(count, self.last)) * self.expected(count)
        return work + (count not in self.known) * self.clocks.start * count

    def minutes_needed(self) -> int:
        """In which all could race that there was no time for, beside those that do, in as many rounds as it takes."""
        counts, needed = {*self.race.running, *self.lacks.get("time", set())}, time.perf_counter() - self.began
        for count in counts:
            turn = sum(self.plan(count, max(counts - {count}, default=0))) * self.expected(count)
            needed += self.clocks.start * count + ROUNDS * turn
        return math.ceil(needed / 60)

    def measure(self, count: int) -> float:
        """Seconds per batch and step of the slowest rank, over whole turns of the workers within an epoch."""
        running = ", ".join(map(str, sorted(self.race.running)))
        self.say("the loaders race", f"with {running} workers, round {len(self.race.rounds)}")
        track = self.tracks.get(count) or self.track(count)
        if track.batches is None:
            self.take(track.start())
        for _ in range(3):
            settling, timed = self.plan(count, self.last)
            epochs, _left = track.epochs, self.ranks.seconds_left()
            for number in range(settling):
                batch = track.next()
                if number >= self.prefetch * count:
                    self.take(batch)
            synchronize()
            began = time.perf_counter()
            for _ in range(timed):
                self.take(track.next())
            synchronize()
            self.known[count] = self.ranks.slowest((time.perf_counter() - began) / timed)
            if self.ranks.slowest(track.epochs - epochs) == 0:
                break
        if count and (count not in self.memory or count == 1):
            each = [memory_of(worker.pid) for worker in track.workers]
            self.memory[count] = (sum(pss for pss, _ in each), sum(uss for _, uss in each))
        self.last = count
        return self.known[count]

    def close(self, hurry: bool) -> None:
        """Leave no worker. In a hurry they are ended, and torch is not told."""
        before = None
        if sys.platform != "win32" and hurry and can_interrupt():
            before = signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for track in self.tracks.values():
            track.close(hurry)
        if sys.platform != "win32" and before is not None:
            signal.signal(signal.SIGCHLD, before)
        if self.ranks.begun:
            distributed.destroy_process_group()

    def result(self, stopped: str) -> Tuned:
        """What was found so far. `stopped`: what ended it early, or nothing."""
        race, raced = self.race, dict[int, Raced]()
        answer, fastest = self.guess if self.clocks.alone else None, None
        regret, pays_from, extra, binds, clocks = math.inf, None, "", "", self.clocks
        why = f"{stopped or f'{self.seconds:g} s were too few'} while {self.doing}"
        untried = self.lacks.get("time", set()) - set(race.tried())
        if set(race.running) & set(race.tried()):
            answer, fastest = race.best()
            regret, why = race.regret(), race.doubt(self.guess, untried)
            if not why and self.guess < self.wanted:
                why = f"num_workers={self.wanted} may be better, and /dev/shm has no room for its batches"
            if not why and not answer and self.guess in self.lacks.get("memory", ()):
                why = f"num_workers={self.guess} may be better, and there is too little memory for it"
            for count in race.tried():
                ratios = race.ratios(count, fastest) or [math.inf]
                slower, low, high = map(math.expm1, (median(ratios), -upper([-each for each in ratios]), upper(ratios)))
                seconds = median(each[count] for each in race.rounds if count in each)
                pss, uss = self.memory.get(count, (0.0, 0.0)) if count else (0.0, 0.0)
                raced[count] = Raced(seconds, slower, low, high, self.tracks[count].started, pss, uss)
            answer = self.guess if self.guess in untried else answer
            clocks = as_raced(clocks, raced)
            binds = binding(answer, clocks, self.cores)
        if answer and answer in raced:
            each = raced[answer]
            saved = raced[0].seconds - each.seconds if 0 in raced else 0.0
            pays_from = each.start / saved if saved > 0 else None
            extra += f", prefetch_factor={self.prefetch}" if self.prefetch != 2 else ""
            starting = each.start - clocks.batch * max(1, answer / self.cores)  # without making the first batch
            extra += ", persistent_workers=True" if starting > 0.05 * (self.epoch or math.inf) * each.seconds else ""
        for lack, counts in self.lacks.items():
            named = ", ".join(map(str, sorted(counts - set(race.tried()))))
            self.notes += [f"num_workers={named} did not race: too little {lack}"] if lack and named else []
        if why and clocks.alone and len(race.rounds) < ROUNDS:
            self.notes.append(f"{60 * self.minutes_needed()} s would do, for {ROUNDS} rounds of all these counts")
        limits = {"cores": self.cores, "ram": self.ram, "shm": self.shm}
        setting = {"prefetch_factor": self.prefetch, "epoch": self.epoch, "ranks": self.ranks.count}
        setting |= {"start_method": self.method, "seconds": time.perf_counter() - self.began}
        table = (fastest, raced, binds, pays_from, f"num_workers={answer}{extra}", tuple(self.notes), clocks, limits)
        return Tuned(answer, not why, why, regret, *table, setting)


# What it says.


def as_raced(clocks: Clocks, raced: dict[int, Raced]) -> Clocks:
    """Without what the race disproves: in the main process no part of a loop takes longer than the fastest loop."""
    pace = min(each.seconds for each in raced.values())
    step = min(clocks.step, max(0.0, pace - clocks.receive))
    step_compute = clocks.step_compute * step / clocks.step if clocks.step else 0.0
    alone = min(clocks.alone, raced[0].seconds) if 0 in raced else clocks.alone
    return replace(clocks, alone=alone, step=step, step_compute=step_compute)


def binding(count: int, clocks: Clocks, cores: float) -> str:
    """What keeps this count from being faster, and what would help."""
    pieces = f"; fewer and larger tensors than {clocks.tensors:g} would help" if clocks.tensors > 8 else ""
    handing = f"handing over, {ms(clocks.send)} to send a batch and {ms(clocks.receive)} to receive it{pieces}"
    if count == 0 and clocks.alone <= 0.1 * clocks.step:
        return f"the step, {ms(clocks.step)}: loading is a small part of it"
    if count == 0:
        own = f"making a batch, {ms(clocks.alone)}"
        return handing if clocks.receive + clocks.send > clocks.alone / 2 else f"{own}; no worker that raced was faster"
    parts = limits(count, clocks, cores)
    return {
        "step": handing if clocks.receive > clocks.step else f"the step, {ms(clocks.step)}; a faster one would help",
        "cores": f"the cores, {ms(cores * parts['cores'])} of CPU for a batch and step; cheaper items would help",
        "workers": f"the workers, {ms(clocks.batch)} for a batch, of which {ms(clocks.compute)} computing",
    }[max(parts, key=lambda part: parts[part])]


def ms(seconds: float) -> str:
    return f"{1000 * seconds:.3g} ms"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %" if abs(share) < 0.0995 else f"{100 * share:.0f} %"


def size(count: float) -> str:
    return f"{count / 1e9:.3g} GB" if count >= 1e9 else f"{count / 1e6:.3g} MB"


def link(tuned: Tuned) -> str:
    """The simulator's page on the site of this file, with the numbers of this loader and nothing else. Empty where
    there is no answer: then not all of them were measured.
    """
    if tuned.num_workers is None:
        return ""
    clocks, setting = tuned.clocks, tuned.setting
    slow = min(clocks.spread, SLOWEST_SIMULATED) if clocks.spread > SPREAD else 1.0
    usual = 1 / (1 + (slow - 1) / 20)  # of the mean, where one batch in twenty is a slow one
    values = {"w": tuned.num_workers, "p": setting["prefetch_factor"], "n": tuned.limits["cores"]}
    values |= {"b": usual * clocks.batch, "c": usual * clocks.compute, "k": 20, "x": slow}
    values |= {"h": clocks.send, "r": clocks.receive, "s": clocks.step, "d": min(clocks.step, clocks.step_compute)}
    values |= {"e": clocks.start, "m": clocks.bytes, "l": min(LONGEST_SIMULATED, setting["epoch"] or LONGEST_SIMULATED)}
    return f"{SIMULATOR}#1;{';'.join(f'{key}={value:.3g}' for key, value in values.items())}"


def report(tuned: Tuned) -> str:
    """At most 80 columns, but for the link at the end."""
    answer, clocks, facts = tuned.num_workers, tuned.clocks, {"binds": tuned.binds}
    alone = "all others that raced were slower" if len(tuned.raced) > 1 else "no other count could race"
    sure = f"it loses {percent(tuned.regret)} at most" if tuned.regret else alone
    doubt = "Too noisy to tell" if "may still lose" in tuned.why else "Cannot tell"
    first = f"num_workers={answer} is certain: {sure}." if tuned.certain else f"{doubt}: {tuned.why}."
    lines = textwrap.wrap(first, 79)
    lines += [] if tuned.certain or answer is None else [f"The best guess is num_workers={answer}."]
    lines += ["", "  workers   batch and step   slower than the fastest"] if tuned.raced else []
    for count, each in tuned.raced.items():
        interval = f" [{percent(each.low)}, {percent(each.high)}]" if math.isfinite(each.high) else ""
        slower = "fastest" if count == tuned.fastest else f"{percent(each.slower)}{interval}"
        lines.append(f"{'>' if count == answer else '':>3}{count:>6}{ms(each.seconds):>17}   {slower}")
    if answer and answer in tuned.raced:
        each, pays, epoch = tuned.raced[answer], tuned.pays_from, tuned.setting["epoch"]
        facts["start-up"] = f"{each.start:.2g} s" + (f", earned back after {math.ceil(pays)} batches" if pays else "")
        facts["start-up"] += f"; an epoch has {epoch}" if epoch else ""
        held = f"{size(each.uss)} of the workers' own, {size(each.pss)} with their part of what they share"
        facts["memory"] = held if each.pss else "this system does not tell what the workers take"
        most = size((tuned.setting["prefetch_factor"] * answer + 2) * clocks.bytes)
        room = tuned.limits["shm"]
        facts["/dev/shm"] = f"up to {most} of {size(room)}" if math.isfinite(room) else ""
    ranks = tuned.setting["ranks"]
    facts["cores"] = f"{tuned.limits['cores']:.3g} usable" + (f" for each of {ranks} ranks" if ranks > 1 else "")
    lines += [""]
    for name, text in [*facts.items(), *(("note", note) for note in tuned.notes)]:
        lines += textwrap.wrap(text, 79, initial_indent=f"  {name:<10}", subsequent_indent=" " * 12) if text else []
    lines += ["", f"DataLoader(..., {tuned.arguments})"] if answer is not None else []
    lines += ["", "What would change it? Try it, on the site of this tuner:", link(tuned)] if link(tuned) else []
    return "\n".join(lines)


# How it is called.


def tune(
    make_loader: Callable[[int], DataLoader],
    step: Callable[[Any], object] | None = None,
    seconds: float = 60.0,
    ram: float | None = None,
    most: int = 64,
    json_file: str | None = None,
) -> Tuned:
    """Race loaders for at most so many seconds, print what came out, and return it.

    `ram`: bytes that the workers of a rank may take; what is free, if nothing is said. `most`: workers. Raises
    TuneError for what you have to change first.
    """
    if json_file and not Path(json_file).absolute().parent.is_dir():
        raise TuneError(f"there is no folder for {json_file}; make it first")
    search, ended, whole = Search(make_loader, step, seconds, ram, most), None, False
    try:
        with warnings.catch_warnings(), stopping_at(search.deadline):
            warnings.filterwarnings("ignore", "This DataLoader will create|Got pickle error")
            search.run()
            whole = True
    except (KeyboardInterrupt, Stop) as error:
        ended = error if isinstance(error, KeyboardInterrupt) or error.args else None
    finally:
        search.close(hurry=not whole or search.clocks.batch > 0.5)
    tuned = search.result("interrupted" if ended else "")
    if search.ranks.rank == 0:
        print(("\r" + " " * 78 + "\r" if sys.stderr.isatty() else "") + report(tuned), flush=True)
        if json_file:
            text = json.dumps(asdict(tuned) | {"simulator": link(tuned)}, indent=1)
            text = re.sub(r"-?Infinity", "null", text)
            Path(f"{json_file}.new").write_text(f"{text}\n", encoding="utf-8")
            os.replace(f"{json_file}.new", json_file)
    if ended:
        raise ended if isinstance(ended, KeyboardInterrupt) else SystemExit(128 + signal.SIGTERM)
    return tuned


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("make_loader", help="module:function that gives the DataLoader with so many workers")
    parser.add_argument("--step", help="module:function that does with a batch what your loop does")
    parser.add_argument("--seconds", type=float, default=60, help="the limit of time (60)")
    parser.add_argument("--ram", help="what the workers of all ranks may take, such as 16G")
    parser.add_argument("--most", type=int, default=64, help="workers at most (64)")
    parser.add_argument("--json", help="a file for what was measured")
    asked = parser.parse_args()
    last_resort = threading.Timer(asked.seconds + 15, give_up)
    last_resort.daemon = True
    try:
        make_loader, step = function(asked.make_loader), function(asked.step) if asked.step else None
        ram = number_of_bytes(asked.ram) / int(os.environ.get("LOCAL_WORLD_SIZE", 1)) if asked.ram else None
        last_resort.start()
        tuned = tune(make_loader, step, asked.seconds, ram, asked.most, asked.json)
        return 0 if tuned.certain or tuned.setting["ranks"] > 1 else 3
    except TuneError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def function(name: str) -> Callable[..., Any]:
    """By `module:function`. Modules of this folder come first."""
    sys.path.insert(0, os.getcwd())
    module, _, attribute = name.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, ValueError, AttributeError, TypeError) as error:
        raise TuneError(f"{name}: {error}; write module:function, such as train:make_loader") from error


def number_of_bytes(text: str) -> float:
    if not (found := re.fullmatch(r"(\d+(?:\.\d+)?)([kMGT]?)i?B?", text)):
        raise TuneError(f"--ram {text}: write a number of bytes, such as 16G or 500M")
    return float(found[1]) * 1000 ** " kMGT".index(found[2] or " ")


def give_up() -> None:
    """What hangs where no signal ends it."""
    print("error: it hangs where nothing can interrupt it, and is stopped", file=sys.stderr, flush=True)
    for child in multiprocessing.active_children():
        child.kill()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
