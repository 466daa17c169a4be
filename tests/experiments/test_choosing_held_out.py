"""What a choice reaches of the best count, simulated with a fixed seed from throughputs whose truth we know.

What it does not prove: that a machine's noise is like this.
"""

import math
import random
from collections.abc import Sequence
from statistics import mean, median

import pytest

from snippets.experiments.held_out import Rates, Trial, share_at_worst, share_of_best, shares, surplus

ROUNDS, TRIALS = 6, 60


def throughput(enough: int, beyond: float = 0.0) -> Rates:
    """Rises by equal steps to `enough` workers; each one more loses the share `beyond`."""
    return {n: min(1.0, 0.25 + 0.75 * n / enough) * (1 - beyond * max(0, n - enough)) for n in range(9)}


WORLD = [(throughput(enough, beyond), enough) for enough in range(1, 7) for beyond in (0.0, 0.01)]
"""Twelve workloads: what each count gives in truth, and the smallest that is enough."""


def noisy(true: Rates, noise: float, chance: random.Random, rounds: int = ROUNDS) -> list[Rates]:
    return [{n: rate * math.exp(chance.gauss(0, noise)) for n, rate in true.items()} for _ in range(rounds)]


def measured(more: int, noise: float, chance: random.Random, rounds: int = ROUNDS) -> list[Trial]:
    """Of each workload `more` workers than enough are chosen."""
    return [Trial(noisy(true, noise, chance, rounds), [enough + more] * rounds) for true, enough in WORLD]


def in_the_middle(trials: Sequence[Trial]) -> float:
    return median(median(share_of_best(trial)) for trial in trials)


def with_its_luck(trial: Trial) -> float:
    """The usual way: medians over all rounds, the chosen count's over the best of them."""
    middle = {n: median(rates[n] for rates in trial.rates) for n in trial.rates[0]}
    return middle[trial.chosen[0]] / max(middle.values())


@pytest.mark.parametrize("rounds", [3, ROUNDS, 9])
@pytest.mark.parametrize("noise", [0.02, 0.05, 0.1])
def test_a_perfect_choice_loses_nothing(noise: float, rounds: int) -> None:
    """Not in the middle, and at worst hardly less or more; it has no surplus. Were its own luck in the best count, it
    would lose 3 % in the middle with noise of 10 %, and 12 % at worst.
    """
    chance = random.Random(1)
    worlds = [measured(0, noise, chance, rounds) for _ in range(TRIALS)]
    assert mean(map(in_the_middle, worlds)) == pytest.approx(1, abs=0.015)
    assert mean(median(share_at_worst(trials)) for trials in worlds) == pytest.approx(1, abs=0.03)
    assert mean(median(median(surplus(trial)) for trial in trials) for trials in worlds) == pytest.approx(0, abs=0.1)


def test_with_its_luck_a_perfect_choice_seems_to_lose() -> None:
    """Why so much is done about it."""
    chance = random.Random(1)
    worlds = [measured(0, 0.1, chance) for _ in range(TRIALS)]
    assert mean(median(map(with_its_luck, trials)) for trials in worlds) < 0.975
    assert mean(min(map(with_its_luck, trials)) for trials in worlds) < 0.9


@pytest.mark.parametrize("more", [1, 2])
def test_workers_in_surplus_are_found(more: int) -> None:
    chance = random.Random(2)
    found = [median(median(surplus(trial)) for trial in measured(more, 0.05, chance)) for _ in range(TRIALS)]
    assert mean(found) == pytest.approx(more, abs=0.15)


def test_a_worker_too_few_loses_what_it_loses() -> None:
    """From 12 to 75 %, and in the middle between the losses of three and of four workers that are enough."""
    chance = random.Random(3)
    worlds = [measured(-1, 0.05, chance) for _ in range(TRIALS)]
    truth = median(true[enough - 1] / max(true.values()) for true, enough in WORLD)
    assert mean(map(in_the_middle, worlds)) == pytest.approx(truth, abs=0.02)
    assert mean(median(share_at_worst(trials)) for trials in worlds) == pytest.approx(0.25, abs=0.02)


def test_one_workload_that_loses_is_found_among_twelve() -> None:
    """It alone loses a fifth."""
    chance = random.Random(4)
    found = []
    for _ in range(TRIALS):
        trials = measured(0, 0.05, chance)
        loser = Trial(noisy({**throughput(3), 3: 0.8}, 0.05, chance), [3] * ROUNDS)
        found.append(median(share_at_worst([*trials, loser])))
    assert mean(found) == pytest.approx(0.8, abs=0.02)


def test_no_round_decides_what_it_is_compared_with() -> None:
    """Each count is best in one of three rounds, and its luck there is never held against the chosen one."""
    rates: list[Rates] = [{0: 1.0, 1: 9.0}, {0: 2.0, 1: 1.0}, {0: 2.0, 1: 1.0}]
    trial = Trial(rates, [0, 0, 0])
    assert [share[0] for share in shares(trial)] == [1, 2, 2], "in the first, others say that 0 is best; then 1 is"


def test_a_count_that_was_chosen_once_is_compared_and_is_no_best() -> None:
    """In another pass another one was chosen, so it has no other round to be decided by."""
    trial = Trial([{0: 1.0, 1: 2.0, 5: 3.0}, {0: 1.0, 1: 2.0}, {0: 1.0, 1: 2.0}], [5, 1, 0])
    assert share_of_best(trial) == [1.5, 1, 0.5]
    assert surplus(trial) == [4, 0, -1]


def test_a_round_alone_is_compared_with_itself() -> None:
    trial = Trial([{0: 1.0, 2: 4.0, 3: 5.0}], [2])
    assert (share_of_best(trial), surplus(trial), share_at_worst([trial])) == ([0.8], [-1], [0.8])
