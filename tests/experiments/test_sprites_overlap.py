"""What each claim takes from its experiment's samples: the right arm over the right one, round by round.

That the arms really give such values is shown by measuring, which every build does.
"""

import sys

import pytest

from snippets.experiments.cuda_overlap.measure import STEP_SHARE
from snippets.experiments.first_version import STATEMENTS
from snippets.experiments.memory.measure import NAMES
from snippets.experiments.pin_memory.measure import STEP_OVER_COPY
from snippets.experiments.sprites_overlap.measure import BATCH_SIZE, BATCHES, ITEM_SECONDS, STEP_SECONDS
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.judge import inside
from snippets.lab.results.stats import estimate

from .claimed import claim, claimed, claims, reason
from .made import decoded, disk_arms, epoch, scaled, told


def test_scaling() -> None:
    assert claimed("scaling", scaled()) == pytest.approx(
        {
            "waiting-scales-to-8": 7.2,
            "waiting-scales-to-4": 3.6,
            "two-decode-faster": 1.5,
            "decoding-per-core": 0.8,
            "eight-decode-on-fewer-cores": 640 / 600,
            "waiting-outscales-decoding": 4.5,
            "no-rule-is-right-everywhere": 0.5,
            "default-loses-most-of-waiting": 1 - 100 / 720,
            "four-lose-in-memory": 0.1,
            "half-the-cpus-lose-on-waiting": 0.875,
        }
    )


def test_sprites_overlap() -> None:
    arms = {
        "0 workers": epoch(1.2, 0.75, 0.1, steady=(0.12, 0.7)),
        "4 workers": epoch(0.4, 0.25, 0.15, steady=(0.03, 0.05)),
        "4 workers, untraced": {"total": 0.32},
    }
    assert claimed("sprites_overlap", told("total", arms)) == pytest.approx(
        {
            "helpers-hide-waiting": 3.0,
            "four-leave-only-the-steps": 4.0,
            "step-waits-alone": 0.75,
            "four-keep-up": 0.05,
            "first-batch-waits": 1.5,
            "tracing-is-cheap": 1.25,
        }
    )


def test_photos_overlap() -> None:
    assert claimed("photos_overlap", told("total", decoded(unready_two=0.04))) == pytest.approx(
        {"photos-wait-alone": 0.6, "two-hide-decoding": 2.0, "two-more-gain-nothing": 1.25}
    )


def test_where_two_workers_are_not_enough_nothing_is_said_of_more() -> None:
    statistic = claim("photos_overlap", "two-more-gain-nothing").statistic
    with pytest.raises(NotHere, match="^2 workers are not enough here: for 6\u00a0% of the time"):
        statistic.of(told("total", decoded(unready_two=0.06)))


def test_what_starts_workers_decides_no_claim_but_those_that_say_so() -> None:
    """An epoch of these lasts as long as starting four workers by spawn, or is timed while one of them still starts."""
    short = ("sprites_overlap", "photos_overlap", "other_loaders")
    assert {one.id for name in short for one in claims(name) if one.start_methods} == {
        "helpers-hide-waiting",
        "tracing-is-cheap",
        "another-library-with-the-same-decoder",
    }


def test_disk() -> None:
    assert claimed("disk", told("throughput", disk_arms())) == pytest.approx(
        {
            "cold-is-cold": 0.25,
            "cold-sprites-are-slower": 0.5,
            "photos-take-longer-to-decode-than-to-read": 0.9,
            "workers-load-cold-photos-faster": 11 / 9,
        }
    )


def test_in_memory() -> None:
    arms = {
        "DataLoader, 0 workers": {"throughput": 3e5},
        "DataLoader, 4 workers": {"throughput": 2e5},
        "slices of whole batches": {"throughput": 1.2e7},
    }
    assert claimed("in_memory", told("throughput", arms)) == pytest.approx(
        {"slicing-beats-the-loader": 40.0, "workers-make-memory-slower": 1.5}
    )


