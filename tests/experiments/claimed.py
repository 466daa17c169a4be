"""What the claims of an experiment say, by its folder: each one's statistic, bounds and reason."""

import importlib

from snippets.lab.judging.claim import Claim
from snippets.lab.results.results import Measured


def claims(experiment: str) -> tuple[Claim, ...]:
    return importlib.import_module(f"snippets.experiments.{experiment}.claims").CLAIMS


def claimed(experiment: str, result: Measured) -> dict[str, float]:
    """Each claim's statistic, which must be the same in every round."""
    rounds = {claim.id: claim.statistic.of(result) for claim in claims(experiment)}
    assert all(len(set(each)) == 1 for each in rounds.values())
    return {name: each[0] for name, each in rounds.items()}


def claim(experiment: str, claim_id: str) -> Claim:
    return next(claim for claim in claims(experiment) if claim.id == claim_id)


def reason(experiment: str, claim_id: str) -> str:
    return claim(experiment, claim_id).because
