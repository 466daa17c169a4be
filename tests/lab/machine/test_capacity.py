"""The capacity probe spins as many processes as there are usable cores, and leaves none behind."""

import math
from dataclasses import replace

import pytest

from snippets.lab.machine import capacity
from snippets.lab.machine.capacity import Spinners, spinners
from snippets.lab.machine.machine import this_machine


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "SPIN_SECONDS", 0.01)


def codes(spinning: Spinners) -> list[int | None]:
    return [process.poll() for process in spinning._processes]


@pytest.mark.parametrize(("cores", "quota", "count"), [(1, None, 1), (3, None, 3), (4, 0.5, 1), (4, 1.5, 2)])
def test_one_spinner_per_core_and_for_a_part_of_one(cores: int, quota: float | None, count: int) -> None:
    with spinners(replace(this_machine(), affinity=cores, quota=quota)) as spinning:
        assert codes(spinning) == [None] * count


def test_a_real_probe_is_a_number_of_cores_and_leaves_no_spinners() -> None:
    with spinners(this_machine()) as spinning:
        probes = [spinning.capacity() for _ in range(3)]
    assert all(math.isfinite(value) and value > 0 for value in probes)
    assert None not in codes(spinning)


def test_spinners_are_gone_after_ctrl_c() -> None:
    left: list[Spinners] = []
    with pytest.raises(KeyboardInterrupt), spinners(this_machine()) as spinning:
        left.append(spinning)
        raise KeyboardInterrupt
    assert None not in codes(left[0])


def made(alone: tuple[float, float], together: list[float]) -> Spinners:
    """Spinners of which one alone counts so much in so many CPU seconds, and all so much in 1 s each."""
    spinning = Spinners([])
    answers = iter([[(*alone, 1.0)], [(count, 0.5, 1.0) for count in together]])
    spinning._spin = lambda processes: next(answers)  # pyright: ignore[reportAttributeAccessIssue]
    return spinning


def test_what_all_do_over_what_one_core_does() -> None:
    assert made((100, 1.0), [100, 60]).capacity() == 1.6
    assert made((50, 1.0), [50]).capacity() == 1.0


def test_a_neighbour_of_the_one_alone_does_not_flatter_the_machine() -> None:
    """It had half of a core, and counted half: a core of its own would have counted 100."""
    assert made((50, 0.5), [50, 50]).capacity() == 1.0
