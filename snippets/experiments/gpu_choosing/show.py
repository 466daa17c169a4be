"""A row for each loop: what the chosen counts, and what rules of thumb, reach of the best count’s throughput."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean, median

from snippets.experiments import held_out
from snippets.experiments.gpu_choosing.arms import FUNCTION, LOOPS, RIGHT, TUNER, chosen_by, tried
from snippets.experiments.held_out import Rates, Trial
from snippets.experiments.kinds import WORKLOADS
from snippets.experiments.rules_of_thumb import RULES, Facts
from snippets.lab.figures.figure import Bar, BarGroup, Dots, Figure, Role, Table
from snippets.lab.numbers import counted, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate, interval

PICTURED: dict[str, Role] = {
    "the default": "wait",
    "half the CPUs": "fetch",
    "usable cores": "collate",
    "start with 4": "receive",
}
CHOOSERS: dict[str, Role] = {FUNCTION: "step", TUNER: "shutdown"}
"""Rules of thumb, and who else chooses a count, with the role whose mark each has: the same as in `choosing`."""


def trial(result: Measured, loop: str, chooser: str) -> Trial:
    chosen = [int(count) for count in result.samples_of(chosen_by(chooser, loop), "chosen")]
    return Trial(_rates(result, loop), chosen)


def _rates(result: Measured, loop: str) -> list[Rates]:
    """Round by round. A count that ran more than once has the mean."""
    by_round: list[dict[int, list[float]]] = [defaultdict(list) for _ in result.samples_of(tried(loop, 0))]
    for count in result.numbers("counts"):
        for found, rate in zip(by_round, result.samples_of(tried(loop, count)), strict=True):
            found[count].append(rate)
    for chooser in CHOOSERS:
        arm = chosen_by(chooser, loop)
        for found, count, rate in zip(by_round, result.samples_of(arm, "chosen"), result.samples_of(arm), strict=True):
            found[int(count)].append(rate)
    return [{count: fmean(rates) for count, rates in found.items()} for found in by_round]


def reached(result: Measured, loop: str) -> dict[str, list[float]]:
    """By who chooses: shares of the best count’s throughput, round by round."""
    own = {chooser: held_out.share_of_best(trial(result, loop, chooser)) for chooser in CHOOSERS}
    facts = Facts(*(int(result.number(name)) for name in ("cpu_count", "cores", "gpus", "batch_size")))
    given = {rule.name: rule.count(facts) for rule in RULES if rule.name in PICTURED}
    rates = _rates(result, loop)
    rules = {
        name: held_out.share_of_best(Trial(rates, [count] * len(rates)))
        for name, count in given.items()
        if count is not None and all(count in found for found in rates)
    }
    return {**rules, **own}


def right(result: Measured) -> list[float]:
    """Round by round: the share of the watched loops whose verdict is right."""
    return [fmean(found) for found in zip(*(result.samples_of(arm, "right") for arm in RIGHT), strict=True)]


def chosen(result: Measured, loop: str, chooser: str) -> str:
    """`12`, or `8 and 12` where it was not the same in each pass."""
    return " and ".join(map(str, sorted({*trial(result, loop, chooser).chosen})))


def best(result: Measured, loop: str) -> int:
    return trial(result, loop, FUNCTION).best()


def values(result: Measured) -> dict[str, str]:
    at_worst = {who: min(median(reached(result, loop)[who]) for loop in LOOPS) for who in CHOOSERS}
    return {
        "seconds": number(result.number("race_seconds")),
        "function_worst": percent(at_worst[FUNCTION]),
        "tuner_worst": percent(at_worst[TUNER]),
    }


def figure(result: Measured) -> Figure:
    by_loop = {loop: reached(result, loop) for loop in LOOPS}
    roles: Mapping[str, Role] = {**PICTURED, **CHOOSERS}
    rows = tuple(
        BarGroup(
            WORKLOADS[loop],
            tuple(
                Bar(who, estimate([100 * share for share in found[who]]), role)
                for who, role in roles.items()
                if who in found
            ),
        )
        for loop, found in by_loop.items()
    )
    told = "; ".join(
        f"{WORKLOADS[loop]}: {chosen(result, loop, FUNCTION)} by the function, {chosen(result, loop, TUNER)} by the "
        f"tuner, and the best was {best(result, loop)}"
        for loop in LOOPS
    )
    message = f"A GPU takes each step. Workers chosen for {counted(len(LOOPS), 'loop')}. {told[0].upper()}{told[1:]}."
    return Figure(message, Dots("% of the best count’s throughput", "higher", rows), _table(result))


def _table(result: Measured) -> Table:
    header = ("Loop", "Workers", "Samples/s", "GPU without a batch")
    rows = [
        (
            WORKLOADS[loop] if not at else "",
            str(count),
            interval(result.estimate(tried(loop, count))),
            percent(result.estimate(tried(loop, count), "waited").median),
        )
        for loop in LOOPS
        for at, count in enumerate(result.numbers("counts"))
    ]
    return Table(header, tuple(rows))
