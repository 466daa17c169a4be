"""The same megabytes in few pieces and in many: what is handed over and timed, what is claimed and said.

What it does not prove: what handing over takes. Each build measures and judges that.
"""

import multiprocessing
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.experiments.handing_over import measure, show
from snippets.experiments.handing_over.arms import IN_PYTHON, WAITING, alone, floats, handed
from snippets.lab.figures.figure import Bars
from snippets.lab.judging.claim import NotHere

from .dry_run import first_loader
from .results import claim, plain, plain_values, result, statistics

SECONDS = {
    alone(1): (0.001, 0.0009),
    alone(16): (0.0015, 0.0014),
    alone(256): (0.003, 0.0029),
    handed(1): (0.002, 0.0005),
    handed(16): (0.006, 0.002),
    handed(256): (0.024, 0.01),
    floats(50_000): (0.04, 0.03),
    WAITING: (0.016, 0.012),
    IN_PYTHON: (0.08, 0.013),
}
"""From a worker 256 tensors take 12 times as long as one, and 8 times as long as made by main."""
MEASURED = result(
    "per_batch",
    {arm: {"per_batch": total, "main_cpu": cpu} for arm, (total, cpu) in SECONDS.items()},
    pieces=[1, 16, 256],
    bytes=4_000_000,
    floats=50_000,
    beside_pieces=16,
    sharing="file_descriptor",
)


def test_as_many_tensors_are_handed_over_as_named_and_as_many_bytes() -> None:
    """But for what is lost by dividing, as the reasons say."""
    with measure.EXPERIMENT.prepared() as arms:
        batches = {
            (arm, pieces): first_loader(arms[arm(pieces)]).dataset[0]
            for pieces in (1, 16, 256)
            for arm in (alone, handed)
        }
    for (_, pieces), batch in batches.items():
        size = sum(piece.nbytes for piece in batch)
        assert len(batch) == pieces and size == pytest.approx(measure.EXPERIMENT.params["bytes"], rel=1e-3)
        assert len({piece.data_ptr() for piece in batch}) == pieces, "each is a tensor of its own"
    assert "the bytes are the same" in claim("many-pieces-take-longer").because
    for name in ("many-pieces-take-longer", "main-works-per-piece"):
        assert "of 256 tensors over that of one tensor of as many bytes" in claim(name).predicate


def test_floats_are_handed_over_as_a_list() -> None:
    with measure.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[floats(50_000)])
    batch = loader.dataset[0]
    assert loader.batch_size is None
    assert type(batch) is list and {*map(type, batch)} == {float} and len(batch) == measure.FLOATS == 50_000


@pytest.mark.parametrize("arm", [WAITING, IN_PYTHON])
def test_tensors_are_received_while_their_worker_does_as_named(arm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has begun with the next item before the clock runs, and ends it only once the tensors are here."""
    worked: list[Any] = []
    with measure.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[arm])
    dataset = loader.dataset
    assert (loader.num_workers, loader.batch_size) == (1, None)
    assert len(dataset[0]) == measure.BESIDE_PIECES == 16
    assert not dataset.began.is_set(), "item 0 is there at once"
    monkeypatch.setattr(measure, "work", worked.append)
    dataset.may_end.set()
    assert len(dataset[1]) == 16 and dataset.began.is_set()
    assert worked == ([dataset.may_end] if arm == IN_PYTHON else [])


def test_work_in_python_ends_when_it_may() -> None:
    may_end = multiprocessing.Event()
    worker = threading.Thread(target=measure.work, args=(may_end,))
    worker.start()
    worker.join(0.1)
    assert worker.is_alive()
    may_end.set()
    worker.join(30)
    assert not worker.is_alive()


def test_receiving_is_timed_and_ends_the_workers_item(monkeypatch: pytest.MonkeyPatch) -> None:
    began = {*multiprocessing.active_children()}
    ticks = iter([3.0, 5.0])
    clock = SimpleNamespace(perf_counter=lambda: next(ticks), thread_time=time.thread_time, sleep=time.sleep)
    monkeypatch.setattr(measure, "time", clock)
    sample = measure.received(in_python=False)
    assert sample.values["per_batch"] == 2.0 and sample.values["main_cpu"] >= 0
    assert {*multiprocessing.active_children()} == began


def test_claims() -> None:
    assert statistics("handing-over", MEASURED) == pytest.approx(
        {
            "many-pieces-take-longer": 12.0,
            "main-works-per-piece": 20.0,
            "handing-over-costs-more-than-making": 8.0,
            "python-in-the-worker-delays-receiving": 5.0,
        }
    )


def test_a_busy_worker_answers_late_where_it_is_asked_for_each_tensor() -> None:
    """Where tensors are files with names, as on macOS, nobody asks the worker."""
    late = claim("python-in-the-worker-delays-receiving")
    named = replace(MEASURED, params={**MEASURED.params, "sharing": "file_system"})
    with pytest.raises(NotHere, match="not sent as file descriptors"):
        late.statistic.of(named)
    assert f"receive {measure.BESIDE_PIECES} tensors" in late.predicate


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["bytes"], values["floats"], values["float_count"]) == ("4 MB", "40 ms", "50,000")
    assert values["float_bytes"] == "0.4 MB"
    assert [values[f"alone_{count}"] for count in (1, 16, 256)] == ["1 ms", "1.5 ms", "3 ms"]
    assert [values[f"handed_{count}"] for count in (1, 16, 256)] == ["2 ms", "6 ms", "24 ms"]
    assert [values[f"receive_{count}"] for count in (1, 16, 256)] == ["500 µs", "2 ms", "10 ms"]
    assert values["many_over_one"] == "12 times"
    assert [values[f"beside_{each}"] for each in ("pieces", "waiting", "python")] == ["16", "16 ms", "80 ms"]


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "A batch of 4 MB takes 2 ms to make and hand over as one tensor, and 24 ms as 256." in message
    assert "500 µs and 10 ms are work of the main process" in message
    assert "receive 16 tensors that are ready takes 16 ms while their worker waits, and 80 ms while it runs" in message
    assert isinstance(figure.chart, Bars) and figure.chart.unit == "ms per batch"
    bars = {group.label: [bar.value.median for bar in group.bars] for group in figure.chart.groups}
    assert [*bars] == ["1 tensor", "16 tensors", "256 tensors", "16 tensors, received while"]
    assert bars["256 tensors"] == pytest.approx([3, 24, 10])
    assert bars["16 tensors, received while"] == pytest.approx([16, 80])
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert rows[floats(50_000)] == ("40 (40 to 40)", "30 (30 to 30)")
    assert rows["16 tensors, received while the worker runs Python"] == ("80 (80 to 80)", "13 (13 to 13)")
    assert [*rows][-4:-2] == [handed(256), floats(50_000)]
