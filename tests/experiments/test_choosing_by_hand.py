"""The rule of the pages, by hand: which count it gives for what a reader has timed, and that this can be timed.

What it does not prove: that the rule is right. `choosing` compares its count with the best one.
"""

import math
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from snippets.experiments.choosing import by_hand
from snippets.experiments.choosing.by_hand import Timed, count, timed
from snippets.experiments.varied_workloads import WORKLOADS

WAITS = Timed([0.012] * 6, 0.001, 0.004, 0.0001, 0.0125, 0.05, math.inf)
"""Batches of three steps, in which hardly anything is computed."""
COMPUTES = replace(WAITS, batch_cpu=0.011)


@pytest.mark.parametrize(
    ("what", "workers"),
    [
        (WAITS, 3),
        (replace(WAITS, step=0.00401), 3),
        (replace(WAITS, step=0.0039), 4),
        (replace(WAITS, batches=[0.008, 0.016] * 3), 4),
        (replace(WAITS, step=0.1), 1),
        (replace(WAITS, step=0.13), 0),
        (replace(WAITS, from_worker=0.025), 0),
        (replace(WAITS, from_worker=0.023), 3),
        (replace(WAITS, epoch=5), 3),
        (replace(WAITS, epoch=4), 0),
        (COMPUTES, 2),
        (replace(COMPUTES, step_cpu=0.004), 1),
        (replace(COMPUTES, step_cpu=0.008), 1),
        (replace(COMPUTES, step=0.013), 1),
    ],
)
def test_count_on_two_cores(what: Timed, workers: int) -> None:
    assert count(what, 2) == workers


def test_where_items_compute_more_cores_leave_more_workers() -> None:
    assert [count(replace(COMPUTES, step_cpu=0.004), cores) for cores in (2, 3, 4, 8)] == [1, 2, 3, 3]


def test_what_a_worker_made_ready_is_not_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first batch comes after two seconds, and all others a second apart."""
    workload, seconds = WORKLOADS["waits"], [0.0]

    class Loader:
        def __init__(self, num_workers: int) -> None:
            self.num_workers = num_workers

        def __iter__(self) -> Iterator[int]:
            for batch in range(12):
                seconds[0] += 1 if batch or not self.num_workers else 2
                yield batch

    monkeypatch.setattr(type(workload), "loader", lambda workload, num_workers: Loader(num_workers))
    clock = SimpleNamespace(perf_counter=lambda: seconds[0], process_time=lambda: 0.0)
    monkeypatch.setattr(by_hand, "time", clock)

    def step(batch: object) -> None:
        seconds[0] += 0.5

    found = timed(replace(workload, step=step))
    assert (found.batches, found.step, found.start, found.from_worker) == ([1.0] * 6, 0.5, 2.0, 1.0)


@pytest.mark.parametrize("name", ["waits", "short epochs", "stream"])
def test_what_a_reader_times(name: str) -> None:
    """Epochs that end, too, and an IterableDataset."""
    workload = WORKLOADS[name]
    found = timed(workload)
    assert len(found.batches) >= 6 and min(found.batches) > 0
    assert min(found.step, found.from_worker, found.start) > 0 <= found.step_cpu
    assert found.epoch == (8 if workload.whole_epochs else math.inf)
    if name == "waits":
        assert found.batch_cpu < sum(found.batches) / len(found.batches)
