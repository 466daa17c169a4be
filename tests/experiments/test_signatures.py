"""An arm does what its name says, where its items wait: signatures, stragglers, one batch's life, a chosen count.

What it does not prove: that the numbers are right. Each build measures and judges them.
"""

import multiprocessing
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.experiments.choosing import measure as choosing
from snippets.experiments.life_of_a_batch import measure as life
from snippets.experiments.signatures import arms
from snippets.experiments.signatures import measure as signatures
from snippets.experiments.stragglers import costs
from snippets.experiments.stragglers import measure as stragglers
from snippets.experiments.workloads import DistantPhotos
from snippets.lab.instruments.experiment import Sample
from snippets.pages.find_the_bottleneck import bursts, busy_neighbour, fed, slow_first_batch, starved, straggler
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

from .arms import first_loader, sleeps

SNIPPETS = {
    "fed": (fed, 2),
    "starved": (starved, 1),
    "bursts": (bursts, 4),
    "slow first batch": (slow_first_batch, 2),
    "straggler": (straggler, 2),
    "alone": (busy_neighbour, 2),
    "busy neighbour": (busy_neighbour, 2),
}
HANGS_AFTER = 30.0


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_signature_is_its_snippet(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its dataset, its settings, its step, and as many epochs as the parameters say."""
    snippet, workers = SNIPPETS[name]
    asked: list[Any] = []
    monkeypatch.setattr(signatures, "traced_epochs", lambda *given, **settings: asked.append((*given, settings)))
    with signatures.EXPERIMENT.prepared() as arms:
        arms[name]()
    ((epochs, dataset, step, settings),) = asked
    assert dataset is snippet.loader.dataset and step is snippet.train_step
    assert settings == {"batch_size": 8, "num_workers": workers}
    assert (snippet.loader.prefetch_factor, snippet.loader.persistent_workers) == (2, False), "as by default"
    assert epochs == (2 if name == "slow first batch" else 1)
    assert signatures.EXPERIMENT.params[f"batches, {name}"] == epochs * len(snippet.loader)


def test_more_is_assigned_ahead_as_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bursts again, with another prefetch_factor and nothing else."""
    asked: list[Any] = []
    monkeypatch.setattr(signatures, "traced_epochs", lambda *given, **settings: asked.append((*given, settings)))
    with signatures.EXPERIMENT.prepared() as arms:
        arms["bursts"]()
        arms["bursts, more ahead"]()
    (*usual, settings), (*more, others) = asked
    assert usual == more and others == {**settings, "prefetch_factor": signatures.AHEAD}
    assert signatures.AHEAD == signatures.EXPERIMENT.params["ahead"] != bursts.loader.prefetch_factor == 2


def test_each_signature_is_looked_at() -> None:
    with signatures.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*SNIPPETS, "bursts, more ahead", "starved, replayed"}


def test_bursts_and_epochs_are_as_long_as_their_snippets() -> None:
    assert arms.BURST == bursts.loader.num_workers
    assert arms.EPOCH == len(slow_first_batch.loader)
    assert arms.EPOCH % slow_first_batch.loader.num_workers == 0, "the recording takes batches for each worker in turn"


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
    found: dict[str, int] = {}

    def spin() -> None:
        with running.get_lock():
            running.value += 1
        done.wait(HANGS_AFTER)

    def epoch(epochs: int, *given: Any, **settings: Any) -> Sample:
        deadline = time.monotonic() + HANGS_AFTER
        while running.value < signatures.EXPERIMENT.params["neighbours"] and time.monotonic() < deadline:
            time.sleep(0.01)
        found["spin"] = running.value
        found["alive"] = len({*multiprocessing.active_children()} - before)
        return Sample({})

    monkeypatch.setattr(busy_neighbour, "spin", spin)
    monkeypatch.setattr(signatures, "traced_epochs", epoch)
    with signatures.EXPERIMENT.prepared() as arms:
        arms["busy neighbour"]()
        expected = signatures.EXPERIMENT.number("neighbours")
        assert found == {"spin": expected, "alive": expected} and expected >= 1
        assert {*multiprocessing.active_children()} == before
        found.clear()
        arms["alone"]()
    assert found["alive"] == 0


