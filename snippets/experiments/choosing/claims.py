"""The count that the function chooses reaches nearly what the best one does, on whatever is loaded."""

from functools import partial
from statistics import median

from snippets.experiments import held_out
from snippets.experiments.choosing import show
from snippets.experiments.choosing.arms import FUNCTION, RULE, TUNER
from snippets.experiments.held_out import Trial
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_most, share_of_best
from snippets.lab.numbers import NBSP, number, percent
from snippets.lab.results.results import Measured

LEAST = 4
"""Workloads of which a claim about all may be judged."""
LEAST_FOR_SURPLUS = 8
"""Of which a claim about counts may. A count is chosen once in a pass, so its rounds repeat it: of few workloads, the
middle one is chance, and the rounds do not show it. Throughput differs from round to round.
"""


def trials(result: Measured, chooser: str = FUNCTION) -> list[Trial]:
    """Raises NotHere where they are too few."""
    found = [*show.trials(result, chooser).values()]
    if not found:
        raise NotHere(f"{chooser} chooses in the full form alone")
    if len(found) < LEAST:
        raise NotHere(f"only {len(found)} workloads were measured in every round, for it went on past midnight")
    return found


def in_the_middle(result: Measured, chooser: str = FUNCTION) -> list[float]:
    return [median(shares) for shares in zip(*map(held_out.share_of_best, trials(result, chooser)), strict=True)]


def at_worst(result: Measured, chooser: str = FUNCTION) -> list[float]:
    return held_out.share_at_worst(trials(result, chooser))


def surplus(result: Measured) -> list[float]:
    """Raises NotHere where workloads are too few."""
    found = trials(result)
    if len(found) < LEAST_FOR_SURPLUS:
        raise NotHere(f"of {len(found)} workloads the middle one is chance: the full form measures all")
    return [median(more) for more in zip(*map(held_out.surplus, found), strict=True)]


def workers(count: float) -> str:
    return f"{number(count)}{NBSP}worker{'' if count == 1 else 's'}"


CLAIMS = (
    Claim(
        "the-choice-in-the-middle",
        Statistic("what the chosen count reaches of the best throughput on the workload in the middle", in_the_middle),
        share_of_best(0.98),
        because="The function takes the smallest count within 2 % of the fastest: it should lose no more on half of "
        "the workloads.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-choice-at-worst",
        Statistic("what the chosen count reaches of the best throughput where it reaches least", at_worst),
        share_of_best(0.92),
        because="What is lost beyond that on some workload is worth a search by hand.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-choice-has-little-surplus",
        Statistic(
            "the chosen count less the smallest that is as good as the best one, on the workload in the middle", surplus
        ),
        at_most(1),
        because="Where workers are enough, one more costs its memory and its start, and brings nothing.",
        say=workers,
        needs_cores=2,
    ),
    Claim(
        "the-tuner-in-the-middle",
        Statistic(
            "what the tuner's count reaches of the best throughput on the workload in the middle",
            partial(in_the_middle, chooser=TUNER),
        ),
        share_of_best(0.98),
        because="It takes the smallest count within 2 % of the fastest, as the function does.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-tuner-at-worst",
        Statistic(
            "what the tuner's count reaches of the best throughput where it reaches least",
            partial(at_worst, chooser=TUNER),
        ),
        share_of_best(0.92),
        because="As much is asked of the function, which readers can see whole.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-rule-in-the-middle",
        Statistic(
            "what the rule's count reaches of the best throughput on the workload in the middle",
            partial(in_the_middle, chooser=RULE),
        ),
        share_of_best(0.9),
        because="A count that is divided, and not raced, may be one off where the best one is large.",
        say=percent,
        needs_cores=2,
    ),
)
