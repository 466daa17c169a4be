"""What a loader looks like that is fed, starved, or slowed by one thing: each is its snippet, what is claimed and said.

What it does not prove: that a signature looks like that. Each build measures and judges them.
"""

import importlib
import multiprocessing
import time
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest
import torch

from snippets.experiments.signatures import arms, measure, show, waits
from snippets.lab.figures.figure import Bars, Timeline
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.judge import inside
from snippets.lab.numbers import percent
from snippets.lab.results.results import Measured, TraceSpan
from snippets.lab.results.stats import estimate
from snippets.pages.find_the_bottleneck import bursts, busy_neighbour, fed, slow_first_batch, starved, straggler

from .dry_run import clock, sleeps
from .results import claim, plain, plain_values, result, statistics

WAITS = {
    arms.FED: [0.05, 0.002, 0.004],
    arms.STARVED: [0.1, 0.09, 0.001, 0.02, 0.019, 0.04],
    arms.BURSTS: [9, 9, 9, 9, 0.06, 0.01, 0.01, 0.02, 0.01, 0.05, 0.02, 0.02],
    arms.SLOW_FIRST_BATCH: [0.3, *[0.01] * 7, 0.2, *[0.01] * 7],
    arms.STRAGGLER: [5, 0.05, 0.3, 0.05],
    arms.ALONE: [0.02, 0.003],
    arms.BUSY_NEIGHBOUR: [0.03, 0.012],
}
"""Seconds before each batch."""
EPOCHS = {
    arms.FED: (1.0, 0.25, 0.08),
    arms.STARVED: (0.3, 0.8, 0.77),
    arms.BURSTS: (1.0, 0.75, 0.7),
    arms.SLOW_FIRST_BATCH: (1.0, 0.6, 0.55),
    arms.STRAGGLER: (1.0, 0.5, 0.45),
    arms.ALONE: (0.4, 0.2, 0.1),
    arms.BUSY_NEIGHBOUR: (0.6, 0.4, 0.35),
}
"""Seconds, and the shares of all and of the time after the first batch in which no step runs."""


def traced() -> Measured:
    values = {
        name: {
            **dict(zip(("total", "waited", "waited_after_first"), EPOCHS[name], strict=True)),
            **{f"wait {number}": wait for number, wait in enumerate(waits)},
        }
        for name, waits in WAITS.items()
    }
    values |= {arms.REPLAYED: {"total": 0.06}, arms.MORE_AHEAD: {"total": 1.1}}
    return result("total", values, neighbours=2, **{f"batches, {name}": len(each) for name, each in WAITS.items()})


