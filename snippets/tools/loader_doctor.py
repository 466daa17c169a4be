"""What holds your training loop up: its DataLoader, and what of it; or nothing.

    from loader_doctor import doctor

    for batch in doctor(loader):
        step(batch)

At the end of the loop, and where it is broken off (Ctrl-C, `break`, an error), a report says so in a few lines. After
later epochs it speaks only where the verdict has changed. `kill -USR1 <process id>` asks for it while such a loop runs,
also where it hangs, and ends the process at other times; `doctor(loader, json_file="doctor.json")` writes it to a file.
It reads clocks and /proc, changes nothing of what the loader gives, and needs Python 3.11, torch 2.6 and nothing else.
"""

import json
import math
import multiprocessing
import os
import re
import signal
import sys
import textwrap
import threading
import time
import weakref
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median, median_low
from typing import Any

import torch
from torch import distributed

WAITED = 0.10  # Of the loop's time. Below it, the loader is left alone: without it, a loop would be a ninth faster.
ON_START, ON_FEW, IN_MAIN = 0.50, 0.60, 0.50  # Of the waiting: on first batches, on single ones, in main's own work.
COMPUTING, WAITING = 0.85, 0.50  # Of a worker's time: above it can run, it computes; below, it waits.
FULL, QUEUED, THREADS = 0.85, 0.20, 0.20  # Of the cores; of the time that can run; of the workers' CPU time.
TAKEN, PARTLY = 0.50, 0.25  # Of the waiting: taken by a lack of cores, where that is the cause, or may be a part of it.
THROTTLED, STALLED, HELD = 0.05, 0.05, 0.95  # Of the quota's periods; of the time; of the container's memory.
LONG = 1.5  # The items of a wait are kept from so many times the mean on.
SLOW = 10  # A single wait is a straggler's from so many times the median.
PARTS, LOOKS, FEWEST = 8, 3, 16  # Parts of a loop whose spread gives an interval; looks at /proc, batches at least.
BATCHES, MOST = 200, 20_000  # An epoch with fewer is judged together with those before it; of more, the last ones are.
PAUSE, COST = 0.25, 0.01  # Seconds between two looks; of the time, looking may take so much at most.
ENOUGH = 2.0  # After so many seconds without looks, epochs are too short for them.
PATIENCE = timedelta(seconds=5)  # For what other ranks say.
LISTED = 8  # Items of a slow batch in the report, at most; the file has all.
SIMULATOR = "explanation/simulator/"


# What was seen.


