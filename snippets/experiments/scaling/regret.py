"""What each rule of thumb loses on each workload, against the best count that was measured."""

from statistics import median

from snippets.experiments.kinds import KINDS
from snippets.experiments.rules_of_thumb import MOST, RULES, Facts
from snippets.experiments.scaling.arms import arm
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import counted, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval


def facts(result: Measured) -> Facts:
    return Facts(*(int(result.number(name)) for name in ("cpu_count", "cores", "gpus", "batch_size")))


def rules(result: Measured) -> dict[int, list[str]]:
    """The counts that rules give for this machine, rising, each with the names of its rules."""
    found: dict[int, list[str]] = {}
    for rule in RULES:
        count = rule.count(facts(result))
        if count is not None and count <= MOST:
            found.setdefault(count, []).append(f"{rule.name} ({rule.source})")
    return dict(sorted(found.items()))


def silent(result: Measured) -> list[str]:
    """Rules that have no number for this machine, or one that was not tried."""
    spoken = {name for names in rules(result).values() for name in names}
    return [name for rule in RULES if (name := f"{rule.name} ({rule.source})") not in spoken]


def rates(result: Measured, workload: str) -> dict[int, list[float]]:
    """Samples/s, round by round, at every count that was measured."""
    return {count: result.samples_of(arm(workload, count)) for count in result.numbers("counts")}


def lost(result: Measured, workload: str) -> dict[int, list[float]]:
    """Share of the best count's throughput that each count loses, round by round.

    The best count is that of the best median; a count may beat it in a single round and then loses less than 0.
    """
    measured = rates(result, workload)
    best = measured[max(measured, key=lambda count: median(measured[count]))]
    return {count: [1 - a / b for a, b in zip(rate, best, strict=True)] for count, rate in measured.items()}


def worst(result: Measured) -> dict[int, list[float]]:
    """For each rule's count: what it loses where it loses most, round by round."""
    by_workload = [lost(result, workload) for workload in KINDS]
    rounds = range(len(by_workload[0][0]))
    return {count: [max(each[count][r] for each in by_workload) for r in rounds] for count in rules(result)}


def least_wrong(result: Measured) -> list[float]:
    """What the best rule still loses somewhere, round by round."""
    return [min(each) for each in zip(*worst(result).values(), strict=True)]


def best_counts(result: Measured) -> dict[str, int]:
    return {w: max(r, key=lambda count: median(r[count])) for w in KINDS for r in [rates(result, w)]}


def values(result: Measured) -> dict[str, str]:
    losses = {count: median(each) for count, each in worst(result).items()}
    least = min(losses, key=lambda count: losses[count])
    return {
        "least_wrong": str(least),
        "least_lost": percent(losses[least]),
        "rules": str(len(RULES)),
        "counts": str(len(losses)),
        **{f"worst_{count}": percent(loss) for count, loss in losses.items()},
    }


def figure(result: Measured) -> Figure:
    say, best = values(result), best_counts(result)
    rows: list[tuple[str, ...]] = []
    groups = []
    for workload, (title, _) in KINDS.items():
        losses = {count: _percent(each) for count, each in lost(result, workload).items()}
        bars = tuple(Bar(_label(count, names), losses[count], "wait") for count, names in rules(result).items())
        groups.append(BarGroup(f"{title}: best with {best[workload]} workers", bars))
        rows += [(title, str(c), "; ".join(names), interval(losses[c])) for c, names in rules(result).items()]
    rows += [("", "none here", name, "") for name in silent(result)]
    told = [f"{percent(median(loss))} with {counted(count, 'worker')}" for count, loss in worst(result).items()]
    message = (
        f"What {say['rules']} rules of thumb lose on this machine, for which they give {say['counts']} different "
        "counts. Of the best count’s throughput they lose, on the workload that suits them least: "
        f"{_and(told)}."
    )
    chart = Bars("% of the best count’s throughput lost", "lower", tuple(groups))
    return Figure(message, chart, Table(("Workload", "Workers", "Rule", "Lost, %"), tuple(rows)))


def _percent(losses: list[float]) -> Estimate:
    return estimate([100 * loss for loss in losses])


def _label(count: int, names: list[str]) -> str:
    """`2: all CPUs, usable cores`: without the sources, which the table has."""
    return f"{count}: {', '.join(name.partition(' (')[0] for name in names)}"


def _and(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
