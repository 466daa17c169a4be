"""Results whose samples were made up so that each quotient is another number."""

from dataclasses import replace
from typing import Any

from snippets.experiments.scaling import show as scaling
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample, TraceSpan

from ..lab.made import measured


def told(headline: str, arms: dict[str, dict[str, float]], rounds: int = 7, **params: Any) -> Measured:
    """A result in which every round of an arm gave the same values."""
    samples = [RoundSample(0, number, arm, values) for number in range(rounds) for arm, values in arms.items()]
    step = [TraceSpan("main", "step", 0, 1, 0)]
    return measured(headline=headline, samples=samples, params=params, traces={arm: step for arm in arms})


def said(values: dict[str, str]) -> dict[str, str]:
    """With plain spaces."""
    return {name: plain(text) for name, text in values.items()}


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def epoch(
    total: float, waited: float, first: float = 0.1, shutdown: float = 0.01, steady: tuple[float, ...] = ()
) -> dict[str, float]:
    """`steady`: seconds from batch to batch once all workers run, and the shares of them in which no step runs, and in
    which the batch is not made yet.
    """
    values = {"total": total, "waited": waited, "first_batch": first, "shutdown": shutdown}
    return values | dict(zip(("per_batch", "waited_steady", "unready_steady"), steady, strict=False))


def decoded(unready_two: float) -> dict[str, dict[str, float]]:
    """Photos, twice as fast with two workers and 1.25 times as fast again with four; their start takes longer."""
    return {
        "0 workers": epoch(1.2, 0.6, steady=(0.1, 0.6)),
        "2 workers": epoch(0.8, 0.3, steady=(0.05, 0.08, unready_two)),
        "4 workers": epoch(0.9, 0.2, steady=(0.04, 0.05)),
    }


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
    facts = {"counts": [0, 1, 2, 4, 8], "cpu_count": 2, "cores": 2, "gpus": 0, "batch_size": 4}
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


TRIED = {
    "waiting": (100, 200, 400, 380),
    "computing": (400, 300, 500, 450),
    "both": (80, 90, 140, 155),
    "in memory": (1000, 900, 800, 700),
    "large items": (60, 45, 40, 50),
    "many tensors": (800, 100, 200, 100),
}
CHOSEN = {
    "waiting": (3, 300),
    "computing": (3, 450),
    "both": (5, 186),
    "in memory": (0, 850),
    "large items": (2, 42),
    "many tensors": (0, 880),
}


STEPS = (0.01, 0.008, 0.02, 0.004, 0.05, 0.002)


def chosen() -> Measured:
    """Counts that were tried, and the one that was chosen with what it gives: 0.75, 0.9, 1.2, 0.85, 0.7 and 1.1 of
    the best."""
    arms: dict[str, dict[str, float]] = {
        f"{workload}, {count} workers": {"throughput": rate}
        for workload, rates in TRIED.items()
        for count, rate in zip((0, 1, 2, 4), rates, strict=True)
    }
    arms |= {f"{name}, as chosen": {"throughput": rate, "chosen": count} for name, (count, rate) in CHOSEN.items()}
    steps = {f"step_seconds, {name}": seconds for name, seconds in zip(TRIED, STEPS, strict=True)}
    sizes = {f"batch_size, {name}": 4 for name in TRIED}
    items = {"item_bytes, large items": 5_000_000, "tensors, many tensors": 7}
    return told("throughput", arms, counts=[0, 1, 2, 4], **steps, **sizes, **items)


