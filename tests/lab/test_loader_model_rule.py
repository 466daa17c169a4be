"""The rule that the pages give for the number of workers, and what they say of it, is what the loader's model says.

What it does not prove: that a real loader does the same; the experiments `scaling`, `stragglers` and `choosing` look at
real ones.
"""

import math
import random

import pytest

from snippets.lab.loader_model import Batch, Loader, enough, limit, simulate

QUOTIENTS = (0.5, 0.8, 1.0, 1.5, 1.9, 2.5, 3.0, 3.8, 4.5, 5.8, 8.0, 12.0)
"""Seconds of a batch in one worker, where a step takes one second."""
BATCHES, WARM = 1500, 100
ALIKE = 300
"""Batches, where all cost the same: more of them say no more."""
THIRD = 0.3
"""Standard deviation of the logarithm of what a batch costs: the middle two thirds lie within a third of each other."""


def reached(batch: float, num_workers: int, spread: float, batches: int = BATCHES) -> float:
    """Share of what the step alone allows, once the workers run. `spread`: of the logarithms of what batches cost."""
    chance = random.Random(20_261_126)
    costs = [batch * math.exp(chance.gauss(-(spread**2) / 2, spread)) for _ in range(batches)]
    times = simulate([Batch(cost) for cost in costs], Loader(num_workers, step=1.0))
    return (batches - WARM) / (times[-1] - times[WARM - 1])


def started_with(batch: float, headroom: float = 1.0) -> int:
    return math.ceil(headroom * batch)


def test_where_all_batches_cost_the_same_the_quotient_is_enough_and_one_fewer_is_not() -> None:
    for batch in QUOTIENTS:
        count = started_with(batch)
        assert reached(batch, count, 0, ALIKE) == pytest.approx(1)
        assert count == enough(Batch(batch), Loader(0, step=1.0), most=32)
        assert count == 1 or reached(batch, count - 1, 0, ALIKE) < 0.98


def test_where_batches_differ_a_quarter_more_makes_up_for_it() -> None:
    """The numbers stand on the page \"How to choose num_workers\"."""
    bare = [round(reached(batch, started_with(batch), THIRD), 2) for batch in QUOTIENTS]
    more = [round(reached(batch, started_with(batch, 1.25), THIRD), 2) for batch in QUOTIENTS]
    assert (min(bare), min(more)) == (bare[-1], more[-1]) == (0.89, 0.98), "twelve steps long"


def test_one_more_worker_is_the_wrong_correction() -> None:
    """Too much where a batch is short, too little where it is long."""
    one_more = [reached(batch, started_with(batch) + 1, THIRD) for batch in QUOTIENTS]
    assert min(one_more) < 0.93
    assert started_with(0.5) + 1 == 2 * started_with(0.5, 1.25)


@pytest.mark.parametrize("receive", [0.2, 0.5, 1.5])
def test_a_worker_pays_while_receiving_costs_less_than_making(receive: float) -> None:
    """Whatever the step takes, and however many workers there are."""
    batch = Batch(0.0, 1.0)
    for step in (0.0, 1.0, 10.0):
        alone = limit(batch, Loader(0, step=step))
        best = max(limit(batch, Loader(count, step=step, receive=receive, cores=64)) for count in range(1, 33))
        assert (best > alone) == (receive < 1.0)


def test_items_that_compute_gain_nothing_beyond_the_cores_that_the_loop_leaves_free() -> None:
    """Of four cores. Where the quotient says 16, the loop waits most of the time and leaves four; where it says three,
    the step keeps one core busy.
    """
    assert enough(Batch(0.0, 16.0), Loader(0, step_compute=1.0, cores=4), most=32) == 4
    assert enough(Batch(0.0, 3.0), Loader(0, step_compute=1.0, cores=4), most=32) == 3
    assert enough(Batch(0.0, 3.0), Loader(0, step_compute=1.0, cores=3), most=32) == 3


def test_an_epoch_that_is_shorter_than_the_start_of_its_workers_wants_none() -> None:
    costs = [Batch(0.01)] * 10
    alone, with_two = (simulate(costs, Loader(count, start=0.05, begin=0.2, cores=2))[-1] for count in (0, 2))
    assert alone == pytest.approx(0.1)
    assert with_two > 2 * alone
    long = [Batch(0.01)] * 1000
    assert simulate(long, Loader(2, start=0.05, begin=0.2, cores=2))[-1] < simulate(long, Loader(0))[-1]


def test_sending_takes_a_worker_s_time_and_receiving_the_main_process_s() -> None:
    batch = Batch(0.0, 1.0)
    assert limit(batch, Loader(2, send=1.0, cores=64)) == pytest.approx(1)
    times = simulate([batch] * 400, Loader(2, send=1.0, cores=64))
    assert 300 / (times[399] - times[99]) == pytest.approx(1, rel=0.01)
    assert limit(batch, Loader(8, receive=0.5, cores=64)) == pytest.approx(2)


@pytest.mark.parametrize(("wait", "send", "by"), [(1.0, 0.5, 1.6), (1.0, 1.0, 1.6), (0.5, 2.0, 2 / 2.25)])
def test_a_worker_sends_while_its_next_batch_waits(wait: float, send: float, by: float) -> None:
    """Two workers that compute for a quarter of a second: a thread of each sends, and what computes in one process
    shares its one interpreter.
    """
    batch, loader = Batch(wait, 0.25), Loader(2, send=send, cores=64)
    assert limit(batch, loader) == pytest.approx(by)
    times = simulate([batch] * 400, loader)
    assert 300 / (times[399] - times[99]) == pytest.approx(by, rel=0.01)
    assert times[0] >= wait + 0.25 + send, "before it arrives it has been sent"


def test_without_workers_batches_are_made_when_they_are_asked_for() -> None:
    loader = Loader(0, receive=9.0, send=9.0, start=9.0, begin=9.0, step=0.5, step_compute=0.25, cores=2)
    assert simulate([Batch(1.0, 0.25)] * 3, loader) == pytest.approx([1.25, 3.25, 5.25])
    assert limit(Batch(1.0, 0.25), loader) == pytest.approx(1 / 2)


def test_workers_are_started_one_after_the_other_and_then_begin_together() -> None:
    """The main process starts two in 2 s, and only then says which batches they are to make."""
    assert simulate([Batch(0.5)] * 2, Loader(2, start=1.0)) == pytest.approx([2.5, 2.5])
    assert simulate([Batch(0.5)] * 2, Loader(2, begin=1.0, cores=1)) == pytest.approx([2.5, 2.5])