@dataclass(frozen=True)
class Share:
    """A share and its 95 % interval; without one, both ends are the share."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        exact = f"{100 * self.value:.0f} %"
        low, high = (min(100.0, max(0.0, 100 * end)) for end in (self.low, self.high))
        return exact if f"{low:.0f}" == f"{high:.0f}" else f"{exact} [{low:.0f}, {high:.0f}]"


@dataclass(frozen=True)
class Batch:
    """The batch `index` of its `epoch`. Seconds: `wait` for it, `step` with it, and of the wait, the main process's own
    CPU time in `own`, and what its sampler took in `sampler`. `ahead`: batches of later places that had arrived before
    it; None where torch does not tell. `items`: what the sampler had drawn for it, where that is known.
    """

    epoch: int
    index: int
    wait: float
    step: float
    own: float = 0.0
    sampler: float = 0.0
    ahead: int | None = None
    items: Any = None


@dataclass(frozen=True)
class Look:
    """What /proc and the control groups told of a stretch of so many `seconds`. CPU-seconds, and seconds without a core
    of those who could have run: of each worker (`cpu`, `queued`) and of the main process. `threads`: the workers' CPU
    time outside of the three busiest threads of each. `throttled`: the share of the quota's periods in which it was
    used up. `stalled`: the share of the time in which somebody waited for memory, or, where that is not told, all of it
    if the container reached its limit and had nothing to drop. `held`: the share of the container's limit that is held
    by what cannot be dropped. `read`: bytes that workers had from disks.
    """

    seconds: float
    cpu: tuple[float, ...] = ()
    queued: tuple[float, ...] = ()
    threads: float = 0.0
    main_cpu: float = 0.0
    main_queued: float = 0.0
    throttled: float = 0.0
    stalled: float = 0.0
    held: float = 0.0
    read: float = 0.0


@dataclass(frozen=True)
class Seen:
    """`kept`: workers outlive their epoch, or there are none. `in_order`: worker i mod `workers` made batch i.
    `known`: it is seen who makes the batches. `unsynchronised`: nothing tells when a step ends. `on_device`: a device's
    clock does, and main makes or takes the next batch meanwhile. `proc`: this system has /proc. `lacks`: what this
    system or this torch does not tell.
    """

    batches: Sequence[Batch]
    looks: Sequence[Look] = ()
    workers: int = 0
    prefetch: int = 2
    cores: float = 1.0
    kept: bool = False
    in_order: bool = True
    known: bool = True
    unsynchronised: bool = False
    on_device: bool = False
    proc: bool = True
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """`name`: one word or two. `because`: more exactly. `why`: the numbers, in words. `gain`: how many times as fast
    the loop could be at most, if loading cost nothing. `then`: what to do. `second`: another cause that costs as
    much as a wait that counts. `waited`: of the loop's time. `numbers`: by the keys of the tuner and the simulator.
    `items`: of slow batches, by the batch's index. `simulator`: where the loop can be played with.
    """

    name: str
    because: str = ""
    why: tuple[str, ...] = ()
    gain: float | None = None
    then: str = ""
    second: str = ""
    waited: Share | None = None
    numbers: dict[str, float] = field(default_factory=dict)
    items: dict[int, list[Any]] = field(default_factory=dict)
    simulator: str = ""
    lacks: tuple[str, ...] = ()


# The rules. They look at no clock.


def share(parts: Sequence[float], wholes: Sequence[float]) -> Share:
    """Of the sums, with an interval from how much the ratio differs between the parts (ratio estimator; Student's t by
    its Cornish-Fisher expansion).
    """
    whole, size = sum(wholes), len(wholes)
    if whole <= 0:
        return Share(0.0, 0.0, 0.0)
    ratio = sum(parts) / whole
    if size < 2:
        return Share(ratio, -math.inf, math.inf)
    off = sum((part - ratio * each) ** 2 for part, each in zip(parts, wholes, strict=True))
    free = size - 1
    student = 1.96 + 2.372 / free + 2.823 / free**2 + 2.556 / free**3
    half = student * math.sqrt(size / free * off) / whole
    return Share(ratio, ratio - half, ratio + half)


def in_parts(values: Sequence[float]) -> list[float]:
    """The sums of equal stretches."""
    ends = [round(part * len(values) / PARTS) for part in range(PARTS + 1)]
    return [sum(values[first:last]) for first, last in zip(ends, ends[1:], strict=False)]


def judge(seen: Seen) -> Verdict:
    """The verdict on one loop, or that there is none."""
    found = _judged(seen)
    held = seen.looks[-1].held if seen.looks else 0.0
    full = f"MEMORY: {100 * held:.0f} % of the container's limit is held, and cannot be dropped" if held >= HELD else ""
    return replace(found, second="; ".join(filter(None, (found.second, full))), then=found.then or THEN[found.name])


def _judged(seen: Seen) -> Verdict:
    if seen.unsynchronised:
        return Verdict("UNSYNCHRONISED", "steps go on after they return")
    turn = max(1, seen.workers)
    rest = [batch for batch in seen.batches if batch.index >= turn]
    least = max(FEWEST, (seen.prefetch + 1 + 2) * seen.workers)
    if len(rest) < least:
        few = f"{len(rest)} batches after the workers' first ones; {least} are needed"
        return Verdict("TOO FEW BATCHES", few, lacks=seen.lacks)
    waits, times = [each.wait for each in rest], [each.wait + each.step for each in rest]
    starting, epochs = start_up(seen, rest)
    single = stragglers(waits, times, turn)
    waited = interval_of(waits, times, single)
    told = replace(facts(seen, rest, waited), lacks=seen.lacks)
    slow_start = f"START-UP: first batches took {100 * starting:.0f} % of the time seen" if starting >= WAITED else ""
    later = sum(waits) / sum(each.wait + each.step for each in seen.batches)
    if slow_start and epochs > 1 and starting >= ON_START * (starting + later):
        begun = f"{100 * starting:.0f} % of the time went on the first batches of {epochs} epochs"
        found = replace(told, name="START-UP", why=(begun, *told.why), gain=1 / max(0.01, 1 - starting - later))
        return replace(found, then="longer epochs: between two of them nothing is loaded") if seen.kept else found
    if waited.high < WAITED:
        return replace(told, name="FED", second=slow_start)
    if waited.low < WAITED:
        between = f"the wait, {waited} of the time, lies on both sides of {100 * WAITED:.0f} %"
        return replace(told, name="TOO NOISY", because=between, second=slow_start)
    if seen.proc and len(seen.looks) < LOOKS and sum(times) < ENOUGH:
        short = f"the step waited, but {sum(times):.1f} s are too few to see what the workers do"
        return replace(told, name="TOO FEW BATCHES", because=short)
    found = cause(seen, rest, single, waited)
    why = (*told.why, *found.why)[:3]
    whole = replace(found, why=why, gain=told.gain, second=slow_start, waited=waited, lacks=told.lacks)
    whole = replace(whole, numbers=told.numbers)
    unlike = not seen.workers and (seen.on_device or not seen.known)  # its wait is not how long a batch takes
    return whole if unlike else simulated(whole, sum(times) / len(times), waited.value)


def facts(seen: Seen, rest: Sequence[Batch], waited: Share) -> Verdict:
    """What is said whatever the verdict."""
    numbers = {
        "w": float(seen.workers),
        "p": float(seen.prefetch),
        "n": seen.cores,
        "s": median(each.step for each in rest),
    }
    # What main computes while it waits: without workers it makes the batch, otherwise it receives it.
    numbers["r" if seen.workers else "c"] = sum(max(0.0, each.own - each.sampler) for each in rest) / len(rest)
    if seen.looks and seen.workers:
        seconds = sum(each.wait + each.step for each in rest)
        busy = sum(sum(look.cpu) for look in seen.looks) / sum(look.seconds for look in seen.looks)
        numbers["c"] = busy * seconds / len(rest)
    why = (f"the step waited {waited} of the time",)
    return Verdict("", why=why, gain=1 / max(0.01, 1 - waited.value), waited=waited, numbers=numbers)


def simulated(told: Verdict, per_batch: float, waited: float) -> Verdict:
    """With what makes the simulator begin with this loop, where workers never rest: a batch then takes each of them as
    long as the loop takes for as many batches as there are workers. Without workers it takes as long as its wait.
    """
    if told.name not in ("STARVED", "BURSTS") or "c" not in told.numbers:
        return told
    batch = per_batch * (told.numbers["w"] or waited)
    numbers = told.numbers | {"b": batch, "c": min(batch, told.numbers["c"])}
    values = ";".join(f"{key}={value:.3g}" for key, value in numbers.items())
    return replace(told, numbers=numbers, simulator=f"{SIMULATOR}#1;{values}")


def start_up(seen: Seen, rest: Sequence[Batch]) -> tuple[float, int]:
    """The share of all time that first turns of the workers took beyond later ones, and in how many epochs. Of the
    epochs the one in the middle counts: one slow start is none that comes again. Where workers are kept, their first
    start is not looked at.
    """
    turn, usual = max(1, seen.workers), sum(each.wait for each in rest) / len(rest)
    more: dict[int, float] = {}
    for each in seen.batches:
        if each.index < turn and not (seen.kept and each.epoch == 0):
            more[each.epoch] = more.get(each.epoch, 0.0) + each.wait - usual
    whole = sum(each.wait + each.step for each in seen.batches if each.epoch in more)
    return max(0.0, median_low(more.values()) * len(more) / whole) if more else 0.0, len(more)


def stragglers(waits: Sequence[float], times: Sequence[float], turn: int) -> list[int]:
    """The places of single waits that are as long as many others, and do not come in every turn of the workers."""
    bound = max(SLOW * median(waits), median(times))
    places = [place for place, wait in enumerate(waits) if wait >= bound]
    return places if 2 * len({place // turn for place in places}) <= len(waits) / turn else []


def interval_of(waits: Sequence[float], times: Sequence[float], single: Sequence[int]) -> Share:
    """The share waited. Single waits are not sampled, they are what happened: they move the interval and do not widen
    it.
    """
    apart, whole = {*single}, sum(times)
    usual = [0.0 if place in apart else wait for place, wait in enumerate(waits)]
    sampled, singles = share(in_parts(usual), in_parts(times)), sum(waits[place] for place in single) / whole
    return Share(sampled.value + singles, sampled.low + singles, sampled.high + singles)


def cause(seen: Seen, rest: Sequence[Batch], single: Sequence[int], waited_share: Share) -> Verdict:
    """What the step waits for, where it waits too long."""
    waits = [each.wait for each in rest]
    sampler = share(in_parts([each.sampler for each in rest]), in_parts(waits))
    own = share(in_parts([max(0.0, each.own - each.sampler) for each in rest]), in_parts(waits))
    if sampler.value >= IN_MAIN:
        return Verdict("SAMPLER", "main draws the indices meanwhile", (f"the sampler took {sampler} of that",))
    limited = of_the_machine(seen, waited_share)
    if limited and limited.name in ("THROTTLED", "MEMORY"):
        return limited
    if seen.workers and own.value >= IN_MAIN:
        return Verdict("RECEIVE", "handing over is what costs", (f"main computed for {own} of that",))
    if limited:
        return limited
    if sum(waits[place] for place in single) >= ON_FEW * sum(waits):
        return straggler(seen, rest, single)
    return short_of(seen, rest, own)


def of_the_machine(seen: Seen, waited: Share) -> Verdict | None:
    """What others, the quota or too many of our own take from the workers."""
    looks = seen.looks
    if len(looks) < LOOKS:
        return None
    spans = [each.seconds for each in looks]
    throttled = share([each.throttled * each.seconds for each in looks], spans)
    if throttled.value >= THROTTLED:
        return Verdict("THROTTLED", "by a quota of CPU time", (f"used up in {throttled} of its periods",))
    stalled = share([each.stalled * each.seconds for each in looks], spans)
    if stalled.value >= STALLED:
        return Verdict("MEMORY", "runs short", (f"it was short for {stalled} of the time",))
    queued = [sum(each.queued) + each.main_queued for each in looks]
    computed = [sum(each.cpu) + each.main_cpu for each in looks]
    taken = share([sum(each.queued) / max(1, seen.workers) + each.main_queued for each in looks], spans)
    without = share(queued, [had + lacked for had, lacked in zip(computed, queued, strict=True)])
    if without.high < QUEUED or taken.value < PARTLY * waited.value:
        return None
    used = share(computed, [seen.cores * each for each in spans])
    why = (f"who could run had no core for {without} of that time", f"we used {used} of {seen.cores:g} cores")
    if without.low < QUEUED or taken.value < TAKEN * waited.value or used.low < FULL <= used.high:
        return Verdict("TOO NOISY", "others may have the cores", why)
    if used.high < FULL:
        return Verdict("NEIGHBOUR", "others have the cores", why)
    threads = share([each.threads for each in looks], [max(1e-9, sum(each.cpu)) for each in looks])
    if threads.value >= THREADS:
        why = (f"{threads} of the workers' CPU time is of further threads", why[0])
        return Verdict("THREADS", "more threads than cores", why)
    if seen.workers > seen.cores:
        return Verdict("TOO MANY WORKERS", f"{seen.workers} on {seen.cores:g} cores", why)
    return None


def straggler(seen: Seen, rest: Sequence[Batch], single: Sequence[int]) -> Verdict:
    longest = sorted((rest[place] for place in single), key=lambda each: -each.wait)
    part = sum(each.wait for each in longest) / sum(each.wait for each in rest)
    names = [f"batch {each.index}{_items(each, seen)}: {1000 * each.wait:.0f} ms" for each in longest[:3]]
    why = (f"{100 * part:.0f} % of that on {len(longest)} of {len(rest)} batches", ", ".join(names))
    makers = {each.index % seen.workers for each in longest} if seen.workers > 1 and seen.in_order else set()
    alike = len(makers) == 1 and len(longest) > 3
    because = f"all of worker {makers.pop()}" if alike else "single batches take long"
    return Verdict(
        "STRAGGLER", because, why, items={each.index: items for each in longest if (items := drawn(each, seen))}
    )


def drawn(batch: Batch, seen: Seen) -> list[Any]:
    """The items of a batch, where they are known."""
    items = batch.items.tolist() if hasattr(batch.items, "tolist") else batch.items
    several = items if isinstance(items, (list, tuple, range)) else [items]
    return [each for each in several if each is not None] if seen.in_order else []  # a stream draws Nones


def _items(batch: Batch, seen: Seen) -> str:
    items = drawn(batch, seen)
    more = ", ..." if len(items) > LISTED else ""
    return f" (items {', '.join(map(str, items[:LISTED]))}{more})" if items else ""


def short_of(seen: Seen, rest: Sequence[Batch], own: Share) -> Verdict:
    """Too little is loaded: by one worker, by all at once, or by all in turn; computing, or waiting."""
    because, why, more = supply(seen, own)
    then = THEN["CHEAPER"] if not more else THEN["MORE"] if seen.workers else THEN["WORKERS"]
    if not seen.workers and not seen.known:
        because, then = "by whom is not seen", THEN["UNKNOWN"]
    place, part = one_in_turn(seen, rest)
    if part is None:
        return Verdict("STARVED", because, why, then=then)
    said = f"{100 * part:.0f} % of that before one batch in {seen.workers} (i mod {seen.workers} = {place})"
    ahead = [each.ahead for each in rest if each.index % seen.workers == place and each.ahead is not None]
    if ahead and seen.prefetch > 1 and median(ahead) > seen.workers - 1:
        far = f"when its batch came, {median(ahead):.0f} later ones lay ready"
        return Verdict("SLOW WORKER", f"worker {place}, others wait for it", (said, far))
    return Verdict("BURSTS", because, (said, *why), then=then)


def one_in_turn(seen: Seen, rest: Sequence[Batch]) -> tuple[int, float | None]:
    """Which of the workers' places has the longest waits, and which part of all waiting lies on the longest wait of
    each turn; None where they are spread evenly.
    """
    turns: dict[tuple[int, int], list[Batch]] = {}
    for each in rest if seen.workers > 1 and seen.in_order else ():
        turns.setdefault((each.epoch, each.index // seen.workers), []).append(each)
    whole = [turn for turn in turns.values() if len(turn) == seen.workers]
    if not whole:
        return 0, None
    longest = [max(turn, key=lambda each: each.wait) for turn in whole]
    part = sum(each.wait for each in longest) / max(1e-9, sum(each.wait for turn in whole for each in turn))
    places = [each.index % seen.workers for each in longest]
    place = max({*places}, key=places.count)
    return place, part if part >= (1 + 1 / seen.workers) / 2 else None


def supply(seen: Seen, own: Share) -> tuple[str, tuple[str, ...], bool]:
    """What those who load do, in words; numbers; and whether more workers could help."""
    if not seen.workers:
        because = "the main process loads" + (", and computes" if own.low >= COMPUTING else "")
        return because + (", and waits" if own.high < WAITING else ""), (f"it computed for {own} of that",), True
    if len(seen.looks) < LOOKS:
        return "", (f"workers: {seen.workers}",), True
    spans = [each.seconds for each in seen.looks]
    had = [seen.workers * each.seconds - sum(each.queued) for each in seen.looks]
    computed = share([sum(each.cpu) for each in seen.looks], had)
    used = share([sum(each.cpu) + each.main_cpu for each in seen.looks], [seen.cores * each for each in spans])
    why = (f"workers computed for {computed} of their time", f"we used {used} of {seen.cores:g} cores")
    if used.value >= FULL:
        return "for want of cores", why, False
    if computed.low >= COMPUTING:
        return "its workers compute, and cores are free", why, True
    if computed.high < WAITING:
        read = sum(each.read for each in seen.looks) / sum(spans)
        disk = f"they had {read / 1e6:.0f} MB/s from disks" if read > 1e6 else why[1]
        return "its workers wait", (why[0], disk), True
    return "its workers compute and wait", why, True


THEN = {
    "FED": "leave the loader as it is; for more speed, work on the step",
    "START-UP": "persistent_workers=True, and less work when a worker begins; longer epochs",
    "STRAGGLER": "make the items of these batches like the others; else in_order=False or a larger prefetch_factor",
    "SLOW WORKER": "look at what its items have in common (i mod num_workers), and shuffle them",
    "MORE": "more workers: python tune_num_workers.py mymodule:make_loader --step mymodule:step",
    "WORKERS": "use workers: python tune_num_workers.py mymodule:make_loader --step mymodule:step",
    "UNKNOWN": "look at what makes the batches: of loaders that wrap others, give doctor() the one inside",
    "CHEAPER": "cheaper items (decode smaller, cache what repeats, move work to the GPU); more workers bring nothing",
    "RECEIVE": "fewer and larger tensors in a batch; smaller types, such as uint8",
    "SAMPLER": "draw the indices before the loop, or with fewer steps of Python",
    "TOO MANY WORKERS": "fewer workers; how many: python tune_num_workers.py mymodule:make_loader",
    "THREADS": "one thread in each worker: torch.set_num_threads(1) and OMP_NUM_THREADS=1, or cv2.setNumThreads(0)",
    "NEIGHBOUR": "look who has them with `top`; leave them theirs: fewer workers, or another time",
    "THROTTLED": "no more workers than the quota has cores, or a larger quota",
    "MEMORY": "fewer workers, a smaller prefetch_factor, or a dataset that is not copied into each",
    "UNSYNCHRONISED": "doctor(loader, synchronize=...) with your accelerator's synchronize, to measure",
    "TOO FEW BATCHES": "let it go on; short epochs are added up",
    "TOO NOISY": "let it go on for longer, or measure when nobody else is on the machine",
}


# What is told.


def report(verdict: Verdict, now: str = "", ranks: str = "") -> str:
    """In lines of 80 columns at most, but for the link at the end."""
    lines = {
        "why": "; ".join(verdict.why),
        "gain": f"at most {verdict.gain:.2g} times as fast, if loading cost nothing" if verdict.gain else "",
        "next": verdict.then,
        "also": verdict.second,
        "ranks": ranks,
        "now": now,
        "unseen": "; ".join(verdict.lacks),
    }
    told = [verdict.name + (f", {verdict.because}" if verdict.because else "")]
    for name, text in lines.items():
        told += textwrap.wrap(text, 79, initial_indent=f"  {name:<8}", subsequent_indent=" " * 10) if text else []
    return "\n".join([*told, *([f"  play    {verdict.simulator}"] if verdict.simulator else [])])


# The machine. `root` is another place for its files than /.


def usable_cores(root: Path = Path("/")) -> float:
    """The tighter of affinity and quota, divided among the ranks where the launcher has not divided it."""
    own = launcher = float(os.cpu_count() or 1)
    if sys.platform == "linux":
        own, launcher = float(len(os.sched_getaffinity(0))), float(len(os.sched_getaffinity(os.getppid())))
    quotas = []
    for version, folder in control_groups(root, "cpu"):
        names = ["cpu.max"] if version == 2 else ["cpu.cfs_quota_us", "cpu.cfs_period_us"]
        quota, _, period = " ".join(text_of(folder / name) for name in names).partition(" ")
        if quota.isdigit():
            quotas.append(int(quota) / int(period))
    return min(own, min([launcher, *quotas]) / int(os.environ.get("LOCAL_WORLD_SIZE", 1)))


def control_groups(root: Path, kind: str) -> Iterator[tuple[int, Path]]:
    """The groups that limit this process, from its own one up: their version, and their folder."""
    for line in text_of(root / "proc/self/cgroup").splitlines():
        _, kinds, group = line.split(":", 2)
        if not kinds or kind in kinds.split(","):
            top = root / "sys/fs/cgroup" / (kind if kinds else "")
            folder = top / group.strip("/")
            yield from ((1 if kinds else 2, each) for each in (folder, *folder.parents) if each.is_relative_to(top))


def memory_held(root: Path) -> tuple[float, int]:
    """Of the group that is nearest to its limit of memory: which share of it is held by what is no file's copy, and so
    cannot be dropped; and how often the limit was reached.
    """
    found = [(0.0, 0)]
    for version, folder in control_groups(root, "memory"):
        names = ("max", "events") if version == 2 else ("limit_in_bytes", "failcnt")
        limit, events = (text_of(folder / f"memory.{name}") for name in names)
        told = counts_in(folder / "memory.stat")
        held = sum(told.get(kind, 0) for kind in ("active_anon", "inactive_anon", "unevictable"))
        if limit.isdigit() and (reached := re.search(r"^(?:max )?(\d+)$", events, re.MULTILINE)):
            found.append((held / max(1, int(limit)), int(reached[1])))
    return max(found)


def counts_in(file: Path) -> dict[str, int]:
    """Names and numbers, of a file that has a pair of them in each line."""
    return {name: int(count) for name, count in re.findall(r"(?m)^(?:total_)?(\w+):? (\d+)$", text_of(file))}


def text_of(file: Path | str) -> str:
    try:
        with open(file, encoding="utf-8") as opened:
            return opened.read().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def tasks_of(process: int | str, root: Path) -> list[tuple[float, float]]:
    """CPU-seconds, and seconds without a core, of each thread; the busiest first. Empty where this is not told."""
    found = []
    with suppress(OSError):
        for task in os.listdir(root / f"proc/{process}/task"):
            told = text_of(f"{root}/proc/{process}/task/{task}/schedstat").split()
            if len(told) == 3:
                found.append((int(told[0]) / 1e9, int(told[1]) / 1e9))
    return sorted(found, reverse=True)


@dataclass(frozen=True)
class Reading:
    """What has come together until now. `workers`: of each, CPU-seconds, seconds without a core, and CPU-seconds of all
    but its three busiest threads, as many as any worker has; None where this is not told. `main`: the first two.
    """

    at: float
    workers: tuple[tuple[float, ...], ...] | None
    main: tuple[float, float]
    periods: tuple[int, int]
    stalled: float
    memory: tuple[float, int]
    read: float


def grown(now: Sequence[float], before: Sequence[float]) -> list[float]:
    return [max(0.0, new - old) for new, old in zip(now, before, strict=True)]


class Machine:
    """What /proc and the control groups tell of these workers since the last look."""

    def __init__(self, root: Path, workers: Sequence[int]) -> None:
        self.root, self.workers, self.pause = root, workers, PAUSE
        self.last: Reading | None = None
        pressures = [folder / "memory.pressure" for _, folder in control_groups(root, "memory")]
        self.pressure = next(filter(text_of, [*pressures, root / "proc/pressure/memory"]), None)

    def is_due(self, now: float) -> bool:
        return self.last is None or now - self.last.at >= self.pause

    def periods(self) -> tuple[int, int]:
        """Periods of the quota in which it was used up, and all, of the group that is throttled most."""
        found = [(0, 0)]
        for _, folder in control_groups(self.root, "cpu"):
            told = counts_in(folder / "cpu.stat")
            found.append((told.get("nr_throttled", 0), told.get("nr_periods", 0)))
        return max(found)

    def read(self) -> Reading:
        now = time.perf_counter()
        tasks, main = [tasks_of(worker, self.root) for worker in self.workers], tasks_of("self", self.root)
        workers = tuple((*map(sum, zip(*each, strict=True)), sum(cpu for cpu, _ in each[3:])) for each in tasks)
        stalled = re.search(r"^some .*total=(\d+)$", text_of(self.pressure or ""), re.MULTILINE)
        return Reading(
            now,
            workers if main and all(tasks) else None,  # pyrefly: ignore[bad-argument-type]
            (time.process_time(), sum(queued for _, queued in main)),
            self.periods(),
            int(stalled[1]) / 1e6 if stalled else 0.0,
            memory_held(self.root),
            sum(counts_in(self.root / f"proc/{worker}/io").get("read_bytes", 0) for worker in self.workers),
        )

    def look(self) -> Look | None:
        """None at the first look, and where this system tells nothing of a worker."""
        cost = time.thread_time()
        last, self.last = self.last, (now := self.read())
        self.pause = max(PAUSE, (time.thread_time() - cost) / COST)
        if last is None or last.workers is None or now.workers is None:
            return None
        since = [grown(*each) for each in zip(now.workers, last.workers, strict=True)]
        used_up, periods = grown(now.periods, last.periods)
        at_limit = float(now.memory[0] >= HELD and now.memory[1] > last.memory[1])
        return Look(
            seconds=now.at - last.at,
            cpu=tuple(each[0] for each in since),
            queued=tuple(each[1] for each in since),
            threads=sum(each[2] for each in since),
            main_cpu=now.main[0] - last.main[0],
            main_queued=max(0.0, now.main[1] - last.main[1]),
            throttled=used_up / periods if periods > 0 else 0.0,
            stalled=(now.stalled - last.stalled) / (now.at - last.at) if self.pressure else at_limit,
            held=now.memory[0],
            read=max(0.0, now.read - last.read),
        )


# The loop.


class TimedSampler:
    """What a loader's sampler yields, how long it took, and for which batch."""

    def __init__(self, sampler: Iterator[Any], first: int) -> None:
        self.sampler, self.next, self.seconds = sampler, first, 0.0
        self.drawn: dict[int, Any] = {}

    def __iter__(self) -> "TimedSampler":
        return self

    def __next__(self) -> Any:
        began = time.perf_counter()
        try:
            self.drawn[self.next] = next(self.sampler)
        finally:
            self.seconds += time.perf_counter() - began
        self.next += 1
        return self.drawn[self.next - 1]


