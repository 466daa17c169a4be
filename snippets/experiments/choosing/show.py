"""A row for each workload: what the chosen count, and what rules of thumb, reach of the best count’s throughput."""

from collections import defaultdict
from collections.abc import Mapping
from statistics import fmean, mean, median, median_low

from snippets.experiments import held_out
from snippets.experiments.choosing.arms import FUNCTION, RULE, TUNER, chosen_by, counts, tried
from snippets.experiments.held_out import Rates, Trial
from snippets.experiments.kinds import WORKLOADS
from snippets.experiments.rules_of_thumb import RULES, Facts
from snippets.lab.figures.figure import Bar, BarGroup, Dots, Figure, Role, Table
from snippets.lab.moment import once
from snippets.lab.numbers import counted, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

CHOOSERS: dict[str, Role] = {RULE: "start-up", FUNCTION: "step", TUNER: "shutdown"}
"""Who chooses a count, and the role whose mark each has. One more is a line here and one in `measure.CHOOSERS`."""
OTHERS = (TUNER, RULE)
"""Who choose beside the function, in the full form."""
PICTURED: dict[str, Role] = {
    "the default": "wait",
    "half the CPUs": "fetch",
    "usable cores": "collate",
    "start with 4": "receive",
}
"""Rules of thumb, and the role whose mark each has. One that gives no count here, or none that was tried, has none."""

Arms = Mapping[str, Mapping[str, float]]
"""The values of one round, by arm."""


@once
def trials(result: Measured, chooser: str = FUNCTION) -> dict[str, Trial]:
    """By workload. One that some round lacks is left out: between two passes of the short form the day has changed, and
    so has the draw.
    """
    by_round: dict[tuple[int, int], dict[str, Mapping[str, float]]] = defaultdict(dict)
    for sample in result.samples:
        by_round[sample.pass_, sample.round][sample.arm] = sample.values
    rounds = [by_round[place] for place in sorted(by_round)]
    return {
        workload: Trial(
            [_rates(arms, workload, result.headline) for arms in rounds],
            [int(arms[chosen_by(chooser, workload)]["chosen"]) for arms in rounds],
        )
        for workload in WORKLOADS
        if all(chosen_by(chooser, workload) in arms for arms in rounds)
    }


def _rates(arms: Arms, workload: str, headline: str) -> Rates:
    """A count that ran more than once in the round, tried and chosen, has the mean. The short form tries fewer."""
    found: dict[int, list[float]] = defaultdict(list)
    for count in counts(workload):
        if (arm := tried(workload, count)) in arms:
            found[count].append(arms[arm][headline])
    for chooser in CHOOSERS:
        if chosen := arms.get(chosen_by(chooser, workload)):
            found[int(chosen["chosen"])].append(chosen[headline])
    return {count: fmean(rates) for count, rates in found.items()}


def unsure(result: Measured, chooser: str = FUNCTION) -> list[float]:
    """Of each round and workload: 1 where the chooser could not tell, be it that it gave a count all the same."""
    chosen = [chosen_by(chooser, workload) for workload in trials(result, chooser)]
    return [rate for arm in chosen for rate in result.samples_of(arm, "unsure")]


@once
def by_rule(result: Measured, workload: str) -> dict[str, int]:
    """The counts that rules of thumb give, of those that were tried."""
    asked = ("cpu_count", "cores", "gpus", f"batch_size, {workload}")
    facts = Facts(*(int(result.number(name)) for name in asked))
    given = {rule.name: rule.count(facts) for rule in RULES if rule.name in PICTURED}
    ran = {sample.arm for sample in result.samples}
    return {name: count for name, count in given.items() if count is not None and tried(workload, count) in ran}


@once
def reached(result: Measured) -> dict[str, dict[str, list[float]]]:
    """By workload and by who chooses: shares of the best count’s throughput, round by round."""
    by_chooser = {chooser: trials(result, chooser) for chooser in CHOOSERS}
    found: dict[str, dict[str, list[float]]] = {}
    for workload, trial in by_chooser[FUNCTION].items():
        shares = held_out.shares(trial)
        rules = {name: [share[count] for share in shares] for name, count in by_rule(result, workload).items()}
        own = {who: chosen[workload] for who, chosen in by_chooser.items() if workload in chosen}
        found[workload] = {who: held_out.share_of_best(trial) for who, trial in own.items()} | rules
    return found


