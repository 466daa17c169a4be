"""Results whose samples were made up so that each quotient is another number."""

from dataclasses import replace

from snippets.experiments.scaling import show as scaling
from snippets.lab.results import Measured, RoundSample, TraceSpan
from snippets.lab.surroundings import Surroundings

from ..lab.made import measured


def told(
    headline: str, arms: dict[str, dict[str, float]], rounds: int = 7, **params: str | int | float | bool
) -> Measured:
    """A result in which every round of an arm gave the same values."""
    samples = [RoundSample(0, number, arm, values) for number in range(rounds) for arm, values in arms.items()]
    step = [TraceSpan("main", "step", 0, 1, 0)]
    return measured(headline=headline, samples=samples, params=params, traces={arm: step for arm in arms})


def epoch(total: float, waited: float, first: float = 0.1, shutdown: float = 0.01) -> dict[str, float]:
    return {"total": total, "waited": waited, "first_batch": first, "shutdown": shutdown}


RATES = {
    "waiting": (100, 90, 180, 360, 720),
    "computing": (400, 320, 600, 700, 640),
    "both": (80, 80, 160, 240, 320),
    "in memory": (1000, 500, 800, 900, 700),
}


def scaled() -> Measured:
    """Two cores; a decoded photo takes 2.5 ms of CPU, and receiving it 0.5 ms."""
    arms = {
        f"{kind}, {count} workers": {"throughput": rate, "main_cpu": 0.0025 if count == 0 else 0.0005}
        for kind, rates in RATES.items()
        for count, rate in zip(scaling.COUNTS, rates, strict=True)
    }
    around = Surroundings([2.0] * 7, 0.0, None)
    facts = {"counts": "0, 1, 2, 4, 8", "cpu_count": 2, "cores": 2, "gpus": 0, "batch_size": 4}
    return replace(told("throughput", arms, **facts), surroundings=[around])


def disk_arms() -> dict[str, dict[str, float]]:
    """A quarter of the files lay in memory before a cold run."""
    rates = {"sprites": {"cold": (2, 3), "warm": (4, 2)}, "photos": {"cold": (9, 11), "warm": (10, 20)}}
    return {
        f"{kind}, {pages}, {count} workers": {"throughput": rate * 100.0, "cached": 0.25 if pages == "cold" else 1.0}
        for kind, by_pages in rates.items()
        for pages, pair in by_pages.items()
        for count, rate in zip((0, 4), pair, strict=True)
    }
