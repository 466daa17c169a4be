"""The capacity probe spins as many processes as there are usable cores, and leaves none behind."""

import math
import subprocess
import sys
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


def test_a_spinner_that_got_no_turn_has_counted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time was over before it began: another process had the core."""
    monkeypatch.setattr(capacity, "SPIN_SECONDS", 0.0)
    with spinners(this_machine()) as spinning:
        assert 0 < spinning.capacity() < math.inf


COARSE_CLOCK = """
import time
time.thread_time = lambda: time.perf_counter() // STEP * STEP
"""


@pytest.mark.parametrize(("step", "serves"), [(2**-20, True), (2**-6, False), (2**-8, False)])
def test_where_the_clock_of_a_thread_is_coarse_the_wall_s_serves(step: float, serves: bool) -> None:
    """Windows has steps of 1/64 s, and says that they are of 100 ns."""
    script = COARSE_CLOCK.replace("STEP", str(step)) + capacity._SPIN
    spun = subprocess.run(
        [sys.executable, "-S", "-c", script], input="0\n0.02\n", capture_output=True, text=True, check=True
    )
    for line in spun.stdout.splitlines():
        count, spent, _ = map(float, line.split())
        assert count >= 1000 and spent > 0
        assert (spent / step).is_integer() == serves, "its time is whole steps of its clock"


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
    spinning._spin = lambda processes: next(answers)  # pyrefly: ignore[method-assign]
    return spinning


def test_what_all_do_over_what_one_core_does() -> None:
    assert made((100, 1.0), [100, 60]).capacity() == 1.6
    assert made((50, 1.0), [50]).capacity() == 1.0


def test_a_neighbour_of_the_one_alone_does_not_flatter_the_machine() -> None:
    """It had half of a core, and counted half: a core of its own would have counted 100."""
    assert made((50, 0.5), [50, 50]).capacity() == 1.0