MEASURED = traced()
SNIPPETS = {
    arms.FED: (fed, 2),
    arms.STARVED: (starved, 1),
    arms.BURSTS: (bursts, 4),
    arms.SLOW_FIRST_BATCH: (slow_first_batch, 2),
    arms.STRAGGLER: (straggler, 2),
    arms.ALONE: (busy_neighbour, 2),
    arms.BUSY_NEIGHBOUR: (busy_neighbour, 2),
}
HANGS_AFTER = 30.0


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would be traced: epochs, dataset, step, settings."""
    asked: list[Any] = []
    monkeypatch.setattr(measure, "traced_epochs", lambda *given, **settings: asked.append((*given, settings)))
    return asked


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_signature_is_its_snippet(name: str, asked: list[Any]) -> None:
    """Its dataset, its settings, its step, and as many epochs as the parameters say."""
    snippet, workers = SNIPPETS[name]
    with measure.EXPERIMENT.prepared() as runs:
        runs[name]()
    ((epochs, dataset, step, settings),) = asked
    assert dataset is snippet.loader.dataset and step is snippet.train_step
    assert settings == {"batch_size": 8, "num_workers": workers}
    assert (snippet.loader.prefetch_factor, snippet.loader.persistent_workers) == (2, False), "as by default"
    assert epochs == (2 if name == arms.SLOW_FIRST_BATCH else 1)
    assert measure.EXPERIMENT.params[f"batches, {name}"] == epochs * len(snippet.loader)


def test_more_is_assigned_ahead_as_named(asked: list[Any]) -> None:
    """The bursts again, with another prefetch_factor and nothing else."""
    with measure.EXPERIMENT.prepared() as runs:
        runs[arms.BURSTS]()
        runs[arms.MORE_AHEAD]()
    (*usual, settings), (*more, others) = asked
    assert usual == more and others == {**settings, "prefetch_factor": arms.AHEAD}
    assert arms.AHEAD == measure.EXPERIMENT.params["ahead"] != bursts.loader.prefetch_factor == 2


def test_a_signature_waits_where_it_says() -> None:
    """One item of the straggler, and the first of each worker that is slow to begin."""
    waited = sleeps(lambda: [straggler.Items()[index] for index in range(len(straggler.Items()))])
    assert {*waited} == {0.3, 0.002} and waited.count(0.3) == 1
    slow = slow_first_batch.Items()
    assert sleeps(lambda: [slow[index] for index in range(3)]) == [0.2, 0.002, 0.002, 0.002]


def test_neighbours_run_beside_the_epoch_and_end_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if multiprocessing.get_start_method() != "fork":
        pytest.skip("the neighbours are watched in memory that only a fork shares")
    running, done = multiprocessing.Value("i", 0), multiprocessing.Event()
    before = {*multiprocessing.active_children()}
    expected = measure.EXPERIMENT.number("neighbours")
    seen: list[tuple[int, int]] = []

    def spin() -> None:
        with running.get_lock():
            running.value += 1
        done.wait(HANGS_AFTER)

    def epoch(epochs: int, *given: Any, **settings: Any) -> Sample:
        deadline = time.monotonic() + HANGS_AFTER
        while running.value < expected and time.monotonic() < deadline:
            time.sleep(0.01)
        seen.append((running.value, len({*multiprocessing.active_children()} - before)))
        return Sample({})

    monkeypatch.setattr(busy_neighbour, "spin", spin)
    monkeypatch.setattr(measure, "traced_epochs", epoch)
    with measure.EXPERIMENT.prepared() as runs:
        runs[arms.BUSY_NEIGHBOUR]()
        assert {*multiprocessing.active_children()} == before
        runs[arms.ALONE]()
    assert seen == [(expected, expected), (expected, 0)] and expected >= 1


def test_a_replayed_epoch_has_one_batch_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[torch.Tensor] = []
    monkeypatch.setattr(starved, "train_step", batches.append)
    monkeypatch.setattr(measure, "time", clock(3.0, 10.0))
    with measure.EXPERIMENT.prepared() as runs:
        assert runs[arms.REPLAYED]().values == {"total": 7.0}
    assert len(batches) == len(starved.loader) == 10
    assert {id(batch) for batch in batches} == {id(batches[0])} and batches[0].shape == (8, 3, 32, 32)


def test_claims() -> None:
    assert statistics("signatures", MEASURED) == pytest.approx(
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
    alike = (arms.STARVED, arms.BURSTS, arms.SLOW_FIRST_BATCH, arms.STRAGGLER)
    waited = {f"wait {number}": seconds(number) for number in range(16)}
    return result("total", {arm: waited for arm in alike}, **{f"batches, {arm}": 16 for arm in alike})


def holds(claim_id: str, measured: Measured) -> bool:
    return inside(claim(claim_id).bounds, estimate(claim(claim_id).statistic.of(measured)))


def test_waits_that_are_spread_evenly_are_of_one_signature_alone() -> None:
    """And those that come in bursts are not spread evenly."""
    even, bursting = spread(lambda number: 0.01), spread(lambda number: 0.0001 if number % 4 else 0.01)
    for name in ("bursts-wait-once-per-round", "slow-first-batch-waits-there", "straggler-waits-once"):
        assert not holds(name, even), name
    assert holds("starved-waits-for-every-batch", even) and not holds("starved-waits-for-every-batch", bursting)
    assert holds("bursts-wait-once-per-round", bursting) and not holds("straggler-waits-once", bursting)


def milliseconds(snippet: ModuleType) -> tuple[float, float]:
    """That a batch's items wait, all but the first of them, times their number; and the step."""
    (item,) = sleeps(lambda: snippet.Items()[1])
    (step,) = sleeps(lambda: snippet.train_step(None))
    return 1000 * item * snippet.loader.batch_size, 1000 * step


def test_reasons_about_fed_and_starved_are_arithmetic_of_the_snippets() -> None:
    load, step = milliseconds(fed)
    reason = claim("fed-hardly-waits-after-the-first").because
    assert f"Two workers have a batch every {load / 2:g} ms, and a step takes {step:g} ms" in reason
    assert fed.loader.num_workers == 2 and load / 2 < step
    load, step = milliseconds(starved)
    reason = claim("headspace-is-found-by-replaying").because
    assert f"Ten batches of {load:g} ms against ten steps of {step:g} ms: {load / step:.1f} times" in reason
    assert len(starved.loader) == 10 and starved.loader.num_workers == 1


