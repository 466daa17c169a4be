"""The same items by the main process, by workers and by threads, and a step in Python beside them: what is loaded, what
is timed, what is claimed and said. And the loader that readers copy.

What it does not prove: what threads load. Each build measures and judges that.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from snippets.experiments.thread_loader import measure, show
from snippets.experiments.thread_loader.arms import (
    BESIDE_DECODING,
    BESIDE_THREAD,
    BESIDE_WORKER,
    IN_PYTHON,
    KINDS,
    LARGE,
    PHOTOS,
    UNDISTURBED,
    WAITS,
    alone,
    threads,
    workers,
)
from snippets.lab.figures.figure import Bars
from snippets.pages.load_in_threads.thread_loader import load_in_threads

from .dry_run import clock, first_loader
from .results import plain, plain_values, result, statistics

PER_BATCH = {
    WAITS: (0.008, 0.004, 0.005),
    PHOTOS: (0.009, 0.006, 0.005),
    IN_PYTHON: (0.01, 0.005, 0.0125),
    LARGE: (0.004, 0.01, 0.0025),
}
"""Of the main process alone, of 2 workers and of 2 threads."""
FIRST = (0.01, 0.06, 0.012)
STEPS = {UNDISTURBED: 0.02, BESIDE_WORKER: 0.024, BESIDE_THREAD: 0.048, BESIDE_DECODING: 0.025}
MEASURED = result(
    "per_batch",
    {
        **{
            arm(kind): {"per_batch": seconds, "first_batch": first}
            for kind in KINDS
            for arm, seconds, first in zip((alone, workers, threads), PER_BATCH[kind], FIRST, strict=True)
        },
        **{arm: {"per_batch": seconds} for arm, seconds in STEPS.items()},
    },
    large_bytes=12_600_000,
)


class Numbers:
    """Notes the threads that ask for items. Item 0 waits until it may go on; items from `broken` on raise."""

    def __init__(self, broken: int = 100) -> None:
        self.broken, self.asked, self.by = broken, set[int](), set[int]()
        self.may_go_on = threading.Event()

    def __getitem__(self, index: int) -> int:
        self.asked.add(index)
        self.by.add(threading.get_ident())
        if index == 0:
            assert self.may_go_on.wait(30)
        if index >= self.broken:
            raise ValueError(f"item {index}")
        return index


def loaders_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("loader")]


def until(true: Any) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.001)


# The loader.


def test_batches_come_in_order_and_by_several_threads() -> None:
    """Though the first is ready last. `collate_fn` gets lists."""
    numbers = Numbers()
    batches = [[0, 1], [2, 3], [4]]
    loading: Iterator[Any] = load_in_threads(numbers, batches, num_threads=2, ahead=2, collate_fn=tuple)
    threading.Thread(target=lambda: (until(lambda: 4 in numbers.asked), numbers.may_go_on.set())).start()
    assert [*loading] == [(0, 1), (2, 3), (4,)]
    assert len(numbers.by) == 2 and threading.get_ident() not in numbers.by
    assert loaders_threads() == []


def test_no_more_batches_are_loaded_ahead_than_may_be() -> None:
    numbers = Numbers()
    numbers.may_go_on.set()
    loading = load_in_threads(numbers, [[index] for index in range(10)], num_threads=2, ahead=3)
    assert next(loading).tolist() == [0]
    until(lambda: numbers.asked == {0, 1, 2, 3})
    time.sleep(0.05)
    assert numbers.asked == {0, 1, 2, 3}
    assert next(loading).tolist() == [1]
    until(lambda: numbers.asked == {0, 1, 2, 3, 4})
    loading.close()


def test_an_item_that_fails_raises_at_its_batch() -> None:
    numbers = Numbers(broken=3)
    numbers.may_go_on.set()
    loading = load_in_threads(numbers, [[0, 1], [2], [3], [4]], num_threads=2, ahead=3)
    assert [next(loading).tolist(), next(loading).tolist()] == [[0, 1], [2]]
    with pytest.raises(ValueError, match="item 3"):
        next(loading)
    assert loaders_threads() == []


def test_who_leaves_early_leaves_no_thread_behind_and_no_batch_to_load() -> None:
    class Slow(Numbers):
        def __getitem__(self, index: int) -> int:
            time.sleep(0.02)
            return super().__getitem__(index)

    numbers = Slow()
    numbers.may_go_on.set()
    for _ in load_in_threads(numbers, [[index] for index in range(40)], num_threads=2, ahead=39):
        break
    assert loaders_threads() == []
    assert len(numbers.asked) < 40, "what had not begun is cancelled"


# The arms.


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What our loader was asked for, in its place: batches of nothing."""
    calls: list[dict[str, Any]] = []

    def load(dataset: Any, batch_sampler: Any, num_threads: int, ahead: int, **settings: Any) -> Iterator[None]:
        calls.append({"dataset": dataset, "batch": len(next(iter(batch_sampler))), "threads": num_threads})
        calls[-1] |= {"ahead": ahead, **settings, "torch": torch.get_num_threads()}
        while True:
            yield None

    monkeypatch.setattr(measure, "load_in_threads", load)
    monkeypatch.setattr(measure, "SECONDS", 0.0)
    return calls


