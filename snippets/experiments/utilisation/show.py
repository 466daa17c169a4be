"""Bars for three loops: how far nvidia-smi calls the GPU utilised, and how long the loop waits for its batches."""

from snippets.experiments.utilisation.arms import HELD_UP, ONE_THREAD, STARVED
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Role, Table
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

LOOPS = {
    ONE_THREAD: "one thread of the GPU computes",
    STARVED: "all of it, batches come late",
    HELD_UP: "all of it, the loop pauses by itself",
}
QUANTITIES: dict[str, tuple[str, Role]] = {
    "utilised": ("Utilised, says nvidia-smi", "step"),
    "waited": ("The loop waits for a batch", "wait"),
}


def in_percent(result: Measured, arm: str, value: str) -> Estimate:
    return estimate([100 * share for share in result.samples_of(arm, value)])


def values(result: Measured) -> dict[str, str]:
    found = {"threads": f"{int(result.estimate(ONE_THREAD, 'threads').median):,}"}
    for name, arm in (("one", ONE_THREAD), ("starved", STARVED), ("held_up", HELD_UP)):
        found[f"{name}_utilised"] = percent(result.estimate(arm, "utilised").median)
        found[f"{name}_waited"] = percent(result.estimate(arm, "waited").median)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Three loops. While one of the {say['threads']} threads that this GPU runs at once computes, nvidia-smi calls "
        f"the GPU {say['one_utilised']} utilised. A loop that waits for its batches and one that pauses by itself "
        f"leave it at {say['starved_utilised']} and {say['held_up_utilised']}; only the wait for a batch tells them "
        f"apart: {say['starved_waited']} of the time, and {say['held_up_waited']}."
    )
    groups = tuple(
        BarGroup(title, tuple(Bar(loop, in_percent(result, arm, value), role) for arm, loop in LOOPS.items()))
        for value, (title, role) in QUANTITIES.items()
    )
    rows = tuple(
        (loop, *(interval(in_percent(result, arm, value)) for value in QUANTITIES)) for arm, loop in LOOPS.items()
    )
    table = Table(("", *(f"{title}, %" for title, _ in QUANTITIES.values())), rows)
    return Figure(message, Bars("% of the time", None, groups), table)