def cuda_event() -> Any:
    event = torch.cuda.Event(enable_timing=True)
    event.record()
    return event


def asynchronous() -> str:
    """The accelerator on which this process computes: `cuda`, `another` or none."""
    if torch.cuda.is_initialized():
        return "cuda"
    mps = torch.backends.mps.is_available() and torch.mps.current_allocated_memory() > 0
    return "another" if mps or torch.xpu.is_initialized() else ""


def cpu_clock(thread: Any) -> Callable[[], float]:
    """CPU-seconds of a thread of this process, such as the one that receives batches and pins them; 0 where there is
    none, or this system does not tell.
    """
    if thread is None or not hasattr(time, "pthread_getcpuclockid"):
        return lambda: 0.0
    clock = time.pthread_getcpuclockid(thread.ident)  # type: ignore  (POSIX)

    def seconds() -> float:
        try:
            return time.clock_gettime(clock)  # type: ignore  (POSIX)
        except OSError:  # it has ended
            return 0.0

    return seconds


class History:
    """What was seen of a loader in all its epochs, and what was said of it."""

    def __init__(self, number: int, root: Path) -> None:
        self.number, self.root = number, root
        self.batches: deque[Batch] = deque(maxlen=MOST)
        self.looks: deque[tuple[int, Look]] = deque(maxlen=MOST)
        self.workers: list[int] = []
        self.known = True
        self.epoch, self.said, self.lacks = -1, ("", 0), list[str]()

    def forget(self) -> None:
        """All epochs but the last ones that together have enough batches."""
        by_epoch = Counter(each.epoch for each in self.batches)
        found, first = 0, self.epoch
        for epoch in sorted(by_epoch, reverse=True):
            if found < BATCHES:
                found, first = found + by_epoch[epoch], epoch
        while self.batches and self.batches[0].epoch < first:
            self.batches.popleft()
        while self.looks and self.looks[0][0] < first:
            self.looks.popleft()


