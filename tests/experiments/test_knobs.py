"""What each claim takes from its experiment's counts, each of which is another number here; and reasons that are
arithmetic of what is counted.
"""

import pytest

from snippets.experiments.knobs import measure as knobs
from snippets.experiments.right_results import measure as right
from snippets.lab.judging.claim import NotHere

from .claimed import claim, claimed, claims, reason
from .made import told

NEEDED = "a new claim needs a value of its own, tests/experiments/test_claims_counted.py,"

COUNTED = {
    "0 workers": {"by_main": 1.0},
    "4 workers": {"processes": 2.0, "by_main": 3.0, "out_of_turn": 4.0},
    "4 workers, nothing taken": {"batches": 5.0},
    "3 epochs": {"processes": 6.0},
    "3 epochs, persistent_workers": {"processes": 7.0},
    "100 batches, as written": {"batches": 8.0},
    "num_workers = 4-8, 2-4": {"errors": 9.0},
    "scripts": {"spawn_unguarded": 10.0, "spawn_guarded": 11.0, "fork_unguarded": 12.0, "notebook_guarded": 13.0},
    "an error in a worker": {"lines": 14.0},
    "pin_memory=True": {"warnings": 15.0, "pinned": 16.0, "accelerator": 0.0},
}


def test_counted() -> None:
    found = [*claimed("counted", told("", COUNTED, rounds=1)).values()]
    assert found == [*range(1, 17)], f"{NEEDED} COUNTED"


def test_counted_elsewhere() -> None:
    """With an accelerator nothing is said of pinning without one; without fork, nothing of fork."""
    scripts = {name: 0.0 for name in COUNTED["scripts"] if name != "fork_unguarded"}
    pinned = {**COUNTED["pin_memory=True"], "accelerator": 1.0}
    elsewhere = told("", {**COUNTED, "scripts": scripts, "pin_memory=True": pinned}, rounds=1)
    silent = []
    for each in claims("counted"):
        try:
            each.statistic.of(elsewhere)
        except NotHere:
            silent.append(each.id)
    assert silent == ["fork-needs-no-guard", "pinning-warns-without-a-gpu", "pinning-pins-nothing-without-a-gpu"]


KNOBS = {
    "item by item": {"questions": 1.0},
    "batch by batch": {"questions": 2.0},
    "sampler": {"others": 3.0, "main": 100.0},
    "worker_init_fn": {"calls": 4.0},
    "worker_init_fn, persistent_workers": {"calls": 5.0},
    "prefetch_factor=3": {"batches": 6.0},
    "drop_last": {"with_last": 7.0, "without": 8.0},
    "timeout=1": {"errors": 9.0},
    "without workers": {"when_made": 10.0, "when_used": 11.0},
    "break": {"during": 100.0, "after": 12.0},
    "break, persistent_workers": {"batches": 13.0},
    "generator": {"of_two_epochs": 14.0, "of_two_kept_epochs": 15.0, "of_two_alike": 16.0},
}


def test_knobs() -> None:
    found = [*claimed("knobs", told("", KNOBS, rounds=1)).values()]
    assert found == [*range(1, 17)], f"{NEEDED} KNOBS"


RIGHT = {
    "each library’s own generator": {"torch": 3.0, "random": 1.0, "numpy": 2.0},
    "generator held": {"pairs": 100.0, "different": 2.0},
    "generator from the worker’s seed": {"pairs": 100.0, "different": 3.0},
    "generator reseeded": {"pairs": 100.0, "different": 4.0},
    "epoch in an attribute": {"new": 100.0, "kept": 5.0},
    "epoch in shared memory": {"new": 100.0, "kept": 6.0},
    "iterable, not sharded": {"given": 7.0, "different": 100.0},
    "iterable, sharded": {"given": 8.0, "different": 100.0},
    "file shared": {"wrong": 9.0},
    "file of its own": {"wrong": 10.0},
    "two runs": {"same": 11.0, "other_seed": 100.0, "other_workers": 12.0},
    "in order": {"early": 13.0, "different": 100.0},
    "out of order": {"early": 14.0, "different": 15.0},
    "resumed by skipping": {"twice": 16.0},
    "resumed by order": {"twice": 100.0, "seen": 17.0},
    "shards": {"missing": 5.0, "doubled": 13.0},
    "shards, no rank": {"missing": 100.0, "doubled": 19.0},
}


