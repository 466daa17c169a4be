"""What the doctor said of loops whose fault is known, and of healthy ones."""

from collections import Counter
from statistics import median

from snippets.experiments.doctor import arms
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate


def verdicts(result: Measured) -> dict[str, list[str]]:
    """By loop: what was said, round by round. A loop that some round lacks is left out: between two passes of the short
    form the day has changed, and so has the draw.
    """
    rounds = len(result.samples_of(arms.FED, "verdict"))
    found: dict[str, list[str]] = {}
    for sample in result.samples:
        if sample.arm in (*arms.RIGHT, *arms.HEALTHY):
            found.setdefault(sample.arm, []).append(arms.VERDICTS[int(sample.values["verdict"])])
    return {loop: said for loop in (*arms.RIGHT, *arms.HEALTHY) if len(said := found.get(loop, [])) == rounds}


def right(loop: str) -> tuple[str, ...]:
    return arms.RIGHT.get(loop, ("FED",))


def by_round(result: Measured, loops: tuple[str, ...]) -> list[list[tuple[str, str]]]:
    """Round by round: each loop of these, and what was said of it."""
    said = {loop: each for loop, each in verdicts(result).items() if loop in loops}
    return [[(loop, each[round_]) for loop, each in said.items()] for round_ in range(len(next(iter(said.values()))))]


def named(result: Measured) -> list[float]:
    """Of the faulty loops of which the doctor could tell: the share whose fault it named, round by round."""
    shares = []
    for pairs in by_round(result, (*arms.RIGHT,)):
        told = [(loop, said) for loop, said in pairs if said not in arms.CANNOT_TELL]
        shares.append(sum(said in right(loop) for loop, said in told) / len(told) if told else 1.0)
    return shares


def told(result: Measured) -> list[float]:
    pairs_of = by_round(result, (*arms.RIGHT,))
    return [sum(said not in arms.CANNOT_TELL for _, said in pairs) / len(pairs) for pairs in pairs_of]


def alarms(result: Measured) -> list[float]:
    quiet = ("FED", *arms.CANNOT_TELL)
    return [sum(said not in quiet for _, said in pairs) / len(pairs) for pairs in by_round(result, arms.HEALTHY)]


def added(result: Measured) -> list[float]:
    """Microseconds per batch, round by round."""
    plain, watched = (result.samples_of(arm, "per_batch") for arm in (arms.PLAIN, arms.WATCHED))
    return [1e6 * (more - less) for less, more in zip(plain, watched, strict=True)]


def answers(result: Measured) -> tuple[int, int]:
    """Of all runs of loops with a fault: of how many the doctor could tell, and in how many of these it was right."""
    pairs = [pair for pairs in by_round(result, (*arms.RIGHT,)) for pair in pairs]
    told = [(loop, said) for loop, said in pairs if said not in arms.CANNOT_TELL]
    return len(told), sum(said in right(loop) for loop, said in told)


def values(result: Measured) -> dict[str, str]:
    loops, (answered, were_right) = [*verdicts(result)], answers(result)
    return {
        "drawn_on": str(result.params["drawn_on"]),
        "faults": str(sum(loop in arms.RIGHT for loop in loops)),
        "healthy": str(sum(loop in arms.HEALTHY for loop in loops)),
        "named": percent(median(named(result))),
        "told": percent(median(told(result))),
        "answered": str(answered),
        "were_right": str(were_right),
    }


def figure(result: Measured) -> Figure:
    found, say = verdicts(result), values(result)
    groups = tuple(
        BarGroup(label, tuple(Bar(loop, _share(loop, found[loop]), "step") for loop in loops if loop in found))
        for label, loops in (("with a fault", (*arms.RIGHT,)), ("healthy", arms.HEALTHY))
    )
    rows = tuple((loop, " or ".join(right(loop)), _counts(said)) for loop, said in found.items())
    message = (
        f"Of {counted(int(say['faults']), 'loop')} with a fault, the doctor could tell of {say['told']}, and named the "
        f"fault of {say['named']} of these. It raised {counted(_alarms(found), 'alarm')} in "
        f"{counted(sum(len(found[loop]) for loop in found if loop in arms.HEALTHY), 'run')} of healthy ones."
    )
    table = Table(("Loop", "Right", "The doctor said"), rows)
    return Figure(message, Bars("% of the runs named right", "higher", groups), table)


def _share(loop: str, said: list[str]) -> Estimate:
    return estimate([100.0 * (each in right(loop)) for each in said])


def _alarms(found: dict[str, list[str]]) -> int:
    quiet = ("FED", *arms.CANNOT_TELL)
    return sum(each not in quiet for loop in arms.HEALTHY for each in found.get(loop, []))


def _counts(said: list[str]) -> str:
    """`2 × STARVED, 1 × TOO NOISY`."""
    return ", ".join(f"{times} × {verdict}" for verdict, times in Counter(said).most_common())
