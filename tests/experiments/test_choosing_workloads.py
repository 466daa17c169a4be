"""The varied workloads: each loads with and without workers, costs what its name says, and has its step.

What it does not prove: that they are like any reader's. Nor that a rule breaks on one: each build measures that.
"""

import itertools
import multiprocessing
import pickle
from statistics import mean
from typing import Any

import numpy as np
import pytest
import torch

from snippets.experiments import varied_workloads as workloads
from snippets.experiments.choosing import arms, measure, show
from snippets.experiments.varied_workloads import WORKLOADS

from .dry_run import sleeps

BATCHES = 3


def batches(name: str, num_workers: int) -> list[Any]:
    return [*itertools.islice(WORKLOADS[name].loader(num_workers), BATCHES)]


def shape(value: Any) -> Any:
    """What a batch is made of. Of tensors the type and the count of axes: texts have other lengths each time."""
    if isinstance(value, torch.Tensor):
        return value.dtype, value.dim()
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    return [shape(each) for each in value] if isinstance(value, list | tuple) else type(value)


starts_at_once = pytest.mark.skipif(
    multiprocessing.get_start_method() != "fork", reason="each worker would import torch: a minute for all of them"
)


@starts_at_once
@pytest.mark.parametrize("name", WORKLOADS)
def test_it_loads_the_same_with_workers_and_without(name: str) -> None:
    alone, helped = (batches(name, num_workers) for num_workers in (0, 2))
    assert len(alone) == len(helped) == BATCHES
    assert [shape(batch) for batch in alone] == [shape(batch) for batch in helped]


@pytest.mark.parametrize("name", WORKLOADS)
def test_it_can_be_sent_to_a_worker_that_is_not_forked(name: str) -> None:
    workload = WORKLOADS[name]
    dataset, _ = pickle.loads(pickle.dumps((workload.dataset, workload.collate)))
    assert type(dataset) is type(workload.dataset)


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_batch_has_its_size(name: str) -> None:
    workload = WORKLOADS[name]
    (batch,) = itertools.islice(workload.loader(0), 1)
    if workload.batch_size > 1:
        items = batch[0] if name in ("rows", "many tensors") else batch
        assert len(items) == workload.batch_size
    assert measure.EXPERIMENT.number(f"batch_size, {name}") == workload.batch_size


def test_there_is_one_for_each_name_and_the_other_way_round() -> None:
    assert [*WORKLOADS] == [*show.WORKLOADS] and len(WORKLOADS) >= 16
    assert set(arms.WAITING) < set(WORKLOADS)


@pytest.mark.parametrize("name", show.WORKLOADS)
def test_what_waits_sleeps_in_its_items_and_nothing_else_does(name: str) -> None:
    """But for short epochs: with their many workers an epoch would be over before they have begun."""
    waits = bool(sleeps(lambda: batches(name, 0)))
    assert waits == (name in arms.WAITING or name == "short epochs")


def test_waits_have_a_long_tail() -> None:
    """The mean of a lognormal lies exp(σ² / 2) above its median: 1.6 times."""
    waits = sleeps(lambda: [workloads.LongTail()[index] for index in range(500)])
    assert 1.3 < mean(waits) / float(np.median(waits)) < 2
    assert max(waits) > 8 * float(np.median(waits))
    assert waits[:5] == sleeps(lambda: [workloads.LongTail()[index] for index in range(5)]), "not by their index"


def test_one_item_in_eight_costs_ten_times_as_much() -> None:
    waits = sleeps(lambda: [workloads.TwoCosts()[index] for index in range(800)])
    low, high = sorted({*waits})
    assert high == pytest.approx(10 * low) and 0.09 < waits.count(high) / len(waits) < 0.16


def test_what_is_fetched_together_waits_once_for_a_batch() -> None:
    assert len(sleeps(lambda: batches("fetched together", 0))) == BATCHES


def test_texts_have_many_lengths_and_are_padded() -> None:
    lengths = [len(workloads.Texts()[index]) for index in range(50)]
    assert max(lengths) > 5 * min(lengths)
    (batch,) = itertools.islice(WORKLOADS["texts"].loader(0), 1)
    assert batch.shape[1] > 1 and (batch[:, -1] == 0).any()


def test_large_photos_have_four_times_as_many_pixels() -> None:
    (large,), (usual,) = (itertools.islice(WORKLOADS[name].loader(0), 1) for name in ("large photos", "photos"))
    assert large[0].numel() == 4 * usual[0].numel()


def test_large_items_many_tensors_and_no_tensor_at_all() -> None:
    assert workloads.LargeItems()[0].nbytes > 12_000_000
    assert len(workloads.ManyTensors()[0]) == workloads.PIECES >= 30
    item = workloads.Objects()[3]
    assert "Tensor" not in str(shape(item)) and isinstance(item["boxes"][0]["corners"], list)
    assert workloads.Sounds()[0].shape == (8_000,) and workloads.Sounds()[0].dtype == torch.float32


@starts_at_once
def test_a_stream_is_shared_out_among_the_workers() -> None:
    """Each item begins with its number."""
    (first, second), (alone, _) = (
        [batch[:, 0].tolist() for batch in itertools.islice(WORKLOADS["stream"].loader(n), 2)] for n in (2, 0)
    )
    assert sorted(first + second) == [*range(2 * len(first))] and alone == [*range(len(alone))]


def test_only_short_epochs_end() -> None:
    """In batches, they are as short as a start of some workers."""
    assert len([*WORKLOADS["short epochs"].loader(0)]) == 8
    for name, workload in WORKLOADS.items():
        if workload.whole_epochs:
            assert name == "short epochs"
        elif name != "stream":
            assert len(workload.loader(0)) > 10**6


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_step_waits_or_computes(name: str) -> None:
    computes = name.startswith("step on")
    assert len(sleeps(lambda: WORKLOADS[name].step(None))) == (not computes)


@pytest.mark.parametrize(("name", "products", "side"), [("step on a core", 16, 256), ("step on all cores", 3, 512)])
def test_a_step_that_computes_multiplies(name: str, products: int, side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[torch.Size] = []
    monkeypatch.setattr(torch, "mm", lambda one, other: made.append(one.shape) or one)
    WORKLOADS[name].step(None)
    assert made == [(side, side)] * products


@pytest.mark.parametrize(("name", "threads"), [("step on a core", 1), ("step on all cores", 3), ("photos", 3)])
def test_a_step_has_its_threads_and_gives_them_back(name: str, threads: int, three_threads: None) -> None:
    with WORKLOADS[name].in_main():
        assert torch.get_num_threads() == threads
    assert torch.get_num_threads() == 3