def test_start_up() -> None:
    arms = {
        "fork": {"first_batch_new": 0.02, "first_batch_kept": 0.002},
        "spawn": {"first_batch_new": 1.0, "first_batch_kept": 0.004},
        "forkserver": {"first_batch_new": 1.2, "first_batch_kept": 0.003},
        "fork, second epoch without persistent_workers": {"first_batch_new": 0.03},
        "fork, 1 MB": {"first_batch_new": 0.025},
        "spawn, 1 MB": {"first_batch_new": 1.4},
        "forkserver, torch preloaded": {"first_batch_new": 0.05},
    }
    assert claimed("start_up", told("first_batch_new", arms)) == pytest.approx(
        {
            "spawn-takes-longer-to-start": 50.0,
            "keeping-workers-pays": 250.0,
            "spawn-pickles-the-dataset": 1.4,
            "preloading-makes-forkserver-quick": 24.0,
            "every-epoch-starts-its-workers": 1.5,
        }
    )


def test_start_up_elsewhere() -> None:
    """A system that has spawn alone says nothing of the others."""
    arms = {"spawn": {"first_batch_new": 1.0, "first_batch_kept": 0.004}, "spawn, 1 MB": {"first_batch_new": 1.4}}
    silent = {}
    for each in claims("start_up"):
        try:
            each.statistic.of(told("first_batch_new", arms))
        except NotHere as why:
            silent[each.id] = str(why)
    assert silent == {
        "spawn-takes-longer-to-start": "this system has no fork",
        "preloading-makes-forkserver-quick": "this system has no forkserver",
        "every-epoch-starts-its-workers": "this system has no fork",
    }


def test_memory() -> None:
    arms = {"Python objects": {"pss_0": 2e8, "pss_2": 2.3e8}, "packed array": {"pss_0": 1.8e8, "pss_2": 1.81e8}}
    assert claimed("memory", told("pss_2", arms, looks=2)) == pytest.approx(
        {"goblins-eat-objects": 3e7, "packed-arrays-feed-no-goblins": 1e6}
    )


def test_dataset_copies() -> None:
    private = {"fork": (16, 17, 18), "spawn": (160, 255, 163)}
    arms = {
        f"{method}, {kind}": {"private": size * 1e6}
        for method, sizes in private.items()
        for kind, size in zip(("empty", "numpy", "torch"), sizes, strict=True)
    }
    assert claimed("dataset_copies", told("private", arms, dataset_bytes=100_000_000)) == pytest.approx(
        {
            "fork-shares-arrays": 0.01,
            "fork-shares-tensors": 0.02,
            "spawn-copies-arrays": 0.95,
            "spawn-shares-tensors": 0.03,
            "spawned-workers-are-large": 10.0,
            "each-worker-costs-memory": 16e6,
        }
    )


def test_quick_benchmark() -> None:
    arms = {"as written": {"rate_0": 100.0, "rate_16": 50.0}, "corrected": {"rate_0": 80.0, "rate_16": 160.0}}
    assert claimed("quick_benchmark", told("rate_2", arms)) == {"as-written-undervalues-workers": 0.25}


def copied(total: float, copy: float, call: float) -> dict[str, float]:
    return {"total": total, "copy": copy, "call": call}


def test_pin_memory() -> None:
    arms = {
        "pageable": copied(1.2, 0.012, 0.011),
        "pageable, non_blocking": copied(1.0, 0.010, 0.008),
        "pinned": copied(0.8, 0.003, 0.0027),
        "pinned, non_blocking": copied(0.6, 0.002, 0.0001),
    }
    assert claimed("pin_memory", told("total", arms)) == pytest.approx(
        {
            "pinned-copies-are-faster": 4.0,
            "a-pinned-copy-returns-at-once": 0.05,
            "a-pageable-copy-holds-its-caller": 0.8,
            "pinning-and-not-blocking-helps": 2.0,
        }
    )


def test_pin_memory_as_it_should_be() -> None:
    """No machine without a GPU judges these: that their bounds can be met is shown with seconds from theory, a step of
    four copies from pageable memory, and one copy from pinned memory that takes half as long.
    """
    arms = {
        "pageable": copied(5.0, 1.0, 1.0),
        "pageable, non_blocking": copied(5.0, 1.0, 1.0),
        "pinned": copied(4.5, 0.5, 0.5),
        "pinned, non_blocking": copied(4.5, 0.5, 0.0),
    }
    for each in claims("pin_memory"):
        assert inside(each.bounds, estimate(each.statistic.of(told("total", arms)))), each.id


