"""The doctor's rules, on waits and looks at the machine that are made up.

What it does not prove: that a loop with that fault looks like that. The experiment `doctor` measures it.
"""

from __future__ import annotations

import math
import random
import re
from dataclasses import replace
from typing import Any

import pytest
import torch

from snippets.tools import loader_doctor as doctor
from snippets.tools.loader_doctor import Batch, Look, Seen, Share, judge, report, share

IDLE = Look(0.25, cpu=(0.01, 0.01), queued=(0.0, 0.0), main_cpu=0.01)
"""Two workers that wait, on cores that are free."""
BUSY = Look(0.25, cpu=(0.24, 0.24), queued=(0.0, 0.0), main_cpu=0.01)


def epoch(waits: list[float], step: float = 0.010, number: int = 0, **more: Any) -> list[Batch]:
    return [Batch(number, index, wait, step, **more) for index, wait in enumerate(waits)]


def seen(waits: list[float], step: float = 0.010, look: Look = IDLE, **more: Any) -> Seen:
    """One epoch of two workers, on eight cores, looked at eight times."""
    given: dict[str, Any] = {"looks": [look] * 8, "workers": 2, "cores": 8.0, **more}
    return Seen(epoch(waits, step), **given)


def uneven(wait: float, count: int = 100) -> list[float]:
    """Waits of about that length, a quarter more or less."""
    chance = random.Random(3)
    return [wait * chance.uniform(0.75, 1.25) for _ in range(count)]


