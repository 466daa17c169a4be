"""What each tool said of each loop, and how often that was the cause, or at least the input; and its alarms."""

from collections import Counter
from collections.abc import Callable
from statistics import median_low

from snippets.experiments.doctor.arms import HEALTHY, RIGHT
from snippets.experiments.other_doctors.arms import (
    DATAPATH,
    FAULTS,
    LOOPS,
    OURS,
    TRACEML,
    VERDICTS,
    blamed,
    watched_by,
)
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Role, Table
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate

MARKS: dict[str, Role] = {OURS: "step", TRACEML: "receive", DATAPATH: "wait"}
KEYS = {OURS: "ours", TRACEML: "traceml", DATAPATH: "datapath"}
"""In the names of values."""


def said(result: Measured, who: str, loop: str) -> list[str]:
    """Round by round."""
    return [VERDICTS[who][int(place)] for place in result.samples_of(watched_by(who, loop), "verdict")]


def named(who: str, loop: str, verdict: str) -> bool:
    """The cause."""
    return not {*RIGHT.get(loop, ())}.isdisjoint(blamed(who, verdict))


def suspected(who: str, loop: str, verdict: str) -> bool:
    """The input at least. On a healthy loop that is an alarm."""
    return bool(blamed(who, verdict))


Is = Callable[[str, str, str], bool]


COUNTED: dict[str, tuple[tuple[str, ...], Is]] = {
    "named": (FAULTS, named),
    "suspected": (FAULTS, suspected),
    "alarms": (HEALTHY, suspected),
}
LABELS = {
    "named": f"cause named, of {len(FAULTS)} loops with a fault",
    "suspected": "input blamed, of the same",
    "alarms": f"alarm, of {len(HEALTHY)} healthy loops",
}


def counts(result: Measured, who: str, loops: tuple[str, ...], of: Is) -> list[int]:
    """Of how many of these loops that is so, round by round."""
    rounds = zip(*(said(result, who, loop) for loop in loops), strict=True)
    return [sum(of(who, *each) for each in zip(loops, verdicts, strict=True)) for verdicts in rounds]


def values(result: Measured) -> dict[str, str]:
    found = {"faults": str(len(FAULTS)), "healthy": str(len(HEALTHY))}
    for who, key in KEYS.items():
        found |= {f"{key}_{what}": str(_middle(result, who, *each)) for what, each in COUNTED.items()}
    return found


def _middle(result: Measured, who: str, loops: tuple[str, ...], of: Is) -> int:
    return median_low(counts(result, who, loops, of))


def figure(result: Measured) -> Figure:
    told = {what: ", ".join(f"{who} {_middle(result, who, *each)}" for who in MARKS) for what, each in COUNTED.items()}
    message = (
        f"Of {len(FAULTS)} loops with a fault, each tool named the cause of so many: {told['named']}. It blamed the "
        f"input, or more exactly what, of so many: {told['suspected']}. Of {len(HEALTHY)} healthy loops it blamed the "
        f"input of so many: {told['alarms']}."
    )
    groups = tuple(
        BarGroup(LABELS[what], tuple(Bar(who, _loops(result, who, *each), MARKS[who]) for who in MARKS))
        for what, each in COUNTED.items()
    )
    rows = tuple(
        (loop, " or ".join(RIGHT.get(loop, ("FED",))), *(_cell(result, who, loop) for who in MARKS)) for loop in LOOPS
    )
    return Figure(message, Bars("loops", None, groups), Table(("Loop", "Right", *MARKS), rows))


def _loops(result: Measured, who: str, loops: tuple[str, ...], of: Is) -> Estimate:
    return estimate([float(count) for count in counts(result, who, loops, of)])


def _cell(result: Measured, who: str, loop: str) -> str:
    """`INPUT-BOUND: the input`, with how many times if it said several things."""
    found = Counter(f"{verdict}: {_worth(who, loop, verdict)}" for verdict in said(result, who, loop))
    return ", ".join(text if len(found) == 1 else f"{times} × {text}" for text, times in found.most_common())


def _worth(who: str, loop: str, verdict: str) -> str:
    if loop in HEALTHY:
        return "an alarm" if suspected(who, loop, verdict) else "no alarm"
    if named(who, loop, verdict):
        return "the cause"
    return "the input" if suspected(who, loop, verdict) else "missed"