@once
def worst(result: Measured) -> dict[str, tuple[str, float]]:
    """By who chooses: the workload on which they reach least, and what they reach there."""
    found: dict[str, tuple[str, float]] = {}
    for workload, by_who in reached(result).items():
        for who, shares in by_who.items():
            if who not in found or median(shares) < found[who][1]:
                found[who] = (workload, median(shares))
    return found


def chosen(trial: Trial) -> str:
    """`3`, or `3 and 4` where it was not the same in each pass."""
    return " and ".join(map(str, sorted({*trial.chosen})))


def enough(trial: Trial) -> int:
    """The smallest count that is as good as the best one, in the round of the middle."""
    surplus = held_out.surplus(trial)
    return median_low(count - more for count, more in zip(trial.chosen, surplus, strict=True))


def values(result: Measured) -> dict[str, str]:
    by_workload, at_worst = trials(result), worst(result)
    workload, _ = at_worst[FUNCTION]
    rules = {rule: least for rule, (_, least) in at_worst.items() if rule in PICTURED}
    rule = max(rules, key=lambda name: rules[name])
    return {
        "workloads": str(len(by_workload)),
        "drawn_on": str(result.params["drawn_on"]),
        "seconds": number(result.number("race_seconds")),
        "middle": percent(median(median(by_who[FUNCTION]) for by_who in reached(result).values())),
        "worst": WORKLOADS[workload],
        "worst_reached": percent(median(held_out.share_at_worst([*by_workload.values()]))),
        "worst_chosen": chosen(by_workload[workload]),
        "worst_enough": str(enough(by_workload[workload])),
        "unsure": percent(mean(unsure(result))),
        "tuner_unsure": percent(mean(by_tuner)) if (by_tuner := unsure(result, TUNER)) else "",
        "rule": rule,
        "rule_worst": WORKLOADS[at_worst[rule][0]],
        "rule_reached": percent(rules[rule]),
    }


def figure(result: Measured) -> Figure:
    say, found, at_worst = values(result), reached(result), worst(result)
    rows = tuple(
        BarGroup(
            WORKLOADS[workload],
            tuple(Bar(who, in_percent(by_who[who]), role) for who, role in _roles().items() if who in by_who),
        )
        for workload, by_who in found.items()
    )
    told = [f"{who} {percent(at_worst[who][1])}" for who in PICTURED if who in at_worst]
    others = "".join(
        f"That of {_spoken(who)} reaches {percent(at_worst[who][1])} on its own worst. "
        for who in OTHERS
        if who in at_worst
    )
    message = (
        f"Of the best count’s throughput, the count that the function chose reaches {say['middle']} on the workload in "
        f"the middle, of {counted(len(rows), 'workload')}, and {say['worst_reached']} on the one that suits it least. "
        f"{others}Rules of thumb, each on the one that suits it least: {', '.join(told)}."
    )
    return Figure(message, Dots("% of the best count’s throughput", "higher", rows), _table(result, found))


def _spoken(who: str) -> str:
    """Within a sentence: the rule, by hand, reaches."""
    return f"{who}," if "," in who else who


def _roles() -> dict[str, Role]:
    """Of all who choose. The last are drawn last, over the others."""
    return {**PICTURED, **CHOOSERS}


def _table(result: Measured, found: dict[str, dict[str, list[float]]]) -> Table:
    rules = [name for name in PICTURED if any(name in by_who for by_who in found.values())]
    chose = {who: its_own for who in OTHERS if (its_own := trials(result, who))}
    header = ("Workload", "Chosen by the function", "As good as the best, from", "It reaches, %")
    rows = [
        (
            WORKLOADS[workload],
            chosen(trial),
            str(enough(trial)),
            interval(in_percent(found[workload][FUNCTION])),
            *(_by_another(who, its_own[workload], found[workload]) for who, its_own in chose.items()),
            *(_by_rule(result, found, workload, name) for name in rules),
        )
        for workload, trial in trials(result).items()
    ]
    others = [*chose, *rules]
    return Table((*header, *(f"{name}, %" for name in others)), tuple(rows))


def _by_another(who: str, trial: Trial, found: Mapping[str, list[float]]) -> str:
    """`98 with 3 and 4`."""
    return f"{number(100 * median(found[who]), 2)} with {chosen(trial)}"


def _by_rule(result: Measured, found: dict[str, dict[str, list[float]]], workload: str, rule: str) -> str:
    """`85 with 4`."""
    if rule not in found[workload]:
        return "–"
    return f"{number(100 * median(found[workload][rule]), 2)} with {by_rule(result, workload)[rule]}"


def in_percent(shares: list[float]) -> Estimate:
    return estimate([100 * share for share in shares])