def test_pin_memory_if_it_gave_nothing() -> None:
    """Each copy takes as long, and its caller waits for it: only what is said of pageable memory would hold."""
    arms = ("pageable", "pageable, non_blocking", "pinned", "pinned, non_blocking")
    result = told("total", {arm: copied(5.0, 1.0, 1.0) for arm in arms})
    hold = [one.id for one in claims("pin_memory") if inside(one.bounds, estimate(one.statistic.of(result)))]
    assert hold == ["a-pageable-copy-holds-its-caller"]


def test_cuda_overlap() -> None:
    """Workers are compared with a loop that does not wait for its steps, as ordinary ones do not."""
    seconds = {
        "0 workers": 1.2,
        "0 workers, not waiting for steps": 0.8,
        "2 workers": 0.7,
        "4 workers": 0.6,
        "8 workers": 0.5,
    }
    result = told("per_batch", {arm: {"per_batch": each} for arm, each in seconds.items()})
    assert claimed("cuda_overlap", result) == pytest.approx(
        {"launches-overlap-without-workers": 1.5, "workers-feed-a-gpu": 1.6}
    )


def test_cuda_overlap_as_it_should_be() -> None:
    """No machine without a GPU judges these either: decoding takes a second, and a step half of it."""
    seconds = {"0 workers": 1.5, "0 workers, not waiting for steps": 1.0, "8 workers": 0.5}
    result = told("per_batch", {arm: {"per_batch": each} for arm, each in seconds.items()})
    for each in claims("cuda_overlap"):
        assert inside(each.bounds, estimate(each.statistic.of(result))), each.id
    as_slow = told("per_batch", {arm: {"per_batch": 1.0} for arm in seconds})
    assert not any(inside(one.bounds, estimate(one.statistic.of(as_slow))) for one in claims("cuda_overlap"))


def test_cuda_fork() -> None:
    result = told("", {"fork": {"refused": 1.0}, "spawn": {"refused": 2.0}}, rounds=1)
    assert claimed("cuda_fork", result) == {"forked-workers-may-not-use-cuda": 1, "spawned-workers-may-use-cuda": 2}


# The reasons of claims quote the parameters of their experiments.


def test_reasons_about_sprites_are_arithmetic_of_the_parameters() -> None:
    load, step, batches = 1000 * ITEM_SECONDS * BATCH_SIZE, 1000 * STEP_SECONDS, BATCHES
    alone, hidden = batches * (load + step) / 1000, (batches * step + load) / 1000
    assert (load, step, batches) == (96, 30, 24)
    said = reason("sprites_overlap", "helpers-hide-waiting")
    assert f"{batches} loads of {load:g} ms and {batches} steps of {step:g} ms take {alone:.2f} s." in said
    assert f"{hidden:.2f} s, so no machine can exceed {alone / hidden:.1f} times" in said
    assert any(f" {BATCHES * BATCH_SIZE} items that wait" in one.where for one in STATEMENTS)
    waits = reason("sprites_overlap", "step-waits-alone")
    assert waits == f"{load:g} of every {load + step:g} ms are loading: {load / (load + step):.0%}.".replace("%", " %")
    ready = reason("sprites_overlap", "four-keep-up")
    assert ready.startswith(f"Four workers have a batch every {load / 4:g} ms, and a step takes {step:g} ms. ")
    steps = reason("sprites_overlap", "four-leave-only-the-steps")
    assert f"{load + step:g} ms, a step alone takes {step:g} ms: {(load + step) / step:.1f} times." in steps


def test_reasons_about_memory_are_arithmetic_of_the_parameters() -> None:
    name = f"sprites/goblin/{0:07}.png"
    pages = NAMES * sys.getsizeof(name) / 4096
    assert 0.8 < pages / 4000 < 1.25
    assert f"{NAMES:,} strings of {len(name)} characters lie on some 4,000 pages" in reason(
        "memory", "goblins-eat-objects"
    )


def test_the_reasons_about_a_gpu_are_arithmetic_of_the_parameters() -> None:
    assert STEP_OVER_COPY == 4
    assert "up to a quarter of the step" in reason("pin_memory", "pinning-and-not-blocking-helps")
    assert STEP_SHARE == 0.5
    said = reason("cuda_overlap", "launches-overlap-without-workers")
    assert f"half as long as decoding a batch. Waited for, it comes on top: {1 + STEP_SHARE} times." in said
