"""How far workers scale: to any number where items wait, to the cores where they compute, not at all in memory."""

from snippets.experiments.rules_of_thumb import MOST
from snippets.experiments.scaling import regret
from snippets.experiments.scaling.arms import arm
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, at_most, ratio
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients

MOST_WORKERS = 8


def speedup(result: Measured, kind: str, count: int) -> list[float]:
    return quotients(result.samples_of(arm(kind, count)), result.samples_of(arm(kind, 0)))


def beyond_cores(result: Measured) -> list[float]:
    """8 workers over the most of the counts that the cores cover."""
    most = max(count for count in (1, 2, 4) if count <= int(result.number("cores")))
    return quotients(result.samples_of(arm("computing", 8)), result.samples_of(arm("computing", most)))


def per_core(result: Measured) -> list[float]:
    return [each / result.capacity for each in speedup(result, "computing", MOST_WORKERS)]


def waiting_over_computing(result: Measured) -> list[float]:
    return quotients(speedup(result, "waiting", MOST_WORKERS), speedup(result, "computing", MOST_WORKERS))


CLAIMS = (
    Claim(
        "waiting-scales-to-8",
        ratio("samples/s of waiting items with 8 workers over those with 0", arm("waiting", 8), arm("waiting", 0)),
        at_least(5.0, beyond=10.0),
        because="Eight that wait side by side are at most eight times as fast; beyond that and a quarter for noise, "
        "the comparison itself is broken.",
        needs_cores=2,
    ),
    Claim(
        "waiting-scales-to-4",
        ratio("samples/s of waiting items with 4 workers over those with 0", arm("waiting", 4), arm("waiting", 0)),
        at_least(3.0, beyond=5.0),
        because="Four that wait side by side are at most four times as fast.",
        needs_cores=2,
    ),
    Claim(
        "two-decode-faster",
        ratio("photos/s with 2 workers over those with 0", arm("computing", 2), arm("computing", 0)),
        at_least(1.1),
        because="Two cores can at most double it; collating, shared memory and receiving take their part.",
        needs_cores=2,
    ),
    Claim(
        "decoding-per-core",
        Statistic(
            "the speed-up of decoding with 8 workers over the cores’ worth of work that the machine had", per_core
        ),
        at_most(1.2),
        because="A core cannot decode faster than alone; a fifth is for noise in the capacity.",
        say=percent,
        needs_cores=2,
        below_cores=MOST_WORKERS,
    ),
    Claim(
        "eight-decode-on-fewer-cores",
        Statistic("photos/s with 8 workers over those with as many as there are cores", beyond_cores),
        at_least(0.75, beyond=1.4),
        because="Workers beyond the cores take turns: what that cost would lie below. What they can gain are the gaps "
        "that others leave while they hand over a batch.",
        needs_cores=2,
        below_cores=MOST_WORKERS,
    ),
    Claim(
        "waiting-outscales-decoding",
        Statistic(
            "the speed-up that 8 workers give waiting items over the one that they give decoding",
            waiting_over_computing,
        ),
        at_least(2.0),
        because="With fewer cores than workers the one goes to eight and the other to the cores.",
        needs_cores=2,
        below_cores=MOST_WORKERS,
    ),
    Claim(
        "no-rule-is-right-everywhere",
        Statistic("what the least wrong rule of thumb loses on some workload", regret.least_wrong),
        at_least(0.2),
        because="A fifth of the throughput is worth a measurement of a few minutes.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "default-loses-most-of-waiting",
        Statistic("what 0 workers lose on waiting items", lambda result: regret.lost(result, "waiting")[0]),
        at_least(0.7),
        because="Eight workers are up to eight times as fast: 0 then lose seven eighths.",
        say=percent,
        needs_cores=2,
    ),
    Claim(
        "four-lose-in-memory",
        Statistic(
            "what 4 workers lose on rows of a tensor in memory", lambda result: regret.lost(result, "in memory")[4]
        ),
        at_least(0.2),
        because="Handing a batch from process to process costs more than putting it together.",
        say=percent,
        needs_cores=2,
        below_cores=4,
    ),
    Claim(
        "half-the-cpus-lose-on-waiting",
        Statistic(
            "what half as many workers as CPUs lose on waiting items",
            lambda result: regret.lost(result, "waiting")[_half(result)],
        ),
        at_least(0.4),
        because="Waiting items want more workers than there are cores.",
        say=percent,
        needs_cores=2,
        below_cores=MOST_WORKERS,
    ),
)


def _half(result: Measured) -> int:
    """Raises NotHere where half of the CPUs are more than are tried, as in a small container on a large host."""
    half = int(result.number("cpu_count")) // 2
    if half > MOST:
        raise NotHere(f"half of the CPUs are {half} workers, and no more than {MOST} are tried")
    return half