WAITS = {
    "fed": [0.05, 0.002, 0.004],
    "starved": [0.1, 0.09, 0.001, 0.02, 0.019, 0.04],
    "bursts": [9, 9, 9, 9, 0.06, 0.01, 0.01, 0.02, 0.01, 0.05, 0.02, 0.02],
    "slow first batch": [0.3, *[0.01] * 7, 0.2, *[0.01] * 7],
    "straggler": [5, 0.05, 0.3, 0.05],
    "alone": [0.02, 0.003],
    "busy neighbour": [0.03, 0.012],
}
WAITED = {
    "fed": (0.25, 0.08),
    "starved": (0.8, 0.77),
    "bursts": (0.75, 0.7),
    "slow first batch": (0.6, 0.55),
    "straggler": (0.5, 0.45),
    "alone": (0.2, 0.1),
    "busy neighbour": (0.4, 0.35),
}


def signed() -> Measured:
    """The seconds that each signature waits for each batch, and the shares in which no step runs."""
    totals = {"starved": 0.3, "alone": 0.4, "busy neighbour": 0.6}
    arms = {
        name: {
            **epoch(totals.get(name, 1.0), WAITED[name][0]),
            "waited_after_first": WAITED[name][1],
            **{f"wait {number}": wait for number, wait in enumerate(waits)},
        }
        for name, waits in WAITS.items()
    }
    arms["starved, replayed"] = {"total": 0.06}
    arms["bursts, more ahead"] = {"total": 1.1}
    return told("total", arms, neighbours=2, **{f"batches, {name}": len(waits) for name, waits in WAITS.items()})


def handed() -> Measured:
    """From a worker 256 tensors take 12 times as long as one, and 8 times as long as made by main."""
    seconds = {
        "1 pieces, 0 workers": (0.001, 0.0009),
        "16 pieces, 0 workers": (0.0015, 0.0014),
        "256 pieces, 0 workers": (0.003, 0.0029),
        "1 pieces, 1 worker": (0.002, 0.0005),
        "16 pieces, 1 worker": (0.006, 0.002),
        "256 pieces, 1 worker": (0.024, 0.01),
        "50,000 floats, 1 worker": (0.04, 0.03),
        "received while its worker waits": (0.016, 0.012),
        "received while its worker runs Python": (0.08, 0.013),
    }
    arms = {arm: {"per_batch": total, "main_cpu": cpu} for arm, (total, cpu) in seconds.items()}
    facts = {"pieces": [1, 16, 256], "bytes": 4_000_000, "floats": 50_000, "beside_pieces": 64}
    return told("per_batch", arms, **facts, sharing="file_descriptor")


def filled() -> Measured:
    """1.02, 0.99, 0.95 and 1.03 of the product, and a tensor that is there 1.5 times."""
    sizes = {(1, 2): 10.2, (2, 2): 19.8, (2, 4): 38, (4, 2): 41.2}
    arms = {f"{workers} workers, prefetch_factor={n}": {"bytes": size * 1e6} for (workers, n), size in sizes.items()}
    arms = {"a tensor in the dataset, forkserver": {"bytes": 30e6}, **dict(reversed(arms.items()))}
    return told("bytes", arms, rounds=1, batch_bytes=5_000_000, held_bytes=20_000_000, held_workers=2)


def trained() -> Measured:
    """On one thread 1.5 times as fast with a worker, and 1.25 times as fast again with two."""
    seconds = {(0, 1): 0.06, (1, 1): 0.04, (2, 1): 0.032, (0, 3): 0.03, (2, 3): 0.05}
    arms = {f"{workers} workers, {threads} threads": {"per_batch": s} for (workers, threads), s in seconds.items()}
    return told("per_batch", {**arms, "0 workers, 1 threads (again)": {"per_batch": 0.061}}, main_threads=3)


RANKS = {(1, 0): 100, (1, 1): 90, (1, 2): 180, (2, 0): 150, (2, 1): 240, (2, 2): 300, (2, 4): 288}


def ranked() -> Measured:
    """On a machine that could give two cores' worth of work."""
    arms = {
        f"{ranks} ranks, {workers} workers each": {"throughput": rate, "slowest": rate / ranks}
        for (ranks, workers), rate in RANKS.items()
    }
    return told("throughput", {**arms, "2 ranks, 1 workers each (again)": {"throughput": 250}})
