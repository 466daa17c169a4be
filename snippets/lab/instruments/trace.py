"""Who worked when, in an unpatched DataLoader: main and workers write down their own spans.

The clock is `time.perf_counter`, which on Linux and macOS is one clock for all processes of a machine.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

from torch.utils.data import DataLoader, Dataset, default_collate, get_worker_info

from snippets.lab.instruments.experiment import Sample, Span

Interval = tuple[float, float]
"""Start and end, by `time.perf_counter`."""

_items: list[Interval] = []
_log: TextIO | None = None


class TracedDataset(Dataset):
    """Remembers when each item of the wrapped dataset was fetched."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset

    def __len__(self) -> int:
        return len(self.dataset)  # pyrefly: ignore[bad-argument-type]  (map-style datasets have a length)

    def __getitem__(self, index: int) -> Any:
        start = perf_counter()
        item = self.dataset[index]
        _items.append((start, perf_counter()))
        return item


class TracedCollate:
    """Collates, then writes one line per batch: when it was fetched, when collated."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, items: list[Any]) -> Any:
        start = perf_counter()
        batch = default_collate(items)
        end = perf_counter()
        fetched = (_items[0][0], _items[-1][1])
        _items.clear()
        _write(self.folder, {"fetch": fetched, "collate": (start, end)})
        return batch


class NoteStart:
    """As `worker_init_fn`: when this worker was ready for its first batch."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, worker: int) -> None:
        _close_log()  # a forked worker has its parent's
        _items.clear()
        _write(self.folder, {"ready": perf_counter()})


def _write(folder: str, line: dict[str, Any]) -> None:
    global _log
    if _log is None:
        worker = get_worker_info()
        name = f"worker {worker.id}" if worker else "main"
        _log = open(Path(folder) / name, "a", encoding="utf-8")  # noqa: SIM115  (open while the process lives)
    _log.write(json.dumps(line) + "\n")
    _log.flush()


def _close_log() -> None:
    global _log
    if _log:
        _log.close()
        _log = None


@dataclass(frozen=True)
class Recording:
    """What main and workers wrote down. All times are of `time.perf_counter`, those of the spans as well.

    `waits` and `steps`: one interval per batch, through all epochs. `starts` and `ends`: one per epoch, of
    `iter(loader)` and of the last `next`, which finds no batch and ends the workers.
    """

    spans: list[Span]
    waits: list[Interval]
    steps: list[Interval]
    starts: list[Interval]
    ends: list[Interval]

    @property
    def began(self) -> float:
        return self.starts[0][0]

    def since_began(self) -> list[Span]:
        """The spans in seconds since the recording began: main's first, and of each lane in the order of starts."""
        relative = [{**s, "start": s["start"] - self.began, "end": s["end"] - self.began} for s in self.spans]
        return sorted(relative, key=lambda s: (s["lane"] != "main", s["lane"], s["start"]))


def traced_epoch(dataset: Dataset, step: Callable[[Any], None], **options: Any) -> Sample:
    """One epoch of `DataLoader(dataset, **options)` with `step(batch)` after each batch; values as of `traced_epochs`.

    Where the epoch is long enough, also `per_batch` in s, and two shares of it, 0 to 1: `waited_steady`, in which no
    step ran, and `unready_steady`, in which a worker had not made the batch yet. They are taken after the first
    (prefetch_factor + 1) x num_workers batches. So whatever it takes to start workers is no part of them, nor that one
    worker may be ready before another.
    """
    recording = record(1, dataset, step, **options)
    values = _values(recording)
    head_start = (options.get("prefetch_factor", 2) + 1) * options.get("num_workers", 0) or 1
    if steady := recording.steps[head_start:]:
        elapsed = steady[-1][1] - recording.steps[head_start - 1][1]
        values["per_batch"] = elapsed / len(steady)
        values["waited_steady"] = 1 - _stepped(steady) / elapsed
        waits = [span for span in recording.spans if span["role"] == "wait" and span["batch"] >= head_start]
        values["unready_steady"] = sum(span["end"] - span["start"] for span in waits) / elapsed
    return Sample(values, recording.since_began())


