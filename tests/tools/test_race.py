"""The race with made-up times: what it answers, when it is certain, and when it ends.

What it does not prove: how much the times of real loaders vary, and what starting them costs.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from snippets.tools.tune_num_workers import CERTAIN, Clocks, Race, enough, limits, predicted, upper

Times = Callable[[int], float]
BLOCK = 0.6
"""Seconds that measuring a count takes here."""


def raced(times: Times, counts: list[int], noise: float = 0.0, most: int = 32, seconds: float = 40.0) -> Race:
    """A race whose measurements vary by so much (standard deviation of the logarithm)."""
    chance, race, left = random.Random(5), Race(counts, most), [seconds]

    def measure(count: int) -> float:
        left[0] -= BLOCK
        return times(count) * math.exp(chance.gauss(0, noise))

    race.run(measure, lambda _: BLOCK, lambda: left[0], lambda _: True)
    assert left[0] >= 0, "it goes on beyond its limit"
    return race


def waiting(count: int) -> float:
    """A batch takes one worker 3.2 steps."""
    return 4.2 if count == 0 else max(1.0, 3.2 / count)


def test_the_smallest_count_that_is_as_fast_wins() -> None:
    race = raced(waiting, [0, 3, 4, 5], noise=0.005)
    assert race.best()[0] == 4
    assert not race.doubt(4, set()) and race.regret() <= CERTAIN


@pytest.mark.parametrize("guess", [[0, 1, 2], [0, 15, 16, 17], [0, 7, 8, 9]])
def test_the_race_finds_what_the_prediction_has_missed(guess: list[int]) -> None:
    """Up in steps of a half, down by halving."""
    assert raced(waiting, guess, noise=0.002, seconds=100).best()[0] == 4


def test_no_worker_wins_where_each_is_slower() -> None:
    race = raced(lambda count: 17.0 if count == 0 else 40.0, [0, 1, 2], noise=0.03)
    assert race.best() == (0, 0) and race.regret() == 0 and len(race.rounds) == 2


def test_a_count_that_was_slow_once_stays_in_the_race() -> None:
    first = [9.0]
    race = raced(lambda count: first.pop() if count == 4 and first else waiting(count), [0, 3, 4, 5])
    assert race.best()[0] == 4


def test_a_count_for_which_there_was_no_time_leaves_a_doubt() -> None:
    race = Race([0, 1, 2], 32)
    left = [40.0]

    def measure(count: int) -> float:
        left[0] -= BLOCK
        return waiting(count)

    race.run(measure, lambda _: BLOCK, lambda: left[0], lambda _: False)
    assert race.best()[0] == 2
    assert "num_workers=3 may be better" in race.doubt(2, {3})
    assert "num_workers=4 may be better" in race.doubt(4, {4})
    assert race.doubt(2, set()) == "", "what was refused for want of memory is no answer"


def test_too_few_rounds_are_no_answer() -> None:
    race = raced(lambda count: 1.0 + 0.01 * count, [1, 2], seconds=5 * 2 * BLOCK)
    assert race.regret() == math.inf
    assert "takes 8 rounds or more, and 5 fitted in" in race.doubt(1, set())


def test_the_interval_s_end_is_the_one_of_the_binomial_distribution() -> None:
    """Of eight values none lies above the median once in 256 times; of twenty, at most three once in 776."""
    assert upper([1.0] * 7) == math.inf
    assert upper([float(each) for each in range(8)]) == 7
    assert upper([float(each) for each in range(20)]) == 16


MOST_WRONG = 0.01
"""Of all answers, this share may lose more than a twentieth and be called certain."""


@pytest.mark.parametrize(("noise", "certain"), [(0.0, 0.99), (0.03, 0.7), (0.08, 0.3), (0.2, 0.0)])
def test_beside_noise_it_is_right_or_says_that_it_cannot_tell(noise: float, certain: float) -> None:
    """On loaders that wait, compute, or hand over what costs more than it was to make; the prediction is off by a
    quarter.
    """
    chance = random.Random(20_261_126)
    tries, sure, wrong = 200, 0, 0
    for _ in range(tries):
        times = loader_of_chance(chance)
        best = min(times(count) for count in range(33))
        guess = next(count for count in range(33) if times(count) <= 1.02 * best)
        guess = min(32, max(0, round(guess * math.exp(chance.gauss(0, 0.25)))))
        race, left = Race(sorted({0, max(1, guess - 1), max(1, guess), min(32, guess + 1)}), 32), [40.0]

        def measure(count: int, left: list[float] = left, times: Times = times) -> float:
            left[0] -= BLOCK
            return times(count) * math.exp(chance.gauss(0, noise))

        race.run(measure, lambda _: BLOCK, lambda left=left: left[0], lambda _: True)
        if not race.doubt(guess, set()):
            sure += 1
            wrong += times(race.best()[0]) > 1.05 * best
    assert sure >= certain * tries
    assert wrong <= MOST_WRONG * tries


def loader_of_chance(chance: random.Random) -> Times:
    """Seconds per batch and step of 1. `load`: of a batch in one worker, `receive`: of receiving it."""
    load = math.exp(chance.uniform(math.log(0.05), math.log(20)))
    cores = chance.choice((1, 2, 4, 8, 1000))
    receive = chance.choice((0.0, 0.1, load, 3 * load))

    def times(count: int) -> float:
        return load + 1 if count == 0 else max(1 + receive, (load + receive) / min(count, cores))

    return times


def test_rounds_are_shuffled_and_the_same_each_time() -> None:
    def order() -> list[int]:
        ran: list[int] = []
        left = iter(range(10, 0, -1))
        race = Race([1, 2, 3], 3)
        race.run(lambda count: ran.append(count) or 1.0, lambda _: 0.1, lambda: next(left), lambda _: True)
        return ran

    first = order()
    assert first == order()
    rounds = {tuple(first[start : start + 3]) for start in range(0, len(first), 3)}
    assert len(rounds) > 1 and all(set(each) == {1, 2, 3} for each in rounds)


# The prediction.

WAITS = Clocks(0.08, 0.001, 0.0, 0.0, 1.0, 0.02, 1, 1, alone=0.08, step=0.005)


def test_items_that_wait_want_more_workers_than_there_are_cores() -> None:
    assert enough(WAITS, cores=2, most=64) == 16


def test_items_that_compute_want_no_more_workers_than_the_cores_feed() -> None:
    computing = replace(WAITS, compute=0.08)
    assert enough(computing, cores=4, most=64) == 4
    assert limits(4, computing, 4)["cores"] == 0.02


def test_no_worker_is_predicted_where_handing_over_costs_more_than_making() -> None:
    assert enough(replace(WAITS, alone=0.002, receive=0.004), cores=4, most=64) == 0
    assert predicted(0, WAITS, 4) == 0.085
