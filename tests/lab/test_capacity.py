"""The capacity probe spins as many processes as there are usable cores, and leaves none behind."""

import math
from dataclasses import replace

import pytest

from snippets.lab import capacity
from snippets.lab.capacity import Spinners, probe, spinners
from snippets.lab.machine import this_machine


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "SPIN_SECONDS", 0.01)


def codes(spinning: Spinners) -> list[int | None]:
    return [process.poll() for process in spinning._processes]


@pytest.mark.parametrize(("cores", "count"), [(1, 1), (2, 2), (3, 3)])
def test_one_spinner_per_core(cores: int, count: int) -> None:
    with spinners(replace(this_machine(), affinity=cores, quota=None)) as spinning:
        assert codes(spinning) == [None] * count


@pytest.mark.parametrize(("quota", "count"), [(0.5, 1), (1.5, 2)])
def test_part_of_a_core_counts_as_one(quota: float, count: int) -> None:
    with spinners(replace(this_machine(), affinity=4, quota=quota)) as spinning:
        assert codes(spinning) == [None] * count


def test_spinners_are_gone_afterwards() -> None:
    with spinners(this_machine()) as spinning:
        assert spinning.capacity() > 0
    assert None not in codes(spinning)


def test_spinners_are_gone_after_ctrl_c() -> None:
    left: list[Spinners] = []
    with pytest.raises(KeyboardInterrupt), spinners(this_machine()) as spinning:
        left.append(spinning)
        raise KeyboardInterrupt
    assert None not in codes(left[0])


@pytest.mark.parametrize("times", [1, 4])
def test_as_many_probes_as_asked_for(times: int) -> None:
    probes = probe(this_machine(), times)
    assert len(probes) == times
    assert all(math.isfinite(value) and value > 0 for value in probes)


def test_one_core_alone_is_one_core() -> None:
    alone = Spinners([])
    counts = iter([[100], [100, 60], [50], [50]])
    alone._spin = lambda processes: next(counts)  # pyright: ignore[reportAttributeAccessIssue]
    assert [alone.capacity(), alone.capacity()] == [1.6, 1.0]