class Watched:
    """A loader that is watched while it is iterated over. It gives what the loader gives."""

    def __init__(
        self, loader: Iterable[Any], history: History, json_file: str | None, synchronize: Callable[[], object] | None
    ) -> None:
        self.loader, self.history, self.json_file, self.synchronize = loader, history, json_file, synchronize
        self.machine = Machine(history.root, [])
        self.marks: deque[tuple[Batch, Any, Any, Any]] = deque()
        self.asked = (0, 0.0)

    def __len__(self) -> int:
        return len(self.loader)  # pyrefly: ignore[bad-argument-type]

    def __getattr__(self, name: str) -> Any:
        """What is the loader's, as in `doctor(loader).sampler.set_epoch(3)`."""
        if name == "loader":  # not there yet, as in a copy
            raise AttributeError(name)
        return getattr(self.loader, name)

    def __iter__(self) -> Iterator[Any]:
        self.history.epoch += 1
        whole = False
        with self.telling_on_signal():
            try:
                yield from self.watch()
                whole = True
            finally:
                self.asked = (0, 0.0)
                self.tell(whole)

    def watch(self) -> Iterator[Any]:
        asked, own = time.perf_counter(), time.thread_time()
        self.asked = (0, asked)
        there = {child.pid for child in multiprocessing.active_children()}
        batches, sampler = self.begin(there)
        pinning = cpu_clock(getattr(batches, "_pin_memory_thread", None))
        last, pinned, usual = None, pinning(), 0.0
        for index in count():
            drawing = sampler.seconds
            try:
                batch = next(batches)
            except StopIteration:
                return
            got = time.perf_counter()
            own = time.thread_time() - own + max(0.0, pinning() - pinned)
            wait, ahead, drawing = got - asked, self.ahead(batches), sampler.seconds - drawing
            self.asked = (0, 0.0)
            if index == 0 and not hasattr(batches, "_sampler_iter"):  # those of a generator start with its first batch
                self.find_workers(batches, there)
            drawn = sampler.drawn.pop(index, None)
            items = drawn if wait >= LONG * usual else None  # a straggler's alone: all of them would take memory
            usual += (wait - usual) / (index + 1) if index >= len(self.history.workers) else 0.0
            if self.machine.is_due(got) and (look := self.machine.look()):
                self.history.looks.append((self.history.epoch, look))
            start = cuda_event() if not self.synchronize and asynchronous() == "cuda" else None
            handed = time.perf_counter()
            yield batch
            del batch
            if self.synchronize:
                self.synchronize()
            end = cuda_event() if start else None
            asked = time.perf_counter()
            now = Batch(self.history.epoch, index, wait, asked - handed, own, drawing, ahead, items)
            own, pinned, self.asked = time.thread_time(), pinning(), (index + 1, asked)
            if start:
                self.marks.append((now, last, start, end))
                self.settle(wait=False)
            else:
                self.history.batches.append(now)
            last = end

    def find_workers(self, batches: Iterator[Any], there: set[int | None]) -> None:
        """torch's own, or the processes that were not `there` before; else those that have been kept."""
        pids = [child.pid for child in multiprocessing.active_children()]
        found = [pid for pid in pids if pid not in there] or [pid for pid in pids if pid in self.history.workers]
        own = getattr(batches, "_workers", None)
        self.history.workers = sorted(filter(None, found)) if own is None else [worker.pid for worker in own]
        self.history.known = bool(self.history.workers) or hasattr(batches, "_sampler_iter")
        self.machine = Machine(self.history.root, self.history.workers)

    def begin(self, there: set[int | None]) -> tuple[Iterator[Any], Any]:
        """Begin an epoch, and find its workers and its sampler."""
        batches = iter(self.loader)
        self.history.lacks = []
        self.find_workers(batches, there)
        sampler = TimedSampler(iter(()), 0)
        if isinstance(inner := getattr(batches, "_sampler_iter", None), Iterator):
            inner = inner.sampler if isinstance(inner, TimedSampler) else inner
            sampler = batches._sampler_iter = TimedSampler(inner, getattr(batches, "_send_idx", 0))  # pyrefly: ignore[missing-attribute]  (torch's own)
        elif isinstance(self.loader, torch.utils.data.DataLoader):
            self.history.lacks.append("this torch does not show its sampler: no SAMPLER")
        if self.history.workers and self.ahead(batches) is None:
            self.history.lacks.append("this torch does not tell what has arrived: no SLOW WORKER")
        if not tasks_of("self", self.history.root):
            self.history.lacks.append("no /proc: nothing of cores, neighbours, quota and memory")
        elif not self.machine.pressure:
            self.history.lacks.append("no /proc/pressure: of memory, only whether a container is full")
        return batches, sampler

    def ahead(self, batches: Iterator[Any]) -> int | None:
        tasks = getattr(batches, "_task_info", None)
        return sum(len(each) > 1 for each in tasks.values()) if isinstance(tasks, dict) else None

    def settle(self, wait: bool) -> None:
        """Move batches whose steps the device has done to the others, by the device's clock."""
        while self.marks:
            now, last, start, end = self.marks[0]
            if wait:
                end.synchronize()
            elif not end.query():
                return
            waited = last.elapsed_time(start) / 1000 if last else now.wait
            self.history.batches.append(replace(now, wait=waited, step=start.elapsed_time(end) / 1000))
            self.marks.popleft()

    def seen(self) -> Seen:
        self.history.forget()
        loader, workers = self.loader, len(self.history.workers)
        return Seen(
            [*self.history.batches],
            [look for _, look in self.history.looks],
            workers,
            getattr(loader, "prefetch_factor", None) or 2,
            usable_cores(self.history.root),
            not workers or bool(getattr(loader, "persistent_workers", False)),
            bool(getattr(loader, "in_order", True)),
            self.history.known,
            not self.synchronize and asynchronous() == "another",
            not self.synchronize and asynchronous() == "cuda",
            bool(tasks_of("self", self.history.root)),
            tuple(self.history.lacks),
        )

    @contextmanager
    def telling_on_signal(self) -> Iterator[None]:
        asked = getattr(signal, "SIGUSR1", None)
        in_main = threading.current_thread() is threading.main_thread()
        if asked is None or not in_main or signal.getsignal(asked) is not signal.SIG_DFL:
            yield
            return
        signal.signal(asked, lambda *_: self.tell_now())
        try:
            yield
        finally:
            with suppress(ValueError):  # a loop that was left may be cleared away by another thread
                signal.signal(asked, signal.SIG_DFL)

    def tell_now(self) -> None:
        index, since = self.asked
        now = f"waiting for batch {index} for {time.perf_counter() - since:.1f} s" if since else "the step runs"
        with suppress(RuntimeError):  # the signal came in the middle of another line
            print(report(judge(self.seen()), now), flush=True)

    def tell(self, whole: bool) -> None:
        with suppress(RuntimeError):  # a GPU that has failed, as the reader's own error says
            self.settle(wait=whole)
        verdict = judge(self.seen())
        found = ranks_of(verdict, f"loader_doctor/{self.history.number}/{self.history.epoch}") if whole else [verdict]
        if not found:
            return
        waited = [each.waited.value if each.waited else 0.0 for each in found]
        slowest = waited.index(max(waited))
        verdict, ranks = found[slowest], ""
        if len(found) > 1:
            shares = ", ".join(f"{rank}: {each.waited or '-'}" for rank, each in enumerate(found))
            ranks = f"this is rank {slowest}, for which the others wait in their steps; waited of each: {shares}"
        self.write(verdict)
        if (verdict.name, slowest) != self.history.said:
            self.history.said = verdict.name, slowest
            print(report(verdict, ranks=ranks), flush=True)

    def write(self, verdict: Verdict) -> None:
        """The file, whole or not at all: by rank 0, where all ranks have come to their end."""
        if not self.json_file:
            return
        text = re.sub(r"-?Infinity|NaN", "null", json.dumps(asdict(verdict), indent=1, default=str))
        new = Path(f"{self.json_file}.{os.getpid()}")
        try:
            new.write_text(f"{text}\n", encoding="utf-8")
            os.replace(new, self.json_file)
        except OSError as error:
            print(f"the doctor cannot write its file: {error}", file=sys.stderr)


