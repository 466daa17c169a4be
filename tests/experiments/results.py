"""Results whose samples are made up, and what an experiment says of them."""

from typing import Any

from snippets.lab.judging.claim import Claim
from snippets.lab.judging.claims import claim_ids, claims
from snippets.lab.results.results import Measured, RoundSample, TraceSpan

from ..lab.made import measured


def result(headline: str, arms: dict[str, dict[str, float]], rounds: int = 7, **params: Any) -> Measured:
    """In every round an arm gave the same values."""
    samples = [RoundSample(0, number, arm, values) for number in range(rounds) for arm, values in arms.items()]
    step = [TraceSpan("main", "step", 0, 1, 0)]
    return measured(headline=headline, samples=samples, params=params, traces={arm: step for arm in arms})


def epoch(total: float, waited: float, first: float = 0.1, steady: tuple[float, ...] = ()) -> dict[str, float]:
    """Values of a traced epoch. `steady`: seconds from batch to batch once all workers run, and the shares of them in
    which no step runs, and in which the batch is not made yet.
    """
    values = {"total": total, "waited": waited, "first_batch": first, "shutdown": 0.01}
    return values | dict(zip(("per_batch", "waited_steady", "unready_steady"), steady, strict=False))


def plain(text: str) -> str:
    """With spaces that break."""
    return text.replace("\u00a0", " ")


def plain_values(values: dict[str, str]) -> dict[str, str]:
    return {name: plain(text) for name, text in values.items()}


def claim(claim_id: str) -> Claim:
    return claim_ids()[claim_id][1]


def statistics(experiment: str, measured: Measured) -> dict[str, float]:
    """By claim: its statistic, which must be the same in every round."""
    rounds = {each.id: each.statistic.of(measured) for each in claims(experiment)}
    assert all(len(set(values)) == 1 for values in rounds.values())
    return {name: values[0] for name, values in rounds.items()}
