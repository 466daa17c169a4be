"""DataLoader and the other libraries that are installed: what each loads, what is claimed of them and said.

What it does not prove: that a library loads so. Where it is installed, each build measures and judges that.
"""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.experiments.other_loaders import measure, show
from snippets.experiments.other_loaders.arms import OURS
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.results.contributed import unfit
from snippets.lab.results.results import Measured

from .dry_run import clock
from .results import claim, plain, plain_values, result, statistics


def loaded(spdl: float = 160) -> Measured:
    rates = {OURS: (100, 0.5), "SPDL": (spdl, 0.25), "datasets": (50, 2), OURS + AGAIN: (300, 0.5)}
    arms = {arm: {"throughput": rate, "first_batch": first} for arm, (rate, first) in rates.items()}
    return result("throughput", arms, workers=2)


def test_the_same_photos_are_loaded_with_as_many_workers(three_threads: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """By those that are installed, each by its snippet; packages and clock are made up."""
    asked: list[tuple[str, tuple[Any, ...], int]] = []

    def snippet(name: str) -> Any:
        def batches(*given: Any) -> list[list[int]]:
            asked.append((name, given, torch.get_num_threads()))
            return [[0] * 3, [0] * 5, [0] * 5]

        return SimpleNamespace(batches=batches)

    monkeypatch.setattr(measure, "time", clock(*[0.0, 2.0, 6.0] * 4))
    monkeypatch.setattr(measure, "with_dataloader", snippet("with_dataloader"))
    monkeypatch.setattr(measure, "find_spec", lambda package: package in ("spdl", "datasets"))
    monkeypatch.setattr(measure, "importlib", SimpleNamespace(import_module=snippet))
    with measure.EXPERIMENT.prepared() as arms:
        assert [*arms] == [OURS, "SPDL", "datasets"]
        assert len(asked) == 1, "before the first arm the pages are warmed"
        asked.clear()
        for arm in arms.values():
            assert arm().values == {"first_batch": 2.0, "throughput": 10 / 4}, "photos after the first batch"
            assert torch.get_num_threads() == 3
    others = [f"snippets.pages.leave_dataloader.with_{package}" for package in ("spdl", "datasets")]
    assert [name for name, _, _ in asked] == ["with_dataloader", *others]
    (paths, workers) = asked[0][1]
    assert (len(paths), workers) == (measure.FILES, measure.WORKERS) == (256, 2)
    assert all(given == (paths, workers) for _, given, _ in asked)
    assert {threads for _, _, threads in asked} == {1}


def test_without_other_libraries_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "find_spec", lambda package: None)
    reason = measure.unavailable() or ""
    assert "none of the other libraries is installed" in reason
    assert not unfit(reason), "a results file with this reason is refused when it is shared"
    monkeypatch.setattr(measure, "find_spec", lambda package: package == "torchdata")
    assert measure.unavailable() is None


@pytest.mark.parametrize(("spdl", "fastest"), [(160, 1.6), (40, 0.5)])
def test_claims(spdl: float, fastest: float) -> None:
    """The fastest library over DataLoader, and not DataLoader's own second run."""
    found = statistics("other-loaders", loaded(spdl))
    assert found == pytest.approx({"another-library-with-the-same-decoder": fastest})


def test_the_reason_counts_their_workers() -> None:
    found = claim("another-library-with-the-same-decoder")
    assert found.because.startswith("Two processes or two threads")
    assert found.needs_cores == measure.WORKERS == 2


def test_values_and_figure() -> None:
    values = plain_values(show.values(loaded()))
    assert values == {"workers": "2", "datasets": "0.5 times", "SPDL": "1.6 times"}
    figure = show.figure(loaded())
    assert "with 2 workers or threads. Over DataLoader: datasets 0.5 times, SPDL 1.6 times." in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    (group,) = figure.chart.groups
    assert [(bar.label, bar.value.median) for bar in group.bars] == [(OURS, 100), ("datasets", 50), ("SPDL", 160)]
    first = [plain(row[2]) for row in figure.table.rows]
    assert first == ["0.5 s (0.5 to 0.5)", "2 s (2 to 2)", "0.25 s (0.25 to 0.25)"]