def test_right_results() -> None:
    """Of the seeds the library with the fewest, of the shards what is lost and what is doubled together."""
    found = [*claimed("right_results", told("", RIGHT, rounds=1)).values()]
    assert found == [*range(1, 20)], f"{NEEDED} RIGHT"


@pytest.mark.parametrize("library", right.LIBRARIES)
def test_one_library_without_seeds_is_enough(library: str) -> None:
    seeds = {"each library’s own generator": {**dict.fromkeys(right.LIBRARIES, 4.0), library: 1.0}}
    assert claim("right_results", "workers-are-seeded").statistic.of(told("", seeds, rounds=1)) == [1.0]


def count(experiment: str, name: str) -> float:
    """What it must be, exactly."""
    bounds = claim(experiment, name).bounds
    assert bounds.low == bounds.high
    return bounds.low


def test_reasons_about_arguments_are_arithmetic_of_the_parameters() -> None:
    workers, epochs = knobs.WORKERS, knobs.EPOCHS
    assert (workers, epochs) == (2, 3)
    assert count("knobs", "init-runs-in-every-epoch") == workers * epochs
    assert count("knobs", "init-runs-once-where-workers-stay") == workers
    assert count("knobs", "three-each-are-six-ahead") == 3 * workers
    items = len([*knobs.Parts()])
    batches = [min(4, items - at) for at in range(0, items, 4)]
    assert batches == [4, 4, 2] and "4, 4 and 2" in reason("knobs", "each-worker-keeps-its-remainder")
    assert count("knobs", "each-worker-keeps-its-remainder") == workers * len(batches)
    assert count("knobs", "each-worker-drops-its-remainder") == workers * batches.count(4)
    lost = "Each worker drops its own last two items, so that four are lost."
    assert reason("knobs", "each-worker-drops-its-remainder") == lost and workers * batches[-1] == 4
    assert count("knobs", "a-break-wastes-what-was-ahead") == 2 * workers, "two each had been assigned"
    refused = ("some-settings-fail-at-once", "some-settings-fail-late")
    assert sum(count("knobs", name) for name in refused) == 4
    assert all("of four settings" in claim("knobs", name).statistic.words for name in refused)


def test_reasons_about_right_results_are_arithmetic_of_the_parameters() -> None:
    assert count("right_results", "workers-are-seeded") == right.WORKERS == 4
    lines, items = [*right.iterable_doubled.Lines()], len(right.resume_by_order.items)
    assert count("right_results", "unsharded-doubles") == 2 * len(lines)
    assert count("right_results", "sharded-gives-each-once") == len(lines)
    assert count("right_results", "an-order-from-the-epoch-goes-on") == items == len(right.resume_by_skipping.items)
    assert count("right_results", "out-of-order-loses-none") == len(right.one_slow_batch.Items())
    all_items = len(right.shards.items_of(0, 1, 0))
    assert count("right_results", "shards-without-ranks-are-doubled") == 3 * all_items - all_items
    for name in ("shards-are-read-once", "shards-without-ranks-are-doubled"):
        assert f"of {all_items}" in claim("right_results", name).statistic.words
    for name, snippet in (("shared", right.handle_shared), ("own", right.handle_own)):
        file = "a-shared-file-is-misread" if name == "shared" else "an-own-file-is-read-well"
        assert f"records of {snippet.COUNT} that 2 workers" in claim("right_results", file).statistic.words
    pairs = {
        "a-held-generator-repeats": right.random_held,
        "a-workers-seed-does-not-repeat": right.random_from_seed,
        "a-reseeded-transform-does-not-repeat": right.random_reseeded,
    }
    epochs, in_a_pair = 2, 2
    for name, snippet in pairs.items():
        drawn = epochs * len(snippet.Augmented()) // in_a_pair
        assert f"among the {drawn} pairs that {right.WORKERS} workers" in claim("right_results", name).statistic.words
    assert count("right_results", "a-workers-seed-does-not-repeat") == 8
    assert count("right_results", "a-reseeded-transform-does-not-repeat") == 8