EVEN = uneven(0.010)
COMPUTING = {"look": replace(BUSY, cpu=(0.24,)), "workers": 1}
QUEUED = Look(0.25, cpu=(0.12, 0.12), queued=(0.12, 0.12), main_cpu=0.01)
FULL = Look(0.25, cpu=(0.24, 0.24), queued=(0.24, 0.24), main_cpu=0.01)
FAULTS: dict[str, tuple[Seen, str, str]] = {
    "one worker that computes": (seen(EVEN, **COMPUTING), "STARVED", "its workers compute, and cores are free"),
    "two that compute on two cores": (seen(EVEN, look=BUSY, cores=2.0), "STARVED", "for want of cores"),
    "workers that wait": (seen(EVEN), "STARVED", "its workers wait"),
    "both": (seen(EVEN, look=replace(IDLE, cpu=(0.17, 0.17))), "STARVED", "its workers compute and wait"),
    "loading in main": (seen(EVEN, workers=0, prefetch=0), "STARVED", "the main process loads, and waits"),
    "bursts of two": (seen([0.001, 0.03] * 50), "BURSTS", "its workers wait"),
    "one slow item": (seen([0.0005] * 70 + [0.9] + [0.0005] * 30), "STRAGGLER", "single batches take long"),
    "used up": (seen(EVEN, look=replace(BUSY, throttled=0.3)), "THROTTLED", "by a quota of CPU time"),
    "swapping": (seen(EVEN, look=replace(IDLE, stalled=0.2)), "MEMORY", "runs short"),
    "neighbours": (seen(EVEN, look=QUEUED, cores=2.0), "NEIGHBOUR", "others have the cores"),
    "threads": (seen(EVEN, look=replace(FULL, threads=0.2), cores=2.0), "THREADS", "more threads than cores"),
    "too many": (
        seen(EVEN, look=replace(FULL, cpu=(0.16,) * 3, queued=(0.08,) * 3), workers=3, cores=2.0),
        "TOO MANY WORKERS",
        "3 on 2 cores",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_has_its_verdict(fault: str) -> None:
    what, name, because = FAULTS[fault]
    verdict = judge(what)
    assert (verdict.name, verdict.because) == (name, because)
    assert verdict.then in doctor.THEN.values()
    assert verdict.gain is not None and verdict.gain > 1.1
    assert 2 <= len(verdict.why) <= 3, "the wait, and what tells this fault from others"


def test_a_healthy_loop_is_left_alone_whoever_else_is_busy() -> None:
    for look in (IDLE, BUSY, QUEUED, replace(IDLE, throttled=0.9)):
        verdict = judge(seen(uneven(0.0003), look=look))
        assert verdict.name == "FED" and verdict.then == doctor.THEN["FED"]


def test_jitter_that_the_queue_absorbs_is_healthy() -> None:
    waits = [0.0002] * 100
    waits[20], waits[60] = 0.02, 0.03
    assert judge(seen(waits)).name == "FED"


def test_a_container_that_is_nearly_full_is_told_beside_any_verdict() -> None:
    """The next worker may be killed there. What it has now is what counts."""
    full, roomy = replace(IDLE, held=0.97), replace(IDLE, held=0.90)
    for waits, name in ((EVEN, "STARVED"), (uneven(0.0003), "FED")):
        verdict = judge(seen(waits, looks=[*[roomy] * 7, full]))
        assert verdict.name == name
        assert verdict.second == "MEMORY: 97 % of the container's limit is held, and cannot be dropped"
        assert judge(seen(waits, looks=[*[full] * 7, roomy])).second == ""
    slow = Seen(epoch([0.5, *[0.01] * 39]), [full] * 8, 2, cores=8.0)
    assert re.fullmatch("START-UP: .+; MEMORY: .+", judge(slow).second)


# When it cannot tell.


@pytest.mark.parametrize(
    ("workers", "prefetch", "enough"), [(0, 0, 16), (1, 2, 16), (4, 2, 20), (8, 2, 40), (8, 8, 88)]
)
def test_it_says_nothing_of_too_few_batches(workers: int, prefetch: int, enough: int) -> None:
    """(prefetch + 1 + 2) per worker, after the first batch of each."""
    first = max(1, workers)
    for more, told in ((-1, False), (0, True)):
        waits = uneven(0.010, first + enough + more)
        verdict = judge(seen(waits, workers=workers, prefetch=prefetch, look=replace(IDLE, cpu=(0.0,) * workers)))
        assert (verdict.name != "TOO FEW BATCHES") == told, workers
    assert judge(Seen([])).name == "TOO FEW BATCHES"


def test_an_interval_with_the_bound_in_it_is_no_verdict() -> None:
    """The loop waits a fifth of the time in one half, and not at all in the other."""
    verdict = judge(seen([0.0] * 100 + [0.0025] * 100))
    assert verdict.name == "TOO NOISY" and "lies on both sides of 10 %" in verdict.because
    assert judge(seen([0.0] * 120 + [0.0025] * 80)).name == "TOO NOISY", "a tenth at most, or more"
    assert judge(seen([0.0003] * 200)).name == "FED"
    assert judge(seen([0.0025] * 200)).name == "STARVED"


def test_cores_that_are_scarce_at_times_are_no_verdict() -> None:
    """Never STARVED: others may have had them."""
    looks = [QUEUED, replace(QUEUED, queued=(0.0, 0.0))] * 4
    assert judge(seen(EVEN, looks=looks, cores=2.0)).name in ("TOO NOISY", "NEIGHBOUR")
    partly = replace(IDLE, queued=(0.03, 0.03), main_queued=0.02)
    assert judge(seen(EVEN, look=partly, cores=2.0)).name == "TOO NOISY"
    looks = [FULL, replace(FULL, cpu=(0.16, 0.16))] * 4
    assert judge(seen(EVEN, looks=looks, cores=2.0)).name == "TOO NOISY", "it may be our own who have them"
    little = replace(IDLE, queued=(0.005, 0.005))
    assert judge(seen(EVEN, look=little, cores=2.0)).name == "STARVED", "it explains a fortieth of the waiting"


def test_main_without_a_core_is_no_starved_loop() -> None:
    alone = replace(IDLE, cpu=(), queued=(), main_cpu=0.1, main_queued=0.12)
    assert judge(seen(EVEN, look=alone, workers=0, prefetch=0, cores=2.0)).name == "NEIGHBOUR"


def test_too_short_a_look_at_the_workers_is_no_verdict() -> None:
    verdict = judge(seen(EVEN[:60], looks=[IDLE]))
    assert verdict.name == "TOO FEW BATCHES" and "are too few to see what the workers do" in verdict.because
    long = judge(seen(uneven(0.010, 200), looks=[IDLE]))
    assert (long.name, long.because) == ("STARVED", ""), "its epochs are too short for looks, however long it goes on"


def test_without_proc_its_rules_are_out_and_named() -> None:
    verdict = judge(seen(EVEN, looks=[], proc=False, lacks=("no /proc: nothing of cores",)))
    assert (verdict.name, verdict.because, verdict.lacks) == ("STARVED", "", ("no /proc: nothing of cores",))
    assert "no /proc: nothing of cores" in report(verdict)


def test_steps_that_nothing_times_are_no_verdict() -> None:
    verdict = judge(seen(EVEN, unsynchronised=True))
    assert verdict.name == "UNSYNCHRONISED" and "synchronize" in verdict.then


# One rule each.


def epochs(count: int, first: float, later: float = 0.0005, batches: int = 20) -> list[Batch]:
    return [each for number in range(count) for each in epoch([first, *[later] * (batches - 1)], number=number)]


def of_epochs(batches: list[Batch], **more: Any) -> Seen:
    return Seen(batches, looks=[IDLE] * 8, workers=2, cores=8.0, **more)


def test_first_batches_of_epochs() -> None:
    assert judge(of_epochs(epochs(3, 0.3))).name == "START-UP"
    assert judge(of_epochs(epochs(3, 0.001))).name == "FED"
    once = [*epochs(1, 1.0), *epochs(4, 0.005)[20:]]
    assert judge(of_epochs(once)).name == "FED", "one slow start is none that comes again"
    assert judge(of_epochs(once, kept=True)).name == "FED"
    again = [replace(each, wait=0.2) if each.index == 0 else each for each in once]
    kept = judge(of_epochs(again, kept=True))
    assert kept.name == "START-UP" and "persistent" not in kept.then and "longer epochs" in kept.then, "slow in each"


def test_the_longer_of_slow_starts_and_later_waits_has_the_name() -> None:
    assert judge(of_epochs(epochs(4, 0.20, 0.005))).name == "START-UP"
    later = judge(of_epochs(epochs(4, 0.20, 0.015)))
    assert later.name == "STARVED" and later.second.startswith("START-UP: ")


def test_kept_workers_first_start_is_not_told() -> None:
    assert judge(of_epochs(epochs(1, 0.5, batches=40), kept=True)).second == ""


def test_one_epoch_s_start_is_told_beside_the_verdict() -> None:
    fed, starved = judge(of_epochs(epochs(1, 0.5, batches=40))), judge(of_epochs(epochs(1, 0.5, 0.01, batches=40)))
    assert fed.name == "FED" and fed.second.startswith("START-UP: ")
    assert starved.name == "STARVED" and starved.second.startswith("START-UP: ")


def test_a_straggler_is_named_with_its_batch_and_items() -> None:
    batches = epoch([0.0005] * 100)
    batches[71] = replace(batches[71], wait=0.9, items=[7, 912, 33, 5])
    one_long = Seen(batches, [IDLE] * 8, 2, cores=8.0)
    verdict = judge(one_long)
    assert verdict.name == "STRAGGLER"
    assert "batch 71 (items 7, 912, 33, 5): 900 ms" in verdict.why[2] and verdict.items == {71: [7, 912, 33, 5]}
    batches[71] = replace(batches[71], items=[*range(256)])
    many = judge(replace(one_long, batches=batches))
    assert "batch 71 (items 0, 1, 2, 3, 4, 5, 6, 7, ...): 900 ms" in many.why[2] and many.items == {71: [*range(256)]}
    mixed = judge(replace(one_long, in_order=False))
    assert mixed.name == "STRAGGLER" and "batch 71: 900 ms" in mixed.why[2], "out of order, other items were drawn then"
    assert mixed.items == {}


@pytest.mark.parametrize(
    ("drawn", "items"),
    [
        ([None, None], []),
        (None, []),
        (17, [17]),
        ((3, 4), [3, 4]),
        (torch.tensor([5, 6]), [5, 6]),
        ("a/1.jpg", ["a/1.jpg"]),
    ],
)
def test_a_batch_is_named_by_what_its_sampler_drew(drawn: Any, items: list[Any]) -> None:
    """A stream draws nothing, and a sampler of a reader's own draws what it likes."""
    batches = epoch([0.0005] * 100)
    batches[71] = replace(batches[71], wait=0.9, items=drawn)
    verdict = judge(Seen(batches, [IDLE] * 8, 2, cores=8.0))
    assert verdict.name == "STRAGGLER" and verdict.items == ({71: items} if items else {})
    assert "None" not in " ".join(verdict.why)


def test_no_number_of_the_link_is_negative() -> None:
    """A sampler that waits takes time and no CPU time."""
    waiting = Seen(epoch(EVEN, own=0.0001, sampler=0.004), [replace(IDLE, cpu=(0.0,))] * 8, 1, cores=8.0)
    verdict = judge(waiting)
    assert verdict.simulator and "-" not in verdict.simulator.partition("#")[2]


def test_stragglers_of_one_worker_are_its() -> None:
    waits = [0.0005] * 200
    for index in (20, 60, 120, 160):
        waits[index] = 0.3
    assert judge(seen(waits, workers=4, look=replace(IDLE, cpu=(0.0,) * 4))).because == "all of worker 0"
    assert (
        judge(seen(waits, workers=4, look=replace(IDLE, cpu=(0.0,) * 4), in_order=False)).because != "all of worker 0"
    )


@pytest.mark.parametrize(("ahead", "name"), [(6, "SLOW WORKER"), (2, "BURSTS"), (None, "BURSTS")])
def test_a_slow_worker_leaves_the_others_batches_lying(ahead: int | None, name: str) -> None:
    """Workers that are slow alike bring theirs together: at most three lie ready when the last one's comes."""
    batches = [
        Batch(0, index, 0.04 if index % 4 == 1 else 0.0005, 0.005, ahead=ahead if index % 4 == 1 else 0)
        for index in range(100)
    ]
    verdict = judge(Seen(batches, [replace(IDLE, cpu=(0.0,) * 4)] * 8, 4, cores=8.0))
    assert verdict.name == name and "(i mod 4 = 1)" in verdict.why[1]
    assert ("worker 1" in verdict.because) == (name == "SLOW WORKER")


def test_out_of_order_no_place_is_a_worker_s() -> None:
    assert judge(seen([0.001, 0.03] * 50, in_order=False)).name == "STARVED"


@pytest.mark.parametrize(
    ("own", "sampler", "name"),
    [(0.008, 0.0, "RECEIVE"), (0.009, 0.008, "SAMPLER"), (0.003, 0.001, "STARVED"), (0.008, 0.004, "STARVED")],
)
def test_what_main_does_itself(own: float, sampler: float, name: str) -> None:
    batches = epoch(EVEN, own=own, sampler=sampler)
    assert judge(Seen(batches, [IDLE] * 8, 2, cores=8.0)).name == name


def test_loading_in_main_is_no_handing_over() -> None:
    batches = epoch(EVEN, own=0.0095)
    verdict = judge(Seen(batches, [replace(IDLE, cpu=(), queued=())] * 8, 0, 0, cores=8.0))
    assert verdict.name == "STARVED" and "computes" in verdict.because and "use workers" in verdict.then


def test_without_workers_what_main_computes_is_the_batch_s_and_nothing_is_received() -> None:
    """A reader who adds workers in the simulator would otherwise find main as busy as before."""
    main = Seen(epoch(EVEN, own=0.006, sampler=0.001), [replace(IDLE, cpu=(), queued=())] * 8, 0, cores=8.0)
    alone, one = judge(main), judge(replace(main, workers=1))
    assert alone.numbers["c"] == pytest.approx(0.005) and "r" not in alone.numbers
    assert alone.numbers["b"] == pytest.approx(sum(EVEN[1:]) / 99) and ";b=" in alone.simulator
    assert one.numbers["r"] == pytest.approx(0.005)


def test_without_workers_a_gpu_s_step_runs_beside_the_loading_and_there_is_no_link() -> None:
    """Its wait is not how long a batch takes."""
    alone = seen(EVEN, look=replace(IDLE, cpu=(), queued=()), workers=0)
    assert judge(alone).simulator and not judge(replace(alone, on_device=True)).simulator
    assert judge(replace(seen(EVEN), on_device=True)).simulator


def test_more_workers_are_advised_only_where_they_could_help() -> None:
    free, full = judge(FAULTS["one worker that computes"][0]), judge(FAULTS["two that compute on two cores"][0])
    assert "tune_num_workers.py" in free.then and "more workers bring nothing" in full.then


def test_the_gain_is_what_loading_for_nothing_would_give() -> None:
    assert judge(seen([0.010] * 100)).gain == pytest.approx(2.0, rel=0.03)


# Intervals and words.


def test_an_interval_covers_the_truth_as_often_as_it_says() -> None:
    """Eight parts of scattered ratios, a thousand times: 95 %, and a few more or less."""
    chance = random.Random(20_261_126)
    hits = 0
    for _ in range(1000):
        wholes = [chance.uniform(0.9, 1.1) for _ in range(8)]
        found = share([chance.gauss(0.3, 0.1) * whole for whole in wholes], wholes)
        hits += found.low <= 0.3 <= found.high
    assert 920 <= hits <= 980


def test_shares_of_nothing_and_of_one_part() -> None:
    assert share([], []) == Share(0, 0, 0) == share([0.0], [0.0])
    assert share([1.0], [2.0]) == Share(0.5, -math.inf, math.inf)
    assert str(share([1.0], [2.0])) == "50 % [0, 100]" and str(Share(0.5, 0.5, 0.5)) == "50 %"


@pytest.mark.parametrize("fault", FAULTS)
def test_a_report_fits_a_terminal(fault: str) -> None:
    verdict = replace(
        judge(FAULTS[fault][0]), second="START-UP: first batches took 31 % of the time seen", lacks=("x " * 90,)
    )
    lines = report(verdict, now="waiting for batch 1234 for 12.3 s, of worker 2", ranks="rank " * 40).splitlines()
    link = [f"  play    {verdict.simulator}"] if verdict.simulator else []
    assert lines[len(lines) - len(link) :] == link
    lines = lines[: len(lines) - len(link)]
    assert max(map(len, lines)) <= 80
    said = [line[2:10].strip() for line in lines[1:]]
    assert [each for each in said if each] == ["why", "gain", "next", "also", "ranks", "now", "unseen"]