def test_a_replayed_epoch_has_one_batch_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    batches: list[torch.Tensor] = []
    monkeypatch.setattr(starved, "train_step", batches.append)
    clock = iter([3.0, 10.0])
    monkeypatch.setattr(signatures, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    with signatures.EXPERIMENT.prepared() as arms:
        assert arms["starved, replayed"]().values == {"total": 7.0}
    assert len(batches) == len(starved.loader) == 10
    assert {id(batch) for batch in batches} == {id(batches[0])} and batches[0].shape == (8, 3, 32, 32)


@pytest.mark.parametrize("each", costs.ARMS, ids=lambda each: costs.arm(*each))
def test_a_straggling_arm_is_set_as_named(each: tuple[str, int, bool]) -> None:
    case, factor, in_order = each
    with stragglers.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[f"{case}, prefetch_factor={factor}, {'in order' if in_order else 'out of order'}"])
    assert (loader.num_workers, loader.prefetch_factor, loader.in_order) == (4, factor, in_order)
    assert isinstance(loader.dataset, stragglers.Batches) and loader.dataset.case == case


@pytest.mark.parametrize("case", costs.CASES)
def test_a_batch_costs_what_the_model_is_told(case: str) -> None:
    waited = sleeps(lambda: [stragglers.Batches(case)[batch] for batch in range(costs.BATCHES)])
    assert waited == [costs.seconds(case, batch) for batch in range(costs.BATCHES)]
    slow = [batch for batch, seconds in enumerate(waited) if seconds == costs.SLOW_SECONDS]
    assert len(slow) == (0 if case == "none slow" else costs.SLOW)
    assert {*waited} <= {costs.SECONDS, costs.SLOW_SECONDS} and costs.SLOW_SECONDS == 10 * costs.SECONDS
    assert (
        case != "every 16th slow" or [later - batch for batch, later in zip(slow, slow[1:], strict=False)] == [16] * 5
    )
    assert case != "some slow" or len({batch % costs.WORKERS for batch in slow}) > 1, "several workers get them"


def test_a_straggling_epoch_has_all_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stragglers, "seconds", lambda case, batch: 0.0)
    with stragglers.EXPERIMENT.prepared() as arms:
        run = arms[costs.arm("some slow", 2, False)]
        assert run().values["total"] > 0
        monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([*range(95), 0]))
        with pytest.raises(ValueError, match="a batch is missing or came twice"):
            run()


def test_a_straggling_epoch_lasts_from_the_workers_begin_to_the_last_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10, 200))
    monkeypatch.setattr(stragglers, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    monkeypatch.setattr(stragglers, "Together", lambda: SimpleNamespace(began=SimpleNamespace(value=4)))
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter(range(96)))
    assert stragglers.epoch("none slow", 1, True).values == {"total": 10 + 95 - 4}


def test_no_worker_begins_before_all_are_there() -> None:
    together = stragglers.Together()
    workers = [threading.Thread(target=together, args=(number,)) for number in range(costs.WORKERS)]
    for worker in workers[:-1]:
        worker.start()
    deadline = time.monotonic() + HANGS_AFTER
    while together.barrier.n_waiting < costs.WORKERS - 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert together.began.value == 0
    workers[-1].start()
    for worker in workers:
        worker.join(HANGS_AFTER)
    assert together.began.value > 0


@pytest.fixture(scope="module")
def one_life() -> Sample:
    with life.EXPERIMENT.prepared() as arms:
        return arms["3 workers"]()


def test_a_batch_is_followed_from_its_indices_to_its_step(one_life: Sample) -> None:
    lanes: dict[str, list[dict[str, Any]]] = {}
    for span in one_life.trace or []:
        lanes.setdefault(span["lane"], []).append(span)
    assert [*lanes] == [f"batch {batch}, worker {batch % 3}" for batch in range(12)]
    for lane, spans in lanes.items():
        assert [span["role"] for span in spans] == ["wait", "fetch", "collate", "receive", "step"], lane
        bounds = [at for span in spans for at in (span["start"], span["end"])]
        assert bounds == sorted(bounds), "one after the other"
    steps = [spans[-1] for spans in lanes.values()]
    assert all(one["end"] <= later["start"] for one, later in zip(steps, steps[1:], strict=False))
    ready = [spans[3]["end"] - spans[3]["start"] for spans in lanes.values()]
    assert one_life.values["longest_ready"] == pytest.approx(max(ready))
    assert one_life.values["total"] >= steps[-1]["end"]


