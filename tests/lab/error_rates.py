"""The decision rule against rounds whose truth we know: both forms, with looks after 7, 14 and 21 rounds and all."""

import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from snippets.lab.instruments.experiment import ROUNDS, ROUNDS_SHORT
from snippets.lab.judging.claim import Claim, at_least, ratio
from snippets.lab.judging.judge import all_decided, judge, looks_wrong
from snippets.lab.judging.rules import PASSES
from snippets.lab.machine.machine import Machine, this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample
from tests.lab.made import measured

MACHINE: Machine = replace(this_machine(), affinity=2, quota=None)
CLAIM = Claim("it", ratio("it", "parallel", "alone"), at_least(1.5), "", needs_cores=2)


@dataclass(frozen=True)
class World:
    """What is true: the ratio of the arms, the noise of each run (log scale), and how often a neighbour takes the
    second core: for `burst` rounds together, or, with 0, for single runs within a round.
    """

    ratio: float
    noise: float
    neighbour: float = 0.0
    burst: int = 1


def one_pass(world: World, number: int, rounds: int, chance: random.Random) -> tuple[list[RoundSample], Surroundings]:
    """Seconds of one core's work, of the same on two cores, and of the first again; and the capacity seen."""
    samples, capacity = [], []
    busy = False

    def there() -> bool:
        return busy if world.burst else chance.random() < world.neighbour

    def scattered(true: float) -> float:
        return true * math.exp(chance.gauss(0, world.noise))

    for at in range(rounds):
        if world.burst and at % world.burst == 0:
            busy = chance.random() < world.neighbour
        # The arm on one core stays right while the parallel one is slowed: the core is gone.
        seconds = {"parallel": world.ratio / (2 if there() else 1), "alone": 1.0, "alone (again)": 1.0}
        samples += [RoundSample(number, at, arm, {"total": scattered(true)}) for arm, true in seconds.items()]
        capacity.append(scattered(1.0 if there() else 2.0))
    return samples, Surroundings(capacity, 0.0, 0.0)


def measure(world: World, chance: random.Random, form: str) -> Measured:
    """As lab.session does: passes until all is decided, and a confirmation of what looks wrong."""
    taken = measured(samples=[], surroundings=[], passes=0, again="alone")
    for number in range(PASSES + 1):
        samples, around = one_pass(world, number, ROUNDS if form == "full" else ROUNDS_SHORT, chance)
        surroundings = [*taken.surroundings, around]
        if number == PASSES:
            return replace(taken, confirmation=samples, surroundings=surroundings)
        taken = replace(taken, samples=[*taken.samples, *samples], surroundings=surroundings, passes=number + 1)
        wrong = looks_wrong([CLAIM], taken, MACHINE)
        if not wrong and (form == "short" or taken.passes == PASSES or all_decided([CLAIM], taken, MACHINE)):
            break
    return taken


def rates(world: World, trials: int, form: str = "full", seed: int = 1) -> Callable[[str], float]:
    """The share of trials that ended in a verdict."""
    chance = random.Random(seed)
    found: Counter[str] = Counter(judge(CLAIM, measure(world, chance, form), MACHINE).verdict for _ in range(trials))
    return lambda verdict: found[verdict] / trials
