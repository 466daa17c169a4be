"""What each claim takes from its experiment's samples, where items wait: the right arm over the right one, and
reasons that are arithmetic of the snippets' items and steps.
"""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.life_of_a_batch.measure import WORKERS
from snippets.experiments.signatures import arms
from snippets.experiments.stragglers import costs
from snippets.experiments.stragglers.show import predicted
from snippets.lab.judging.judge import inside
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate
from snippets.pages.find_the_bottleneck import bursts, fed, slow_first_batch, starved, straggler

from .arms import sleeps
from .claimed import claim, claimed, claims, reason
from .made import chosen, signed, told


def test_choosing() -> None:
    assert claimed("choosing", chosen()) == pytest.approx(
        {
            "the-choice-reaches-four-fifths-waiting": 0.75,
            "the-choice-reaches-four-fifths-computing": 0.9,
            "the-choice-reaches-four-fifths-both": 1.2,
            "the-choice-reaches-four-fifths-in-memory": 0.85,
            "the-choice-reaches-four-fifths-large-items": 0.7,
            "the-choice-reaches-four-fifths-many-tensors": 1.1,
            "no-worker-is-chosen-for-large-items": 2,
            "no-worker-is-chosen-for-many-tensors": 0,
            "two-workers-lose-on-large-items": 1.5,
            "two-workers-lose-on-many-tensors": 4,
        }
    )


def test_the_best_count_is_best_by_its_median() -> None:
    """One round in which another was faster makes no other count the best one."""
    result = chosen()
    lucky = [
        replace(s, values={"throughput": 900.0}) if (s.arm, s.round) == ("waiting, 1 workers", 3) else s
        for s in result.samples
    ]
    assert claimed("choosing", replace(result, samples=lucky))["the-choice-reaches-four-fifths-waiting"] == 0.75


def test_signatures() -> None:
    assert claimed("signatures", signed()) == pytest.approx(
        {
            "fed-hardly-waits-after-the-first": 0.08,
            "starved-waits-for-every-batch": 0.475,
            "bursts-wait-once-per-round": 0.55,
            "more-ahead-leaves-the-bursts": 1.1,
            "slow-first-batch-waits-there": 0.5 / 0.64,
            "straggler-waits-once": 0.75,
            "neighbours-slow-computing": 1.5,
            "headspace-is-found-by-replaying": 5.0,
        }
    )


def spread(seconds: Callable[[int], float]) -> Measured:
    """Signatures whose waits are all alike: so many seconds before each of sixteen batches."""
    arms = ("starved", "bursts", "slow first batch", "straggler")
    waited = {f"wait {number}": seconds(number) for number in range(16)}
    return told("total", {arm: waited for arm in arms}, **{f"batches, {arm}": 16 for arm in arms})


def test_waits_that_are_spread_evenly_are_of_one_signature_alone() -> None:
    """And those that come in bursts are not spread evenly."""

    def holds(name: str, result: Measured) -> bool:
        found = claim("signatures", name)
        return inside(found.bounds, estimate(found.statistic.of(result)))

    even, bursting = spread(lambda number: 0.01), spread(lambda number: 0.0001 if number % 4 else 0.01)
    for name in ("bursts-wait-once-per-round", "slow-first-batch-waits-there", "straggler-waits-once"):
        assert not holds(name, even), name
    assert holds("starved-waits-for-every-batch", even) and not holds("starved-waits-for-every-batch", bursting)
    assert holds("bursts-wait-once-per-round", bursting) and not holds("straggler-waits-once", bursting)


def straggled() -> Measured:
    """A tenth longer than predicted, by the geometric mean: two of the arms twice as long as that, and half."""
    factors = {("none slow", 1, True): 2.2, ("none slow", 8, True): 0.55}
    arms = {costs.arm(*each): {"total": predicted(*each) * factors.get(each, 1.1)} for each in costs.ARMS}
    return told("total", arms)


def test_stragglers() -> None:
    """By the model, in order a slow batch is waited for: 0.462, 0.39 and 0.264 s with prefetch_factor 1, 2 and 8."""
    assert claimed("stragglers", straggled()) == pytest.approx(
        {
            "the-model-predicts-stragglers": 1.1,
            "prefetching-hides-stragglers": 0.462 / 0.264,
            "out-of-order-passes-stragglers": 0.39 / 0.264,
            "prefetching-where-batches-are-alike": 4.0,
            "a-period-hits-one-worker": 0.468 / 0.39,
        }
    )


def test_what_the_model_predicts_of_stragglers_is_what_is_claimed() -> None:
    arms = {costs.arm(*each): {"total": predicted(*each)} for each in costs.ARMS}
    for each in claims("stragglers"):
        assert inside(each.bounds, estimate(each.statistic.of(told("total", arms)))), each.id