def ranks_of(verdict: Verdict, key: str) -> list[Verdict]:
    """The verdicts of all ranks, on rank 0; nothing on the others. Through the store in which ranks have found each
    other, for a collective would hang where one of them has broken off.
    """
    if not (distributed.is_available() and distributed.is_initialized()) or distributed.get_world_size() == 1:
        return [verdict]
    try:
        store = distributed.distributed_c10d._get_default_store()
    except AttributeError:
        return [verdict]
    own, found = distributed.get_rank(), []
    store.set(f"{key}/{own}", json.dumps(asdict(verdict), default=str))
    with suppress(RuntimeError):
        for rank in range(distributed.get_world_size() if own == 0 else 0):
            store.wait([f"{key}/{rank}"], PATIENCE)
            told = json.loads(store.get(f"{key}/{rank}"))
            found.append(Verdict(**{**told, "waited": Share(**told["waited"]) if told["waited"] else None}))  # pyrefly: ignore[bad-argument-type]
    return found or ([verdict] if own == 0 else [])


HISTORIES: "weakref.WeakKeyDictionary[Any, History]" = weakref.WeakKeyDictionary()
NUMBERS = count()


def doctor(
    loader: Iterable[Any],
    json_file: str | None = None,
    synchronize: Callable[[], object] | None = None,
    root: Path = Path("/"),
) -> Watched:
    """The loader, watched: iterate over this in its place. What was seen in earlier epochs is kept.

    `synchronize`: waits until the step is done, on an accelerator other than a CUDA GPU; it is called after each step.
    """
    history = History(next(NUMBERS), root)
    with suppress(TypeError):  # of a list, say, to which nothing can refer weakly
        history = HISTORIES.setdefault(loader, history)
    return Watched(loader, history, json_file, synchronize)
