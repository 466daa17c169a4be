"""A row for each workload: what each tuner's count, and what rules of thumb, reach of the best count’s throughput."""

from collections import defaultdict
from statistics import mean, median

from snippets.experiments import held_out
from snippets.experiments.held_out import Rates, Trial
from snippets.experiments.kinds import WORKLOADS as CALLED
from snippets.experiments.other_tuners.arms import (
    COUNTS,
    FUNCTION,
    OURS,
    PEERS,
    QUICK,
    TUNER,
    WORKLOADS,
    chosen_by,
    tried,
)
from snippets.experiments.rules_of_thumb import RULES, Facts
from snippets.lab.figures.figure import Bar, BarGroup, Dots, Figure, Role, Table
from snippets.lab.numbers import NBSP, duration, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

MARKS: dict[str, Role] = {
    "half the CPUs": "start-up",
    "start with 4": "shutdown",
    QUICK: "fetch",
    "loadtune": "receive",
    "dataloader-param-helper": "wait",
    FUNCTION: "collate",
    TUNER: "step",
}
"""Who chooses, and the role whose mark each has: rules of thumb first. The last are drawn last, over the others."""


def choosers(result: Measured) -> list[str]:
    """Those that ran."""
    there = {sample.arm for sample in result.samples}
    return [who for who in (*OURS, *PEERS.values()) if chosen_by(who, WORKLOADS[0]) in there]


def answered(result: Measured, who: str, workload: str) -> bool:
    """In every round."""
    return min(result.samples_of(chosen_by(who, workload), "answered")) == 1


def reached(result: Measured, workload: str) -> dict[str, list[float]]:
    """By who chooses and has answered: shares of the best count’s throughput, round by round."""
    rates = _rates(result, workload)
    found: dict[str, list[float]] = {}
    for who in choosers(result):
        chosen = [int(count) for count in result.samples_of(chosen_by(who, workload), "chosen")]
        if answered(result, who, workload):
            found[who] = held_out.share_of_best(Trial(rates, chosen))
    facts = Facts(*(int(result.number(name)) for name in ("cpu_count", "cores", "gpus", f"batch_size, {workload}")))
    for rule in RULES:
        count = rule.count(facts)
        if rule.name in MARKS and count in rates[0]:
            found[rule.name] = held_out.share_of_best(Trial(rates, [count] * len(rates)))
    return found


def _rates(result: Measured, workload: str) -> list[Rates]:
    """By round. A count that ran more than once has the mean."""
    by_round: list[dict[int, list[float]]] = [defaultdict(list) for _ in result.samples_of(tried(workload, 0))]
    for count in COUNTS:
        for found, rate in zip(by_round, result.samples_of(tried(workload, count)), strict=True):
            found[count].append(rate)
    for who in choosers(result):
        arm = chosen_by(who, workload)
        chosen = zip(result.samples_of(arm, "chosen"), result.samples_of(arm), strict=True)
        for found, (count, rate) in zip(by_round, chosen, strict=True):
            found[int(count)].append(rate)
    return [{count: mean(rates) for count, rates in found.items()} for found in by_round]


def by_who(result: Measured) -> dict[str, list[float]]:
    """What each reaches, of the workloads on which it has answered: the rounds’ medians."""
    found: dict[str, list[float]] = defaultdict(list)
    for workload in WORKLOADS:
        for who, shares in reached(result, workload).items():
            found[who].append(median(shares))
    return found


def seconds(result: Measured, who: str) -> float:
    """To choose, on the workload in the middle."""
    return median(median(result.samples_of(chosen_by(who, workload), "seconds")) for workload in WORKLOADS)


def values(result: Measured) -> dict[str, str]:
    return {"limit": number(result.number("limit"))}


def figure(result: Measured) -> Figure:
    found = by_who(result)
    rows = tuple(_row(result, workload) for workload in WORKLOADS)
    told = ", ".join(
        f"{who} {percent(min(found[who]))} ({duration(seconds(result, who))})"
        for who in choosers(result)
        if who in found
    )
    message = (
        "What the chosen count reaches of the best count’s throughput on the workload that suits each least, and the "
        f"time to choose it: {told}."
    )
    header = ("", "In the middle", "At worst", "Time to choose", "No answer")
    table = tuple(
        (who, *_shares(found.get(who, [])), *_effort(result, who))
        for who in MARKS
        if who in {*found, *choosers(result)}
    )
    return Figure(message, Dots("% of the best count’s throughput", "higher", rows), Table(header, table))


def _row(result: Measured, workload: str) -> BarGroup:
    found = reached(result, workload)
    bars = [
        Bar(who, estimate([100 * share for share in found[who]]), role) for who, role in MARKS.items() if who in found
    ]
    return BarGroup(CALLED[workload], tuple(bars))


def _shares(shares: list[float]) -> tuple[str, str]:
    return (percent(median(shares)), percent(min(shares))) if shares else ("–", "–")


def _effort(result: Measured, who: str) -> tuple[str, str]:
    """Of a rule of thumb none."""
    if who not in choosers(result):
        return "–", "–"
    silent = sum(not answered(result, who, workload) for workload in WORKLOADS)
    return duration(seconds(result, who)), f"{silent} of{NBSP}{len(WORKLOADS)}"
