"""How often each benchmark orders two worker counts as the pooled steady state does."""

from itertools import combinations
from statistics import median

from snippets.experiments.quick_benchmark.arms import AS_WRITTEN, CORRECTED
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate, interval


def counts(result: Measured) -> tuple[int, ...]:
    return tuple(result.numbers("counts"))


def truth(result: Measured) -> dict[int, float]:
    """Samples/s per count: the median of all steady-state runs."""
    return {count: median(result.samples_of(CORRECTED, f"rate_{count}")) for count in counts(result)}


def right_share(rates: dict[int, float], right: dict[int, float], tie: float) -> float:
    """The share of pairs of counts that `rates` puts in the right order, in percent; ties count as right."""
    pairs = [*combinations(right, 2)]
    agreed = sum(
        (rates[a] < rates[b]) == (right[a] < right[b]) or abs(right[a] / right[b] - 1) <= tie for a, b in pairs
    )
    return 100 * agreed / len(pairs)


def shares(result: Measured, arm: str) -> list[float]:
    runs = [sample.values for sample in result.samples if sample.arm == arm]
    right, tie = truth(result), result.number("tie")
    return [right_share({c: run[f"rate_{c}"] for c in right}, right, tie) for run in runs]


def winners_right(result: Measured, arm: str) -> int:
    """In how many runs the fastest count lay within the tie of the best count's steady state."""
    right, tie = truth(result), result.number("tie")
    best = max(right.values())
    runs = [sample.values for sample in result.samples if sample.arm == arm]
    chosen = [max(right, key=lambda count: run[f"rate_{count}"]) for run in runs]
    return sum(right[count] >= best * (1 - tie) for count in chosen)


def values(result: Measured) -> dict[str, str]:
    right = truth(result)
    return {
        "trials": str(len(shares(result, CORRECTED))),
        "best": str(max(right, key=lambda count: right[count])),
        "as_written": percent(median(shares(result, AS_WRITTEN)) / 100),
        "corrected": percent(median(shares(result, CORRECTED)) / 100),
        "as_written_winner": str(winners_right(result, AS_WRITTEN)),
        "corrected_winner": str(winners_right(result, CORRECTED)),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Of the pairs of worker counts, a run of the benchmark as written puts {say['as_written']} into the "
        f"right order, a run of the corrected one {say['corrected']}. The count it calls fastest is within "
        f"{percent(result.number('tie'))} of the best in {say['as_written_winner']} and "
        f"{say['corrected_winner']} of {say['trials']} runs."
    )
    bars = tuple(Bar(arm, estimate(shares(result, arm)), "fetch") for arm in (AS_WRITTEN, CORRECTED))
    right = truth(result)
    rows = tuple(
        (
            str(count),
            *(interval(result.estimate(arm, f"rate_{count}")) for arm in (AS_WRITTEN, CORRECTED)),
            number(rate),
        )
        for count, rate in right.items()
    )
    header = ("Workers", "As written, samples/s", "Corrected, samples/s", "Median of all")
    chart = Bars("% of pairs in the right order", "higher", (BarGroup("", bars),))
    return Figure(message, chart, Table(header, rows))