def test_reasons_about_bursts_and_slow_batches_are_arithmetic_of_the_snippets() -> None:
    load, step = milliseconds(bursts)
    assert load > bursts.loader.num_workers * step, "four workers do not keep up"
    more = claim("more-ahead-leaves-the-bursts")
    assert f"still takes {load:g} ms" in more.because
    assert f"prefetch_factor={arms.AHEAD} over that with {bursts.loader.prefetch_factor}" in more.predicate
    once = claim("bursts-wait-once-per-round")
    assert once.because == "Evenly spread it would be a quarter." and once.bounds.low > 1 / arms.BURST == 1 / 4
    reason = claim("slow-first-batch-waits-there").because
    assert reason == "Two of sixteen batches would have an eighth of it, were it evenly spread."
    assert 2 * len(slow_first_batch.loader) == 16
    assert bursts.loader.num_workers == arms.BURST and len(slow_first_batch.loader) == arms.EPOCH
    after = len(straggler.loader) - 1
    reason = f"One of fifteen batches would have {plain(percent(1 / after))} of it, were it evenly spread."
    assert after == 15 and plain(claim("straggler-waits-once").because) == reason
    beside = claim("neighbours-slow-computing")
    assert beside.because.startswith("Two busy processes and two workers share two cores") and beside.below_cores == 3


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert values["headspace"] == "5.0 times"
    slugs = ("fed", "slow_first_batch", "straggler", "busy_neighbour", "bursts", "starved")
    assert [values[f"{slug}_waited"] for slug in slugs] == ["25 %", "60 %", "50 %", "40 %", "75 %", "80 %"]
    assert [values[f"{slug}_waited_after_first"] for slug in slugs] == ["8 %", "55 %", "45 %", "35 %", "70 %", "77 %"]
    assert [values[f"{slug}_longest"] for slug in slugs] == ["50 ms", "300 ms", "5 s", "30 ms", "9 s", "100 ms"]


def test_figure() -> None:
    figure = show.figure(MEASURED)
    assert "it is 25 % of the whole run, start-up included, and 8 % from the first batch on" in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    whole, after = ({bar.label: bar.value.median for bar in group.bars} for group in figure.chart.groups)
    assert (whole[arms.FED], after[arms.FED]) == (25, 8)
    assert (whole[arms.STARVED], after[arms.STARVED]) == (80, 77)
    assert [row[0] for row in figure.table.rows] == [*whole] == [*show.SIGNATURES]


PARTS = {
    "fed": ({"first": "50 ms", "later": "4 ms"}, "The first batch is waited for, 50 ms; after it no wait is longer"),
    "starved": ({"each": "20 ms"}, "Every batch is waited for, 20 ms each."),
    "bursts": ({"on_one_in_four": "55 %"}, "of the waiting after the first burst, 55 % is for one batch in four"),
    "slow_first_batch": ({"on_first": "78 %"}, "Of the waiting in two epochs, 78 % is for the first batch of each"),
    "straggler": ({"on_one": "75 %"}, "Of the waiting after the first batch, 75 % is for one."),
    "busy_neighbour": (
        {"longer": "1.5 times", "waited_alone": "20 %", "waited": "40 %"},
        "The same epoch takes 1.5 times as long beside 2 processes that compute: the step waits for 40 % of it instead "
        "of 20 %.",
    ),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part(name: str) -> None:
    """The timeline of its own arm; the table has a row for each batch."""
    part = importlib.import_module(f"snippets.experiments.signatures.{name}")
    values, message = PARTS[name]
    figure, arm = part.figure(MEASURED), name.replace("_", " ")
    assert plain_values(part.values(MEASURED)) == values and message in plain(figure.message)
    drawn = [arms.ALONE, arm] if name == "busy_neighbour" else [arm]
    assert isinstance(figure.chart, Timeline) and len(figure.chart.runs) == len(drawn)
    assert figure.table.header == ("Batch", *(f"{each}, wait in ms" for each in drawn))
    assert [row[0] for row in figure.table.rows] == [str(number) for number in range(len(WAITS[arm]))]
    for number, row in enumerate(figure.table.rows):
        ms = [1000 * WAITS[each][number] for each in drawn]
        assert [float(cell.partition(" ")[0].replace(",", "")) for cell in row[1:]] == pytest.approx(ms)


def test_of_two_that_are_compared_each_is_drawn_under_its_own_title() -> None:
    ends = {arms.ALONE: 2.0, arms.BUSY_NEIGHBOUR: 1.0}
    traces = {arm: [TraceSpan("main", "step", 0, end, 0)] for arm, end in ends.items()}
    part = importlib.import_module("snippets.experiments.signatures.busy_neighbour")
    chart = part.figure(replace(MEASURED, traces=traces)).chart
    assert [(run.title, run.end) for run in chart.runs] == [("alone", 2.0), ("beside busy neighbours", 1.0)]


def test_waits_are_those_of_a_round() -> None:
    measured = result("wait 0", {"fed": {"wait 0": 3.0, "wait 1": 5.0, "wait 2": 9.0}}, rounds=2, **{"batches, fed": 2})
    later = [replace(s, values={name: wait + s.round for name, wait in s.values.items()}) for s in measured.samples]
    assert waits.waits(replace(measured, samples=later), "fed") == [[3, 5], [4, 6]]


def test_what_tells_signatures_apart() -> None:
    """Each leaves out what comes before it: a burst, a batch, three batches."""
    assert waits.longest_of_each(2, [9, 9, 3, 1, 2, 2, 4]) == (3 + 2 + 4) / 12, "the last group may be a short one"
    assert waits.on_the_longest([9, 1, 3]) == 3 / 4
    assert waits.on_first_batches([5, *[1] * 7, 6, *[1] * 4]) == 11 / 22
    assert waits.evenness([9, 0, 0, 1, 4, 2]) == 1 / 4
