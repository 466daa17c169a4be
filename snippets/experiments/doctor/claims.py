"""Where the doctor gives a verdict, it is the right one; and it costs next to nothing."""

from collections.abc import Callable

from snippets.experiments.doctor import arms, show
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, at_most
from snippets.lab.numbers import NBSP, number, percent
from snippets.lab.results.results import Measured

LEAST = 0.5
"""Of the loops, the part of which a share may be judged: the short form tries too few."""


def of_enough(loops: tuple[str, ...], share: Callable[[Measured], list[float]]) -> Callable[[Measured], list[float]]:
    """The share, where loops enough were tried in every round. Raises NotHere."""

    def of(result: Measured) -> list[float]:
        tried = len({*loops} & {*show.verdicts(result)})
        if tried < LEAST * len(loops):
            raise NotHere(f"only {tried} of {len(loops)} loops were tried in every round")
        return share(result)

    return of


FAULTS = (*arms.RIGHT,)


def microseconds(count: float) -> str:
    return f"{number(count, 2)}{NBSP}µs"


CLAIMS = (
    Claim(
        "the-doctor-names-the-fault",
        Statistic(
            "of the loops with a fault of which it could tell, the share whose fault it names",
            of_enough(FAULTS, show.named),
        ),
        at_least(0.95),
        because="Each has one fault, made on purpose. Where the doctor cannot tell, it says so.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-doctor-can-tell",
        Statistic("of the loops with a fault, the share of which the doctor could tell", of_enough(FAULTS, show.told)),
        at_least(0.5),
        because="One that never could tell would never be wrong.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "the-doctor-leaves-healthy-loops-alone",
        Statistic("of the healthy loops, the share in which it finds a fault", of_enough(arms.HEALTHY, show.alarms)),
        at_most(0.05),
        because="Of seven healthy loops, a single alarm would be 14 %.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "being-watched-takes-microseconds",
        Statistic("microseconds of CPU time per batch that the doctor adds", show.added),
        at_most(50),
        because="That is a hundredth of a batch and step of 5 ms. Looking into /proc comes on top, and takes no more "
        "than another hundredth.",
        say=microseconds,
    ),
)
