"""Ranks on one machine: which start, and end together, what is claimed of them and said.

What it does not prove: what they load. Each build measures and judges that.
"""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.experiments.ranks import measure, show
from snippets.experiments.ranks.arms import CASES, arm
from snippets.lab.figures.figure import Lines
from snippets.lab.instruments.experiment import AGAIN, Sample
from snippets.lab.instruments.starting import cheapest

from .results import claim, plain, plain_values, result, statistics

RATES = {(1, 0): 100, (1, 1): 90, (1, 2): 180, (2, 0): 150, (2, 1): 240, (2, 2): 300, (2, 4): 288}
ARMS = {arm(*case): {"throughput": rate, "slowest": rate / case[0]} for case, rate in RATES.items()}
MEASURED = result("throughput", {**ARMS, arm(2, 1) + AGAIN: {"throughput": 250}})
"""On a machine that could give two cores' worth of work."""


HANGS_AFTER = 60
"""Seconds. A guard against hangs, no statement about speed."""


@pytest.fixture
def forks() -> Iterator[None]:
    """Ranks are forked. Where they wait for one that is gone, for ever, the test fails and they end."""
    if cheapest() != "fork":
        pytest.skip("what these ranks do, only forked ones can")
    assert hasattr(signal, "SIGALRM") and hasattr(signal, "alarm")
    method = multiprocessing.get_start_method(allow_none=True)
    multiprocessing.set_start_method("fork", force=True)

    def ended(*_: object) -> None:
        raise TimeoutError("ranks still wait for each other")

    before = signal.signal(signal.SIGALRM, ended)
    signal.alarm(HANGS_AFTER)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    for rank in multiprocessing.active_children():
        rank.kill()
    multiprocessing.set_start_method(method, force=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: arm(*case))
def test_as_many_ranks_start_as_named(case: tuple[int, int], forks: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them a process; together they load what all of them told, and the slowest is the one with least."""
    ranks, workers = case
    started = multiprocessing.get_context("fork").Array("i", 8)

    def rank(dataset: Any, num_workers: int, together: Barrier, tell: Connection) -> None:
        with started.get_lock():
            order = started[:].index(0)
            started[order] = os.getpid()
        tell.send(1000.0 * together.parties + 100 * num_workers + order)

    monkeypatch.setattr(measure, "rank", rank)
    with measure.EXPERIMENT.prepared() as arms:
        assert len({*started[:]} - {0}) == 1, "before the first arm the pages are warmed"
        started[:] = [0] * 8
        sample = arms[arm(*case)]()
    processes = {*started[:]} - {0}
    assert len(processes) == ranks and os.getpid() not in processes
    slowest = 1000 * ranks + 100 * workers
    assert sample.values == {"slowest": slowest, "throughput": sum(slowest + each for each in range(ranks))}


def test_a_rank_begins_with_the_others_and_tells_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[Any] = []

    def time_for(loader: Any, seconds: float) -> Sample:
        happened.append((loader.num_workers, loader.batch_size, seconds))
        return Sample({"per_batch": 0.5})

    monkeypatch.setattr(measure, "start_cheaply", lambda module: happened.append("cheaply"))
    monkeypatch.setattr(torch, "set_num_threads", lambda count: happened.append(f"{count} threads"))
    monkeypatch.setattr(measure, "time_for", time_for)
    together: Any = SimpleNamespace(wait=lambda: happened.append("all there"))
    tell: Any = SimpleNamespace(send=happened.append)
    measure.rank([0] * 8, 2, together, tell)  # pyrefly: ignore[bad-argument-type]
    assert happened == [
        "cheaply",
        "1 threads",
        "all there",
        (2, measure.BATCH_SIZE, measure.SECONDS),
        measure.BATCH_SIZE / 0.5,
    ]


def fails(*_: Any) -> Any:
    raise LookupError("no photo")


def leaves(*_: Any) -> Any:
    os._exit(3)


@pytest.mark.parametrize(
    ("ends", "error", "reason"),
    [(fails, LookupError, "no photo"), (leaves, RuntimeError, "a rank ended with exit code 3")],
)
@pytest.mark.parametrize("which", [0, 1])
def test_a_rank_that_dies_ends_the_others_too(
    forks: None, monkeypatch: pytest.MonkeyPatch, ends: Any, error: type[Exception], reason: str, which: int
) -> None:
    """At once and with its reason, before it has come to where all ranks wait for each other."""
    came = multiprocessing.get_context("fork").Value("i", 0)

    def threads(_: int) -> None:
        with came.get_lock():
            order = came.value
            came.value += 1
        if order == which:
            ends()

    monkeypatch.setattr(measure.torch, "set_num_threads", threads)
    with pytest.raises(error, match=f"^{reason}$"):
        measure.all_ranks(range(8), 2, 0)  # pyrefly: ignore[bad-argument-type]
    assert multiprocessing.active_children() == []


def test_claims() -> None:
    assert statistics("ranks", MEASURED) == pytest.approx(
        {
            "ranks-share-the-cores": 1.5,
            "eight-workers-share-two-cores": 1.2,
            "two-ranks-beside-two-workers": 240 / 180,
        }
    )


def test_the_reasons_are_arithmetic_of_the_cases() -> None:
    """Two ranks with one worker each, two, and four."""
    more = claim("eight-workers-share-two-cores")
    assert more.because == "Two workers are as many as there are cores; eight take turns."
    assert (more.needs_cores, more.below_cores) == (2, 3), "neither fewer cores than two nor more"
    assert claim("ranks-share-the-cores").because.startswith("Four workers in two ranks")


def test_values() -> None:
    assert plain_values(show.values(MEASURED)) == {
        "capacity": "2",
        "ranks_1_workers_0": "1.0 times",
        "ranks_1_workers_1": "0.9 times",
        "ranks_1_workers_2": "1.8 times",
        "ranks_2_workers_0": "1.5 times",
        "ranks_2_workers_1": "2.4 times",
        "ranks_2_workers_2": "3.0 times",
        "ranks_2_workers_4": "2.9 times",
    }


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "one rank with 2 workers loads 1.8 times as much" in message
    assert "two load 1.5 times as much without workers, 2.4 times with one each and 2.9 times with 4 each" in message
    assert "The machine had 2 cores’ worth of work to give" in message
    assert isinstance(figure.chart, Lines)
    (panel,) = figure.chart.panels
    assert {series.label: [(point.x, point.y.median) for point in series.points] for series in panel.series} == {
        "one rank": [(0, 1.0), (1, 0.9), (2, 1.8)],
        "2 ranks": [(0, 1.5), (1, 2.4), (2, 3.0), (4, 2.88)],
    }
    assert [limit.points for limit in panel.limits] == [((0.0, 2.0), (4.0, 2.0))]
    assert [row[0] for row in figure.table.rows] == [arm(*case) for case in RATES]