def test_reasons_about_stragglers_are_arithmetic_of_the_costs() -> None:
    handing = reason("stragglers", "the-model-predicts-stragglers")
    assert f"a millisecond in a batch of {1000 * costs.SECONDS:g} would be a sixth" in handing
    assert 1 + 0.001 / costs.SECONDS < claim("stragglers", "the-model-predicts-stragglers").bounds.high
    period = costs.BATCHES // costs.SLOW
    said = reason("stragglers", "a-period-hits-one-worker")
    assert said == f"{period} is a multiple of four workers, so one of them gets every slow batch."
    assert costs.WORKERS == 4 and period % costs.WORKERS == 0
    assert len({batch % costs.WORKERS for batch in costs.PERIODIC}) == 1
    assert f"every {period}th batch" in claim("stragglers", "a-period-hits-one-worker").statistic.words
    assert f"prefetch_factor={costs.FACTORS[0]} over that with {costs.FACTORS[-1]}" in (
        claim("stragglers", "prefetching-hides-stragglers").statistic.words
    )


def test_life_of_a_batch() -> None:
    values = {"total": 0.3, "most_assigned": 5, "longest_ready": 0.08}
    assert claimed("life_of_a_batch", told("total", {"3 workers": values})) == {"never-more-than-the-product": 5}


def test_the_reason_about_a_batchs_life_is_the_product() -> None:
    factor = DataLoader([0], num_workers=WORKERS).prefetch_factor  # pyright: ignore[reportArgumentType]
    found = claim("life_of_a_batch", "never-more-than-the-product")
    assert f"{WORKERS} × {factor} at the beginning" in found.because
    assert f"{WORKERS} workers, prefetch_factor={factor}" in found.statistic.words
    assert factor and found.bounds.low == found.bounds.high == WORKERS * factor


def milliseconds(snippet: ModuleType) -> tuple[float, float]:
    """That a batch's items wait, all but the first of them, times their number; and the step."""
    (item,) = sleeps(lambda: snippet.Items()[1])
    (step,) = sleeps(lambda: snippet.train_step(None))
    return 1000 * item * snippet.loader.batch_size, 1000 * step


def test_reasons_about_fed_and_starved_are_arithmetic_of_the_snippets() -> None:
    load, step = milliseconds(fed)
    said = reason("signatures", "fed-hardly-waits-after-the-first")
    assert f"Two workers have a batch every {load / 2:g} ms, and a step takes {step:g} ms" in said
    assert fed.loader.num_workers == 2 and load / 2 < step
    load, step = milliseconds(starved)
    said = reason("signatures", "headspace-is-found-by-replaying")
    assert f"Ten batches of {load:g} ms against ten steps of {step:g} ms: {load / step:.1f} times" in said
    assert len(starved.loader) == 10 and starved.loader.num_workers == 1


def test_reasons_about_bursts_and_slow_batches_are_arithmetic_of_the_snippets() -> None:
    load, step = milliseconds(bursts)
    assert load > bursts.loader.num_workers * step, "four workers do not keep up"
    more = claim("signatures", "more-ahead-leaves-the-bursts")
    assert f"still takes {load:g} ms" in more.because
    assert f"prefetch_factor={arms.AHEAD} over that with {bursts.loader.prefetch_factor}" in more.predicate
    assert reason("signatures", "bursts-wait-once-per-round") == "Evenly spread it would be a quarter."
    assert claim("signatures", "bursts-wait-once-per-round").bounds.low > 1 / arms.BURST == 1 / 4
    count = 2 * len(slow_first_batch.loader)
    said = reason("signatures", "slow-first-batch-waits-there")
    assert said == "Two of sixteen batches would have an eighth of it, were it evenly spread."
    assert count == 16 and count / 2 == 8
    after = len(straggler.loader) - 1
    said = reason("signatures", "straggler-waits-once").replace("\u00a0", " ")
    share = percent(1 / after).replace("\u00a0", " ")
    assert after == 15 and said == f"One of fifteen batches would have {share} of it, were it evenly spread."


def test_the_reason_about_neighbours_speaks_of_two_cores() -> None:
    """With more cores, and as many neighbours, two workers would get more than half of a core each."""
    found = claim("signatures", "neighbours-slow-computing")
    assert found.because.startswith("Two busy processes and two workers share two cores")
    assert found.below_cores == 3


def test_what_needs_workers_that_begin_together_speaks_of_forked_ones() -> None:
    """Spawned ones take seconds to start, and not all the same time: the wait for the last one is no signature."""
    assert {one.id for one in claims("signatures") if one.start_methods == ("fork",)} == {
        "fed-hardly-waits-after-the-first",
        "bursts-wait-once-per-round",
        "more-ahead-leaves-the-bursts",
        "straggler-waits-once",
    }
