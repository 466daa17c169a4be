"""What workers change and what not: that wrong counts would show, and why each is what is claimed.

What it does not prove: the counts. Each build counts them, and contradicts a claim by one that is another;
test_every_experiment looks at which counts the claims take.
"""

from types import SimpleNamespace
from typing import Any

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.right_results import arms, measure

from .dry_run import first_loader
from .results import claim, result

UNCLAIMED = {
    arms.GENERATOR_HELD: {"pairs": 8},
    arms.EPOCH_ATTRIBUTE: {"new": 3},
    arms.NOT_SHARDED: {"different": 6},
    arms.SHARDED: {"different": 6},
    arms.TWO_RUNS: {"other_seed": 0},
    arms.IN_ORDER: {"different": 8},
    arms.RESUMED_BY_ORDER: {"twice": 0},
    arms.SHARDS_WITHOUT_RANK: {"missing": 0},
}


@pytest.mark.parametrize("arm", UNCLAIMED)
def test_the_other_side_of_what_is_claimed(arm: str) -> None:
    """Items that are given as often as there are are also different ones; and so on."""
    if reason := measure.EXPERIMENT.unavailable():
        pytest.skip(reason)
    with measure.EXPERIMENT.prepared() as runs:
        values = runs[arm]().values
    assert {name: values[name] for name in UNCLAIMED[arm]} == UNCLAIMED[arm]


def test_each_of_four_workers_draws_once() -> None:
    """In one process alone all numbers would differ too."""
    loader = first_loader(measure.seeded)
    assert (loader.num_workers, len(loader)) == (4, 4)


def test_which_items_are_seen_twice_is_no_matter_of_chance() -> None:
    assert len({measure.resumed_by_skipping().values["twice"] for _ in range(5)}) == 1


def test_drawn_numbers_that_repeat_are_counted_once() -> None:
    """A made-up snippet: one pair in both epochs, one of the second epoch alone."""
    epochs = iter([[[1, 2], [3, 4]], [[1, 2], [5, 6]]])
    snippet: Any = SimpleNamespace(Augmented=object, numbers=lambda dataset, workers: next(epochs))
    assert measure.drawn(snippet).values == {"pairs": 4, "different": 3}


def test_a_record_is_read_back_as_it_was_written() -> None:
    """Whatever a snippet counts as wrong, it finds the file whole."""
    read: list[str] = []

    def wrong(path: str, workers: int) -> int:
        with open(path, encoding="utf-8") as file:
            read.append(file.read())
        return 3

    snippet: Any = SimpleNamespace(SIZE=4, COUNT=3, wrong=wrong)
    assert measure.records(snippet).values == {"wrong": 3}
    assert read == ["000000010002"]


@pytest.mark.parametrize(
    ("given", "early"),
    [([0, 1, 2, 3], 0), ([0, 2, 1, 3], 1), ([3, 0, 1, 2], 1), ([3, 2, 1, 0], 3)],
)
def test_items_before_a_smaller_one_are_early(given: list[int], early: int, monkeypatch: pytest.MonkeyPatch) -> None:
    loaders: list[Any] = []
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: loaders.append(loader) or iter(given))
    assert measure.order(True).values == {"early": early, "different": 4}
    assert loaders[0].num_workers == 2


def test_lost_and_doubled_items_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Readers of which each leaves out the first ten, and reads the last ten twice."""
    monkeypatch.setattr(measure.shards, "items_of", lambda rank, ranks, workers: [*range(10, 120), *range(110, 120)])
    assert measure.sharded(True).values == {"missing": 10, "doubled": 3 * 120 - 110}


@pytest.mark.parametrize("library", arms.LIBRARIES)
def test_one_library_without_seeds_is_enough(library: str) -> None:
    seeds = {arms.GENERATORS: {**dict.fromkeys(arms.LIBRARIES, 4.0), library: 1.0}}
    assert claim("workers-are-seeded").statistic.of(result("", seeds, rounds=1)) == [1.0]


def test_an_item_that_is_lost_and_one_that_is_doubled_are_two() -> None:
    measured = result("", {arms.SHARDS: {"missing": 5.0, "doubled": 13.0}}, rounds=1)
    assert claim("shards-are-read-once").statistic.of(measured) == [18.0]


def test_counts_are_arithmetic_of_the_snippets() -> None:
    lines, items = len([*measure.iterable_doubled.Lines()]), len(measure.resume_by_order.items)
    assert items == len(measure.resume_by_skipping.items)
    shards = len(measure.shards.items_of(0, 1, 0))
    counts = {
        "workers-are-seeded": measure.WORKERS,
        "unsharded-doubles": 2 * lines,
        "sharded-gives-each-once": lines,
        "an-order-from-the-epoch-goes-on": items,
        "out-of-order-loses-none": len(measure.one_slow_batch.Items()),
        "shards-without-ranks-are-doubled": 3 * shards - shards,
        "a-workers-seed-does-not-repeat": 8,
        "a-reseeded-transform-does-not-repeat": 8,
    }
    for name, count in counts.items():
        assert claim(name).bounds.low == claim(name).bounds.high == count, name
    drawn = {
        "a-held-generator-repeats": measure.random_held,
        "a-workers-seed-does-not-repeat": measure.random_from_seed,
        "a-reseeded-transform-does-not-repeat": measure.random_reseeded,
    }
    epochs, in_a_pair = 2, 2
    words = {
        name: f"among the {epochs * len(each.Augmented()) // in_a_pair} pairs that 4" for name, each in drawn.items()
    }
    words |= dict.fromkeys(("shards-are-read-once", "shards-without-ranks-are-doubled"), f"of {shards}")
    words["a-shared-file-is-misread"] = f"records of {measure.handle_shared.COUNT} that 2 workers"
    words["an-own-file-is-read-well"] = f"records of {measure.handle_own.COUNT} that 2 workers"
    for name, text in words.items():
        assert text in claim(name).statistic.words, name
