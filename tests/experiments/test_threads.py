"""Items that several threads compute: whose threads, in which process, what is claimed of them and said."""

import os
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Self

import pytest

from snippets.experiments.threads import measure, show
from snippets.experiments.threads.arms import ALONE, FREE, HELPED, LIMITED
from snippets.experiments.threads.measure import LIMITS
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.results import Measured

from .dry_run import first_loader
from .results import claim, plain, plain_values, result, statistics

ARMS = {
    ALONE: {"per_batch": 0.1, "threads": 3},
    HELPED: {"per_batch": 0.2, "threads": 2},
    FREE: {"per_batch": 0.6, "threads": 9},
    LIMITED: {"per_batch": 0.2, "threads": 4},
}


def computed(arms: dict[str, dict[str, float]], blas: str = "scipy-openblas", cpus: int = 2) -> Measured:
    return result("per_batch", arms, blas=blas, cpus=cpus)


def test_main_computes_with_its_threads_and_a_worker_with_one(
    three_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "SECONDS", 0.0)
    assert measure.per_batch(0).values["threads"] == 3
    assert measure.per_batch(1).values["threads"] == 1


@pytest.mark.parametrize(
    ("items", "size"), [(measure.Products, measure.SIZE), (measure.NumpyProducts, measure.BLAS_SIZE)]
)
def test_items_are_computed(items: type[Any], size: int) -> None:
    """By a product that is divided among threads: twos times twos over their number, four times."""
    dataset = items()
    dataset.matrix = 2 * dataset.matrix
    assert dataset[0][0].tolist() == [2.0**5] * size


class Process:
    """Answers with the limits in the environment in which it is started, at the first call."""

    def __init__(self, *given: Any, **settings: Any) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def submit(self, run: Callable[[], Sample]) -> Future[Sample]:
        assert run is measure.per_numpy_batch
        future: Future[Sample] = Future()
        future.set_result(Sample({name: float(os.environ[name]) for name in LIMITS if name in os.environ}))
        return future


def test_numpy_has_its_own_threads_in_a_worker_unless_it_was_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of whoever measures says, which is left as it was. That OpenBLAS looks there, each build
    measures.
    """
    assert first_loader(measure.per_numpy_batch).num_workers == measure.BLAS_WORKERS == 2
    for name in LIMITS:
        monkeypatch.setenv(name, "3")
    before = dict(os.environ)

    monkeypatch.setattr(measure, "ProcessPoolExecutor", Process)
    with measure.EXPERIMENT.prepared() as arms:
        assert arms[FREE]().values == {}
        assert arms[LIMITED]().values == {"OPENBLAS_NUM_THREADS": 1.0}
    assert dict(os.environ) == before


def test_claims() -> None:
    assert statistics("threads", computed(ARMS)) == pytest.approx(
        {
            "torch-has-one-thread-in-a-worker": 2,
            "blas-keeps-its-threads-in-a-worker": 5,
            "threads-of-workers-slow-each-other": 3.0,
        }
    )


@pytest.mark.parametrize(
    ("blas", "cpus", "threads", "reason"),
    [
        ("accelerate", 2, 2, "this NumPy computes with accelerate"),
        ("scipy-openblas", 1, 2, "with one, OpenBLAS has one thread"),
        ("scipy-openblas", 2, 0, "does not say how many threads"),
    ],
)
def test_of_another_blas_or_one_core_nothing_is_claimed(blas: str, cpus: int, threads: float, reason: str) -> None:
    measured = computed({arm: {"per_batch": 0.1, "threads": threads} for arm in (FREE, LIMITED)}, blas, cpus)
    with pytest.raises(NotHere, match=reason):
        claim("blas-keeps-its-threads-in-a-worker").statistic.of(measured)
    if threads:
        with pytest.raises(NotHere, match=reason):
            claim("threads-of-workers-slow-each-other").statistic.of(measured)


def test_values_and_figure() -> None:
    """Each round a tenth slower than the first one."""
    measured = computed({ALONE: {"per_batch": 0.01, "threads": 3}, HELPED: {"per_batch": 0.02, "threads": 1}})
    slower = [
        replace(s, values={**s.values, "per_batch": s.values["per_batch"] * (1 + s.round / 10)})
        for s in measured.samples
    ]
    measured = replace(measured, samples=slower)
    values = plain_values(show.values(measured))
    assert (values["main_threads"], values["worker_threads"]) == ("3", "1")
    assert (values["alone"], values["helped"], values["alone_range"]) == ("13 ms", "26 ms", "10 ms to 16 ms")
    figure = show.figure(measured)
    assert "computes with 3 threads and took 13 ms per batch (10 ms to 16 ms)" in plain(figure.message)
    assert "a worker computes with 1 and took 26 ms" in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    assert [bar.value.median for bar in figure.chart.groups[0].bars] == pytest.approx([13, 26])
    assert [row[:2] for row in figure.table.rows] == [("main alone", "3"), ("one worker", "1")]