def test_workers_and_threads_load_the_same_batches(taken: list[dict[str, Any]], three_threads: None) -> None:
    """As many ahead, with one thread of torch's, as in a worker."""
    with measure.EXPERIMENT.prepared() as arms:
        for kind in KINDS:
            none, two = first_loader(arms[alone(kind)]), first_loader(arms[workers(kind)])
            taken.clear()
            arms[threads(kind)]()
            (ours,) = taken
            assert none.dataset is two.dataset is ours["dataset"]
            assert none.batch_size == two.batch_size == ours["batch"]
            assert none.collate_fn == two.collate_fn and ours.get("collate_fn") in (None, two.collate_fn)
            assert two.num_workers * two.prefetch_factor == ours["ahead"] == measure.AHEAD
            assert (ours["threads"], ours["torch"]) == (2, 1)
    assert torch.get_num_threads() == 3


def test_what_is_loaded_beside_a_step_takes_several_times_as_long(taken: list[dict[str, Any]]) -> None:
    """So that it has not ended when the step has: of items in Python both take as many loops as are said."""
    loops: list[int] = []
    with measure.EXPERIMENT.prepared() as arms, pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "compute", loops.append)
        for arm in (BESIDE_THREAD, BESIDE_DECODING):
            arms[arm]()
        worker = first_loader(arms[BESIDE_WORKER])
    python, photos = taken
    assert isinstance(python["dataset"], measure.InPython) and isinstance(photos["dataset"], measure.Photos)
    assert python["threads"] == photos["threads"] == worker.num_workers == 1
    assert python["batch"] == worker.batch_size > 3 * measure.STEP_ITEMS
    assert python["ahead"] == worker.prefetch_factor
    assert {*loops} == {measure.STEP_ITEMS * measure.LOOPS}


def test_an_item_in_python_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    loops: list[int] = []
    monkeypatch.setattr(measure, "compute", lambda count: loops.append(count) or 0)
    measure.InPython()[3]
    assert loops == [measure.LOOPS]
    monkeypatch.undo()
    assert measure.compute(15) == 42


def test_what_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SECONDS", 0.06)
    monkeypatch.setattr(measure, "time", clock(0.0, 2.0, 10.0, 10.03, 10.07, 10.08))
    given: list[None] = []
    batches = iter(lambda: given.append(None), 1)
    sample = measure.loading(lambda: batches, discarded=3)
    assert sample.values == {"first_batch": 2.0, "per_batch": pytest.approx(0.08 / 4)}
    assert len(given) == 1 + 3 + 4


def test_of_a_step_its_wait_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = [at for step in range(measure.STEPS) for at in (10.0 * step, 10.0 * step + 0.5)]
    monkeypatch.setattr(measure, "time", clock(*ticks))
    monkeypatch.setattr(measure, "compute", lambda loops: 0)
    assert measure.stepping(measure.nothing).values == {"per_batch": 0.5}


# What is claimed and said.


@pytest.mark.parametrize("has_gil", [True, False])
def test_where_there_is_no_gil_it_is_not_measured(has_gil: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """A free-threaded Python cannot be had here."""
    assert measure.EXPERIMENT.unavailable() is None
    monkeypatch.setattr(measure.sys, "_is_gil_enabled", lambda: has_gil, raising=False)
    assert (measure.EXPERIMENT.unavailable() is None) == has_gil


def test_claims() -> None:
    assert statistics("thread-loader", MEASURED) == pytest.approx(
        {
            "threads-wait-like-workers": 0.8,
            "threads-decode-at-the-same-time": 1.8,
            "threads-bring-nothing-to-python": 0.8,
            "workers-run-python-at-the-same-time": 2.0,
            "threads-need-no-hand-over": 4.0,
            "threads-start-sooner-than-workers": 5.0,
            "a-python-step-takes-turns-with-threads": 2.0,
        }
    )


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert values["large_size"] == "13 MB"
    assert [values[f"{kind}_threads"] for kind in ("waits", "photos", "python", "large")] == [
        "1.6 times",
        "1.8 times",
        "0.8 times",
        "1.6 times",
    ]
    assert [values[f"{kind}_workers"] for kind in ("waits", "photos", "python", "large")] == [
        "2.0 times",
        "1.5 times",
        "2.0 times",
        "0.4 times",
    ]
    assert (values["first_workers"], values["first_threads"]) == ("60 ms", "12 ms")
    steps = [values[f"step_{beside}"] for beside in ("alone", "worker", "thread", "decoding")]
    assert steps == ["20 ms", "24 ms", "48 ms", "25 ms"]


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "two threads load items that wait 1.6 times as fast, photos 1.8 times, items of pure Python 0.8" in message
    assert "two workers 2.0 times, 1.5 times, 2.0 times and 0.4 times." in message
    assert "A step in Python takes 20 ms, 24 ms beside a worker that runs Python, and 48 ms beside a thread" in message
    assert isinstance(figure.chart, Bars)
    bars = {group.label: [bar.value.median for bar in group.bars] for group in figure.chart.groups}
    assert bars["items of pure Python"] == pytest.approx([2.0, 0.8])
    assert bars["a step in Python"] == pytest.approx([20 / 24, 20 / 48, 0.8])
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert rows[workers(LARGE)] == ("10 (10 to 10)", "60 (60 to 60)")
    assert rows[BESIDE_THREAD] == ("48 (48 to 48)", "")
    assert len(rows) == 3 * len(KINDS) + len(STEPS)
