"""The quick benchmark of the optimization guide and its first version's, taken apart; `proves` has the guide's words.

What it does not prove: what either of them shows. Each build measures both.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.experiments.counting_datasets import Fetches
from snippets.experiments.first_benchmark import seconds_per_count
from snippets.pages.optimization_guide import quick_benchmark

from .pages import GUIDE_1
from .seeds import SEED_BLOCKS
from .sentences import proves


@proves(GUIDE_1, "64 is a multiple of every count above")
def test_what_the_corrected_benchmark_counts() -> None:
    """And several bursts of the largest."""
    window = inspect.signature(quick_benchmark.samples_per_second).parameters["window"].default
    counts = inspect.signature(quick_benchmark.compare).parameters["counts"].default
    assert window == 64
    assert [window % count for count in counts if count] == [0] * 4
    assert window / max(counts) > 1


@proves(GUIDE_1, "For each count it skips the first three rounds of batches and times 64 more.")
@pytest.mark.parametrize(("num_workers", "skipped"), [(0, 1), (4, 3 * 4 + 1)])
def test_the_corrected_benchmark_begins_after_the_head_start(
    num_workers: int, skipped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, seen = [0], []

    def batches(*_: Any, **__: Any) -> Iterator[None]:
        while True:
            asked[0] += 1
            yield

    monkeypatch.setattr(quick_benchmark, "DataLoader", batches)
    clock = SimpleNamespace(perf_counter=lambda: seen.append(asked[0]) or len(seen))
    monkeypatch.setattr(quick_benchmark, "time", clock)
    assert quick_benchmark.samples_per_second(Fetches(64), num_workers, batch_size=4) == 64 * 4
    assert seen == [skipped, skipped + 64]


@proves(GUIDE_1, "It does so three times, each time with the counts in random order, and gives the median.")
def test_the_corrected_benchmark_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def rate(_: Any, count: int) -> float:
        asked.append(count)
        return 100 * count + {1: 9, 2: 1, 3: 4}[asked.count(count)]

    monkeypatch.setattr(quick_benchmark, "samples_per_second", rate)
    monkeypatch.setattr(quick_benchmark.random, "sample", lambda counts, size: [*counts][::-1])
    assert quick_benchmark.compare(None) == {0: 4, 2: 204, 4: 404, 8: 804, 16: 1604}
    assert asked == [16, 8, 4, 2, 0] * 3


@proves(GUIDE_1, "The first version's benchmark timed start-up and shutdown together with loading.")
def test_the_first_benchmark_as_it_is_measured_is_the_one_that_was_written() -> None:
    """The loop that is measured says what the block said, piece by piece."""
    measured, written = (
        re.sub(r"\s+", "", code) for code in (inspect.getsource(seconds_per_count), SEED_BLOCKS["quick_benchmark"])
    )
    loader = "train_loader=DataLoader(dataset,batch_size=32,num_workers=num_workers)"
    for piece in (loader, "start=time.time()", "ifi==100:", "break", "end=time.time()", "end-start"):
        assert piece in written and piece in measured