def traced_epochs(epochs: int, dataset: Dataset, step: Callable[[Any], None], **options: Any) -> Sample:
    """Epochs of `DataLoader(dataset, **options)`, one after the other, with `step(batch)` after each batch.

    Values: `total` in s (start-up and shutdown included), `first_batch` and `shutdown` (the last) in s; `waited`,
    the share (0 to 1) of the time from the start to the end of the last step in which no step ran,
    `waited_after_first`, the same from the first batch on, and `wait 0`, `wait 1`, …, the seconds from asking for each
    batch to having it. Raises what `record` does.
    """
    recording = record(epochs, dataset, step, **options)
    return Sample(_values(recording), recording.since_began())


def _values(recording: Recording) -> dict[str, float]:
    stepped = _stepped(recording.steps)
    return {
        "total": recording.ends[-1][1] - recording.began,
        "first_batch": recording.waits[0][1] - recording.began,
        "waited": 1 - stepped / (recording.steps[-1][1] - recording.began),
        "waited_after_first": 1 - stepped / (recording.steps[-1][1] - recording.steps[0][0]),
        "shutdown": recording.ends[-1][1] - recording.ends[-1][0],
        **{f"wait {batch}": end - start for batch, (start, end) in enumerate(recording.waits)},
    }


def _stepped(steps: list[Interval]) -> float:
    return sum(end - start for start, end in steps)


def record(epochs: int, dataset: Dataset, step: Callable[[Any], None], **options: Any) -> Recording:
    """Run the epochs and write down who does what.

    Each epoch's batches must be a multiple of its workers, if there is another one after it: worker i then makes
    batches i, i + num_workers, … throughout; else this raises ValueError. Batches must be delivered in order.
    """
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        # Of an epoch that broke off.
        _close_log()
        _items.clear()
        loader = DataLoader(
            TracedDataset(dataset),
            collate_fn=TracedCollate(folder),
            worker_init_fn=NoteStart(folder),
            **options,
        )
        if epochs > 1 and loader.num_workers and len(loader) % loader.num_workers:
            raise ValueError(f"{len(loader)} batches are not a multiple of {loader.num_workers} workers")
        waits, steps, starts, ends = [], [], [], []
        for _ in range(epochs):
            epoch_start = perf_counter()
            batches = iter(loader)
            starts.append((epoch_start, perf_counter()))
            while True:
                asked_at = perf_counter()
                try:
                    batch = next(batches)
                except StopIteration:
                    break
                got_at = perf_counter()
                step(batch)
                waits.append((asked_at, got_at))
                steps.append((got_at, perf_counter()))
            del batches
            ends.append((asked_at, perf_counter()))
        _close_log()
        lines = {name: _read(Path(folder) / name) for name in sorted(os.listdir(folder))}
    spans = [_span("main", "start-up", start, end) for start, end in starts]
    spans += [_span("main", "shutdown", start, end) for start, end in ends]
    spans += [_span("main", "step", start, end, i) for i, (start, end) in enumerate(steps)]
    spans += _loading(lines, waits, [start for start, _ in starts], loader.num_workers)
    return Recording(spans, waits, steps, starts, ends)


def _loading(lines: dict[str, list[Any]], waits: list[Interval], epoch_starts: list[float], workers: int) -> list[Span]:
    """Start-up of workers, fetch, collate, wait and receive, from the lines that each lane wrote. In order, batch i
    comes from worker i mod `workers`.
    """
    spans, collated = [], {}
    for lane, entries in lines.items():
        ready = [e["ready"] for e in entries if "ready" in e]
        spans += [_span(lane, "start-up", epoch, at) for epoch, at in zip(epoch_starts, ready, strict=False)]
        for k, entry in enumerate(e for e in entries if "fetch" in e):
            batch = int(lane.split()[1]) + k * workers if workers else k
            spans.append(_span(lane, "fetch", entry["fetch"][0], entry["fetch"][1], batch))
            spans.append(_span(lane, "collate", entry["collate"][0], entry["collate"][1], batch))
            collated[batch] = entry["collate"][1]
    if workers:
        for batch, (asked_at, got_at) in enumerate(waits):
            available_at = min(max(asked_at, collated[batch]), got_at)
            spans.append(_span("main", "wait", asked_at, available_at, batch))
            spans.append(_span("main", "receive", available_at, got_at, batch))
    return spans


def _span(lane: str, role: str, start: float, end: float, batch: int | None = None) -> Span:
    return {"lane": lane, "role": role, "start": start, "end": end, "batch": batch}


def _read(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
