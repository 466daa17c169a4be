"""A trace says who worked when, in one epoch or several: the right worker, in the right order, within the run."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch.utils.data import TensorDataset

from snippets.lab.instruments import trace
from snippets.lab.instruments.experiment import Sample
from snippets.lab.instruments.trace import Recording, record, traced_epoch, traced_epochs

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

BATCH_SIZE = 3
Span = dict[str, Any]


@dataclass(frozen=True)
class Traced:
    """Epochs over the numbers below `items`: what was written down of them, what became of it, and the batches."""

    items: int
    epochs: int
    workers: int
    options: dict[str, Any]
    told: Recording
    sample: Sample
    seen: list[list[int]]

    @property
    def batches(self) -> int:
        """In one epoch."""
        return -(-self.items // BATCH_SIZE)

    @property
    def lanes(self) -> list[str]:
        return [f"worker {number}" for number in range(self.workers)]

    def spans(self, role: str) -> list[Span]:
        """By batch. In seconds since the recording began."""
        found = [span for span in self.sample.trace or [] if span["role"] == role]
        return sorted(found, key=lambda span: span["batch"] or 0)


def run(items: int, workers: int, epochs: int = 1, **options: Any) -> Traced:
    seen: list[list[int]] = []
    kept: list[Recording] = []
    traced: Callable[..., Sample] = traced_epoch if epochs == 1 else lambda *a, **o: traced_epochs(epochs, *a, **o)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trace, "record", lambda *a, **o: kept.append(record(*a, **o)) or kept[-1])
        sample = traced(
            TensorDataset(torch.arange(items)),
            lambda batch: seen.append(batch[0].tolist()),
            batch_size=BATCH_SIZE,
            num_workers=workers,
            **options,
        )
    return Traced(items, epochs, workers, options, kept[0], sample, seen)


CASES: dict[str, tuple[int, int, int, dict[str, Any]]] = {
    "none": (20, 0, 1, {}),
    "three": (20, 3, 1, {}),
    "two spawned": (20, 2, 1, {"multiprocessing_context": "spawn"}),
    "none, three epochs": (12, 0, 3, {}),
    "two, three epochs": (12, 2, 3, {}),
    "two kept, three epochs": (12, 2, 3, {"persistent_workers": True}),
}
"""Items (of 20 the last batch is smaller), workers, epochs."""


@pytest.fixture(scope="module", params=[*CASES])
def traced(request: pytest.FixtureRequest) -> Traced:
    items, workers, epochs, options = CASES[request.param]
    return run(items, workers, epochs, **options)


def test_the_batches_are_those_of_an_untraced_loader(traced: Traced) -> None:
    one = [[*range(first, min(first + BATCH_SIZE, traced.items))] for first in range(0, traced.items, BATCH_SIZE)]
    assert traced.seen == one * traced.epochs


def test_what_main_does_comes_one_after_the_other(traced: Traced) -> None:
    """Start, then question and step for each batch, then the last question, in each epoch."""
    told = traced.told
    assert len(told.waits) == len(told.steps) == traced.epochs * traced.batches
    assert len(told.starts) == len(told.ends) == traced.epochs
    parts: list[tuple[float, float]] = []
    for epoch in range(traced.epochs):
        parts.append(told.starts[epoch])
        for batch in range(epoch * traced.batches, (epoch + 1) * traced.batches):
            parts += [told.waits[batch], told.steps[batch]]
        parts.append(told.ends[epoch])
    times = [time for part in parts for time in part]
    assert times == sorted(times)
    assert told.began == times[0]


@pytest.mark.parametrize("role", ["fetch", "collate"])
def test_each_batch_is_loaded_by_its_own_worker(traced: Traced, role: str) -> None:
    """And within its epoch: nothing is prefetched for the next one."""
    spans = traced.spans(role)
    assert [span["batch"] for span in spans] == [*range(traced.epochs * traced.batches)]
    starts = [span["start"] for span in traced.spans("start-up") if span["lane"] == "main"]
    for span, step in zip(spans, traced.spans("step"), strict=True):
        assert span["lane"] == ((traced.lanes or ["main"])[span["batch"] % (traced.workers or 1)])
        assert starts[span["batch"] // traced.batches] <= span["start"] <= span["end"] <= step["start"]


def test_a_batch_is_fetched_then_collated_then_received_then_used(traced: Traced) -> None:
    """Receiving begins when the worker has collated, or when the batch is asked for, whichever is later."""
    roles = ["fetch", "collate", *(["receive"] if traced.workers else []), "step"]
    for spans in zip(*map(traced.spans, roles), strict=True):
        assert len({span["batch"] for span in spans}) == 1
        assert all(earlier["end"] <= later["start"] for earlier, later in pairwise(spans))


def test_waiting_and_receiving_fill_the_time_from_asking_to_getting(traced: Traced) -> None:
    waits, receives, began = traced.spans("wait"), traced.spans("receive"), traced.told.began
    if not traced.workers:
        assert not waits and not receives
        return
    for wait, receive, (asked, got) in zip(waits, receives, traced.told.waits, strict=True):
        assert wait["lane"] == receive["lane"] == "main"
        assert wait["end"] == receive["start"]
        assert (wait["start"], receive["end"]) == (asked - began, got - began)


def test_who_started_and_ended_how_often(traced: Traced) -> None:
    """Workers that are kept start once."""
    starts = [span["lane"] for span in traced.spans("start-up")]
    each = 1 if traced.options.get("persistent_workers") else traced.epochs
    assert sorted(starts) == sorted(["main"] * traced.epochs + traced.lanes * each)
    assert [span["lane"] for span in traced.spans("shutdown")] == ["main"] * traced.epochs


def test_spans_stand_by_lane_and_time_and_lie_within_the_run(traced: Traced) -> None:
    spans = traced.sample.trace or []
    assert len(spans) == len(traced.told.spans)
    assert spans[0] == {"lane": "main", "role": "start-up", "batch": None, "start": 0.0, "end": spans[0]["end"]}
    assert list(dict.fromkeys(span["lane"] for span in spans)) == ["main", *traced.lanes]
    for one, following in pairwise(spans):
        assert one["lane"] <= following["lane"]
        assert one["lane"] != following["lane"] or one["start"] <= following["start"]
    for span in spans:
        assert 0 <= span["start"] <= span["end"] <= traced.sample.values["total"]


def test_values_agree_with_the_spans(traced: Traced) -> None:
    """`shutdown` is the last one; a wait is counted on through the epochs."""
    values, steps, end = dict(traced.sample.values), traced.spans("step"), traced.spans("shutdown")[-1]
    stepped = sum(step["end"] - step["start"] for step in steps)
    waits = {name: values.pop(name) for name in [*values] if name.startswith("wait ")}
    assert [*waits] == [f"wait {batch}" for batch in range(len(steps))]
    assert all(seconds > 0 for seconds in waits.values())
    if traced.workers:
        of_main = zip(traced.spans("wait"), traced.spans("receive"), strict=True)
        assert [*waits.values()] == pytest.approx([receive["end"] - wait["start"] for wait, receive in of_main])
    steady = {name: values.pop(name) for name in ("per_batch", "waited_steady", "unready_steady") if name in values}
    assert bool(steady) == (traced.epochs == 1 and traced.workers < 3), "three workers of 7 batches never get there"
    assert values == pytest.approx(
        {
            "total": end["end"],
            "first_batch": steps[0]["start"],
            "waited": 1 - stepped / steps[-1]["end"],
            "waited_after_first": 1 - stepped / (steps[-1]["end"] - steps[0]["start"]),
            "shutdown": end["end"] - end["start"],
        }
    )
    assert 0 < values["shutdown"] < values["total"]


@pytest.mark.parametrize(("workers", "options", "left_out"), [(1, {}, 3), (1, {"prefetch_factor": 4}, 5), (0, {}, 1)])
def test_the_steady_state_leaves_out_what_prefetching_had_a_head_start_on(
    workers: int, options: dict[str, Any], left_out: int
) -> None:
    traced = run(20, workers, **options)
    values, steps = traced.sample.values, traced.spans("step")
    took = steps[-1]["end"] - steps[left_out - 1]["end"]
    stepped = sum(step["end"] - step["start"] for step in steps[left_out:])
    waits = [wait for wait in traced.spans("wait") if wait["batch"] >= left_out]
    assert len(waits) == (traced.batches - left_out if workers else 0)
    assert values["per_batch"] == pytest.approx(took / (traced.batches - left_out))
    assert values["waited_steady"] == pytest.approx(1 - stepped / took)
    assert 0 < values["waited_steady"] < 1
    assert values["unready_steady"] == pytest.approx(sum(wait["end"] - wait["start"] for wait in waits) / took)


def broken(_: Any) -> None:
    raise LookupError("no GPU")


@pytest.mark.parametrize("step", [lambda batch: None, broken], ids=["a whole one", "one that broke off"])
def test_an_epoch_says_nothing_of_the_one_before(step: Callable[[Any], None]) -> None:
    try:
        traced_epoch(TensorDataset(torch.arange(6)), step, batch_size=BATCH_SIZE)
    except LookupError:
        assert step is broken
    traced = run(20, 0)
    assert {span["lane"] for span in traced.sample.trace or []} == {"main"}
    assert len(traced.spans("fetch")) == traced.batches


def test_workers_that_would_take_turns_otherwise_in_the_next_epoch_are_refused() -> None:
    """Batch 3 of the first epoch would be worker 1's, the next one again worker 0's: a wrong lane, without a word."""
    with pytest.raises(ValueError, match="^3 batches are not a multiple of 2 workers$"):
        run(9, 2, epochs=2)
    assert len(run(9, 2).told.steps) == 3


def test_an_item_that_was_taken_before_belongs_to_no_batch() -> None:
    trace.TracedDataset(TensorDataset(torch.arange(6)))[0]
    traced = run(20, 0)
    assert traced.spans("fetch")[0]["start"] >= 0
