"""Every claim and every statement there is: found beside the experiments, so none is named here."""

import importlib

from snippets.lab.catalog import EXPERIMENTS, experiment_names
from snippets.lab.judging.claim import Claim, Statement
from snippets.lab.moment import once


@once
def claims(name: str) -> tuple[Claim, ...]:
    """What the pages claim by this experiment; nothing where there is no `claims.py`."""
    folder = name.replace("-", "_")
    if not (EXPERIMENTS / folder / "claims.py").exists():
        return ()
    return importlib.import_module(f"snippets.experiments.{folder}.claims").CLAIMS


@once
def claim_ids() -> dict[str, tuple[str, Claim]]:
    """Every claim with its experiment, by id. Raises ValueError if two have the same."""
    by_id: dict[str, tuple[str, Claim]] = {}
    for name in experiment_names():
        for claim in claims(name):
            if claim.id in by_id:
                raise ValueError(f"{by_id[claim.id][0]} and {name} both have a claim {claim.id!r}")
            by_id[claim.id] = (name, claim)
    return by_id


def needs_gpu(name: str) -> bool:
    """Whether a result says something only where it was measured with a GPU: all that is claimed by it does."""
    tiers = {claim.tiers for claim in claims(name)}
    return tiers == {("gpu",)}


def is_timed(name: str) -> bool:
    """Whether noise touches what is claimed by an experiment: some of it takes a quiet machine."""
    return any(claim.needs_cores for claim in claims(name))


def statements() -> tuple[Statement, ...]:
    """What the first version of the guides said."""
    return importlib.import_module("snippets.experiments.first_version").STATEMENTS
