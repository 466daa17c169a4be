"""An arm does what its name says, where something is counted: what a claim says is right, and that wrong would show.

What it does not prove: that a DataLoader does it in each version of torch. Each build counts.
"""

import multiprocessing
from types import SimpleNamespace
from typing import Any

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.counting_datasets import Makers
from snippets.experiments.knobs import measure as knobs
from snippets.experiments.right_results import claims as right_claims
from snippets.experiments.right_results import measure as right
from snippets.lab.instruments.experiment import Values
from snippets.pages.arguments.batched_fetch import BatchedTable, Table

from .arms import first_loader


def counts(experiment: Any, arm: str) -> Values:
    if reason := experiment.EXPERIMENT.unavailable():
        pytest.skip(reason)
    with experiment.EXPERIMENT.prepared() as arms:
        return arms[arm]().values


RIGHT = {
    "each library’s own generator": {"torch": 4, "random": 4, "numpy": 4},
    "generator held": {"pairs": 8, "different": 1},
    "generator from the worker’s seed": {"pairs": 8, "different": 8},
    "generator reseeded": {"pairs": 8, "different": 8},
    "epoch in an attribute": {"new": 3, "kept": 1},
    "epoch in shared memory": {"new": 3, "kept": 3},
    "iterable, not sharded": {"given": 12, "different": 6},
    "iterable, sharded": {"given": 6, "different": 6},
    "file of its own": {"wrong": 0},
    "two runs": {"same": 1, "other_seed": 0, "other_workers": 0},
    "in order": {"early": 0, "different": 8},
    "resumed by order": {"twice": 0, "seen": 12},
    "shards": {"missing": 0, "doubled": 0},
    "shards, no rank": {"missing": 0, "doubled": 240},
}
AT_LEAST_ONE = {"file shared": "wrong", "out of order": "early", "resumed by skipping": "twice"}


@pytest.mark.parametrize("arm", RIGHT)
def test_what_workers_change_and_what_not(arm: str) -> None:
    """Both sides of it: items that are given as often as there are are also different ones."""
    assert counts(right, arm) == RIGHT[arm]


@pytest.mark.parametrize("arm", AT_LEAST_ONE)
def test_what_goes_wrong_at_least_once(arm: str) -> None:
    assert counts(right, arm)[AT_LEAST_ONE[arm]] >= 1


def test_nothing_of_it_is_left_out() -> None:
    with right.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*RIGHT, *AT_LEAST_ONE}
    assert right_claims.LIBRARIES == right.LIBRARIES


def test_each_of_four_workers_draws_once() -> None:
    """In one process alone all numbers would differ too."""
    loader = first_loader(right.seeded)
    assert (loader.num_workers, len(loader)) == (4, 4)


def test_drawn_numbers_that_repeat_are_counted_once() -> None:
    """A made-up snippet: one pair in both epochs, one of the second epoch alone."""
    epochs = iter([[[1, 2], [3, 4]], [[1, 2], [5, 6]]])
    snippet: Any = SimpleNamespace(Augmented=object, numbers=lambda dataset, workers: next(epochs))
    assert right.drawn(snippet).values == {"pairs": 4, "different": 3}


def test_a_record_is_read_back_as_it_was_written() -> None:
    """Whatever a snippet counts as wrong, it finds the file whole."""
    read: list[str] = []

    def wrong(path: str, workers: int) -> int:
        with open(path, encoding="utf-8") as file:
            read.append(file.read())
        return 3

    assert right.records(SimpleNamespace(SIZE=4, COUNT=3, wrong=wrong)).values == {"wrong": 3}  # pyright: ignore[reportArgumentType]
    assert read == ["000000010002"]


@pytest.mark.parametrize(
    ("given", "early"),
    [([0, 1, 2, 3], 0), ([0, 2, 1, 3], 1), ([3, 0, 1, 2], 1), ([3, 2, 1, 0], 3)],
)
def test_items_before_a_smaller_one_are_early(given: list[int], early: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter(given))
    assert right.order(True).values == {"early": early, "different": 4}


@pytest.mark.parametrize(("arm", "in_order"), [("in order", True), ("out of order", False)])
def test_an_order_is_as_named(arm: str, in_order: bool) -> None:
    with right.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[arm])
    assert (loader.in_order, loader.num_workers) == (in_order, 2)


def test_lost_and_doubled_items_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers of which each leaves out the first ten, and reads the last ten twice."""
    monkeypatch.setattr(right.shards, "items_of", lambda rank, ranks, workers: [*range(10, 120), *range(110, 120)])
    assert right.sharded(True).values == {"missing": 10, "doubled": 3 * 120 - 110}


KNOBS = {
    "item by item": {"questions": 1000},
    "batch by batch": {"questions": 10},
    "sampler": {"others": 0, "main": 1},
    "worker_init_fn": {"calls": 6},
    "worker_init_fn, persistent_workers": {"calls": 2},
    "prefetch_factor=3": {"batches": 6},
    "drop_last": {"with_last": 6, "without": 4},
    "timeout=1": {"errors": 1},
    "without workers": {"when_made": 2, "when_used": 2},
    "break": {"during": 2, "after": 0},
    "break, persistent_workers": {"batches": 4},
    "generator": {"of_two_epochs": 2, "of_two_kept_epochs": 1, "of_two_alike": 1},
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("arm", KNOBS)
def test_what_an_argument_does(arm: str) -> None:
    """An iterator that was refused complains when it is thrown away."""
    assert counts(knobs, arm) == KNOBS[arm]


def test_no_argument_is_left_out() -> None:
    with knobs.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*KNOBS}


@pytest.mark.parametrize(
    ("arm", "setting", "value"),
    [
        ("worker_init_fn", "persistent_workers", False),
        ("worker_init_fn, persistent_workers", "persistent_workers", True),
        ("prefetch_factor=3", "prefetch_factor", 3),
        ("timeout=1", "timeout", 1),
        ("break", "persistent_workers", False),
        ("break, persistent_workers", "persistent_workers", True),
    ],
)
def test_an_argument_is_given_as_named(arm: str, setting: str, value: Any) -> None:
    with knobs.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[arm])
    assert getattr(loader, setting) == value
    assert loader.num_workers == (1 if arm == "timeout=1" else 2)


def test_a_sampler_that_ran_in_a_worker_would_be_seen() -> None:
    if "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this system has no fork")
    noted = knobs.NotedSampler(Makers(4))
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


def test_a_worker_that_answers_is_no_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knobs, "Hangs", lambda: Makers(2))
    assert knobs.timed_out().values == {"errors": 0}


def test_a_loader_that_takes_any_setting_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knobs, "DataLoader", lambda *given, **settings: [0])
    assert knobs.refused().values == {"when_made": 0, "when_used": 0}


def test_base_seeds_are_those_of_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one loader in two epochs, of one that keeps its worker, and of two whose generators are seeded alike; main has
    one seed throughout.
    """
    loaders: list[Any] = []
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([loaders.append(loader) or len(loaders)]))
    assert knobs.seeds().values == {"of_two_epochs": 2, "of_two_kept_epochs": 2, "of_two_alike": 2}
    assert {loader.num_workers for loader in loaders} == {1}
    one, again, kept, kept_again, *alike = loaders
    assert one is again and one.generator is None and not one.persistent_workers
    assert kept is kept_again and kept.generator is None and kept.persistent_workers
    assert [loader.generator.initial_seed() for loader in alike] == [0, 0]
    assert alike[0].generator is not alike[1].generator
