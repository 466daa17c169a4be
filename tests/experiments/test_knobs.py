"""What arguments of a DataLoader do: that wrong counts would show, and why each is what is claimed.

What it does not prove: the counts. Each build counts them, and contradicts a claim by one that is another;
test_every_experiment looks at which counts the claims take.
"""

import multiprocessing
from typing import Any

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.counting_datasets import Makers
from snippets.experiments.knobs import arms, measure
from snippets.pages.arguments.batched_fetch import BatchedTable, Table

from .results import claim


@pytest.mark.parametrize(("arm", "name", "count"), [(arms.SAMPLER, "main", 1), (arms.BREAK, "during", 2)])
def test_what_is_not_there_later_was_there(arm: str, name: str, count: int) -> None:
    """A sampler that ran nowhere, or a loop without workers, would give the claimed 0, too."""
    with measure.EXPERIMENT.prepared() as runs:
        assert runs[arm]().values[name] == count


def test_a_sampler_that_ran_in_a_worker_would_be_seen() -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system has no fork")
    noted = measure.NotedSampler(Makers(4))
    assert [*noted] == [0, 1, 2, 3]
    forking: Any = multiprocessing.get_context("fork")
    other = forking.Process(target=lambda: [*noted])
    other.start()
    other.join()
    assert (noted.main.value, noted.others.value) == (1, 1)


@pytest.mark.parametrize(("table", "batch"), [(Table, 1), (BatchedTable, 100)])
def test_a_question_is_for_a_row_or_for_a_batch(table: type[Table], batch: int) -> None:
    asked = table()
    loader = DataLoader(asked, batch_size=100)
    assert sum(len(rows) for rows in loader) == 1000
    assert asked.questions == 1000 / batch


@pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="importing torch takes a worker longer than this timeout"
)
def test_a_worker_that_answers_is_no_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "Late", lambda: Makers(2))
    assert measure.timed_out().values == {"errors": 0}


def test_a_loader_that_takes_any_setting_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "DataLoader", lambda *given, **settings: [0])
    assert measure.refused().values == {"when_made": 0, "when_used": 0}


def test_base_seeds_are_those_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one loader in two epochs, of one that keeps its worker, and of two whose generators are seeded alike; main has
    one seed throughout.
    """
    loaders: list[Any] = []
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([loaders.append(loader) or len(loaders)]))
    assert measure.seeds().values == {"of_two_epochs": 2, "of_two_kept_epochs": 2, "of_two_alike": 2}
    assert {loader.num_workers for loader in loaders} == {1}
    one, again, kept, kept_again, *alike = loaders
    assert one is again and one.generator is None and not one.persistent_workers
    assert kept is kept_again and kept.generator is None and kept.persistent_workers
    assert [loader.generator.initial_seed() for loader in alike] == [0, 0]
    assert alike[0].generator is not alike[1].generator


def test_counts_are_arithmetic_of_the_parameters() -> None:
    workers, epochs = measure.WORKERS, measure.EPOCHS
    assert (workers, epochs) == (2, 3)
    batches = [min(4, 10 - at) for at in range(0, len([*measure.Parts()]), 4)]
    assert batches == [4, 4, 2] and "4, 4 and 2" in claim("each-worker-keeps-its-remainder").because
    counts = {
        "init-runs-in-every-epoch": workers * epochs,
        "init-runs-once-where-workers-stay": workers,
        "three-each-are-six-ahead": 3 * workers,
        "each-worker-keeps-its-remainder": workers * len(batches),
        "each-worker-drops-its-remainder": workers * batches.count(4),
        "a-break-wastes-what-was-ahead": 2 * workers,
    }
    for name, count in counts.items():
        assert claim(name).bounds.low == claim(name).bounds.high == count, name
    lost = "Each worker drops its own last two items, so that four are lost."
    assert claim("each-worker-drops-its-remainder").because == lost and workers * batches[-1] == 4
    refused = [claim(name) for name in ("some-settings-fail-at-once", "some-settings-fail-late")]
    assert sum(one.bounds.low for one in refused) == 4
    assert all("of four settings" in one.statistic.words for one in refused)