def test_batches_under_way_are_counted(one_life: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as workers × prefetch_factor, and not a number that was written down."""
    assert one_life.values["most_assigned"] == 6
    monkeypatch.setattr(life, "WORKERS", 2)
    assert life.life().values["most_assigned"] == 4


def test_one_batch_is_slow() -> None:
    waited = sleeps(lambda: [life.Items()[index] for index in range(life.BATCHES * life.BATCH_SIZE)])
    slow = range(life.SLOW_BATCH * life.BATCH_SIZE, (life.SLOW_BATCH + 1) * life.BATCH_SIZE)
    assert waited == [life.SLOW_ITEM_SECONDS if index in slow else life.ITEM_SECONDS for index in range(len(waited))]
    assert sleeps(lambda: life.step(torch.zeros(1))) == [life.STEP_SECONDS]


Timed = tuple[Any, int, Callable[[Any], None]]


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[Timed]:
    """What choosing's arms would time: loader, window and step. Nothing is loaded."""
    asked: list[Timed] = []

    def time_loader(*given: Any) -> Sample:
        asked.append(given)  # pyright: ignore[reportArgumentType]
        return Sample({"throughput": 5.0})

    monkeypatch.setattr(choosing, "time_loader", time_loader)
    return asked


KINDS = {
    "waiting": SlowSprites,
    "computing": Photos,
    "both": DistantPhotos,
    "in memory": TensorDataset,
    "large items": choosing.LargeItems,
    "many tensors": choosing.ManyTensors,
}


@pytest.fixture
def choices(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was asked to be chosen, loader and step: each time the answer is three."""
    asked: list[Any] = []

    def choose(*given: Any) -> int:
        asked.append(given)
        return 3

    monkeypatch.setattr(choosing, "choose_num_workers", choose)
    return asked


@pytest.mark.parametrize("name", choosing.SETTINGS)
def test_a_count_that_is_tried_has_its_step(name: str, timed: list[Timed], choices: list[Any]) -> None:
    size, seconds = choosing.SETTINGS[name]
    with choosing.EXPERIMENT.prepared() as arms:
        warmed = [(type(loader.dataset), loader.num_workers) for loader, _, _ in timed]
        assert warmed == [(kind, 0) for kind in KINDS.values()], "before the first arm the pages are warmed"
        for count in choosing.COUNTS:
            timed.clear()
            arms[f"{name}, {count} workers"]()
            ((loader, window, step),) = timed
            assert (loader.num_workers, loader.batch_size) == (count, size)
            assert (loader.collate_fn is choosing.alone) == (size == 1)
            assert type(loader.dataset) is KINDS[name]
            assert window >= choosing.STEPS and window % max(1, count) == 0
            assert sleeps(lambda step=step: step(None)) == [seconds]
    item = sleeps(lambda: choosing.workloads()[name].dataset[0])
    assert item == ([choosing.WAIT_SECONDS] if name in ("waiting", "both") else [])


def test_what_is_chosen_once_is_loaded_with_in_each_round(timed: list[Timed], choices: list[Any]) -> None:
    with choosing.EXPERIMENT.prepared() as arms:
        assert choices == [], "choosing takes seconds, and arms are asked for their names alone, too"
        timed.clear()
        samples = [arms["both, as chosen"]() for _ in range(2)]
    for sample, (loader, window, step) in zip(samples, timed, strict=True):
        assert sample.values == {"throughput": 5.0, "chosen": 3.0}
        assert loader.num_workers == 3 and window % 3 == 0
        ((asked, step_asked),) = choices
        assert asked.dataset is loader.dataset and asked.num_workers == 0
        assert asked.batch_size == loader.batch_size and step_asked == step


def test_items_that_do_not_pay() -> None:
    """What their names and the parameters say of them."""
    number = choosing.EXPERIMENT.number
    large = choosing.LargeItems()[0]
    assert large.nbytes == number("item_bytes, large items") > 10**7
    assert len(choosing.ManyTensors()[0]) == number("tensors, many tensors")
