"""Rows of a tensor, through loaders and in slices: what is claimed of them and said."""

import pytest

from snippets.experiments.in_memory import show
from snippets.experiments.in_memory.arms import LOADER, SLICES, WORKERS

from .results import plain_values, result, statistics

RATES = {LOADER: 3e5, WORKERS: 2e5, SLICES: 1.2e7}
MEASURED = result("throughput", {arm: {"throughput": rate} for arm, rate in RATES.items()}, rows=20_000, columns=20)


def test_claims() -> None:
    found = statistics("in-memory", MEASURED)
    assert found == pytest.approx({"slicing-beats-the-loader": 40.0, "workers-make-memory-slower": 1.5})


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert values["slices_over_loader"] == "40 times"
    assert values["slices_over_workers"] == "60 times"
    assert values["loader_over_workers"] == "1.5 times"
    assert (values["loader"], values["slices"], values["rows"]) == ("300,000", "12,000,000", "20,000")
