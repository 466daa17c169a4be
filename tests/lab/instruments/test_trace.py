"""A trace says who worked when: the right worker, in the right order, within the run."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from torch.utils.data import TensorDataset

from snippets.lab.instruments.experiment import Sample
from snippets.lab.instruments.trace import traced_epoch

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

BATCHES, BATCH_SIZE = 7, 3
Spans = dict[tuple[str, str], list[dict[str, Any]]]
"""By lane and role, in the order of their starts."""


def run(num_workers: int, **options: Any) -> tuple[Sample, Spans, list[torch.Tensor]]:
    """An epoch over 20 numbers, so that the last batch is smaller."""
    seen: list[torch.Tensor] = []
    dataset = TensorDataset(torch.arange(BATCHES * BATCH_SIZE - 1))
    epoch = traced_epoch(
        dataset, lambda batch: seen.append(batch[0]), batch_size=BATCH_SIZE, num_workers=num_workers, **options
    )
    spans: Spans = defaultdict(list)
    for span in epoch.trace or []:
        spans[span["lane"], span["role"]].append(span)
    return epoch, spans, seen


CASES = [(0, {}), (2, {}), (3, {}), (2, {"multiprocessing_context": "spawn"}), (2, {"persistent_workers": True})]


@pytest.fixture(scope="module", params=CASES, ids=["none", "two", "three", "two spawned", "two kept"])
def traced(request: pytest.FixtureRequest) -> tuple[int, Sample, Spans, list[torch.Tensor]]:
    workers, options = request.param
    return (workers, *run(workers, **options))


def test_the_batches_are_those_of_an_untraced_loader(traced: tuple[int, Sample, Spans, list[torch.Tensor]]) -> None:
    *_, seen = traced
    assert torch.cat(seen).tolist() == list(range(BATCHES * BATCH_SIZE - 1))
    assert [len(batch) for batch in seen] == [BATCH_SIZE] * (BATCHES - 1) + [BATCH_SIZE - 1]


def test_lanes(traced: tuple[int, Sample, Spans, list[torch.Tensor]]) -> None:
    workers, epoch, *_ = traced
    lanes = list(dict.fromkeys(span["lane"] for span in epoch.trace or []))
    assert lanes == ["main", *(f"worker {number}" for number in range(workers))]


@pytest.mark.parametrize("role", ["fetch", "collate"])
def test_each_batch_is_loaded_by_its_own_worker(
    traced: tuple[int, Sample, Spans, list[torch.Tensor]], role: str
) -> None:
    workers, _, spans, _ = traced
    for batch in range(BATCHES):
        lane = f"worker {batch % workers}" if workers else "main"
        where = [at for (at, what), found in spans.items() for s in found if what == role and s["batch"] == batch]
        assert where == [lane]


def test_a_batch_is_fetched_then_collated_then_received_then_used(
    traced: tuple[int, Sample, Spans, list[torch.Tensor]],
) -> None:
    workers, _, spans, _ = traced
    roles = ["fetch", "collate", *(["receive"] if workers else []), "step"]
    for batch in range(BATCHES):
        found = [s for role in roles for (_, what), group in spans.items() for s in group if what == role]
        own = [span for span in found if span["batch"] == batch]
        assert [span["role"] for span in own] == roles
        # Receiving begins when the worker has collated, or when the batch is asked for, whichever is later.
        assert all(earlier["end"] <= later["start"] for earlier, later in zip(own, own[1:], strict=False))


def test_steps_stand_in_order_and_do_not_overlap(traced: tuple[int, Sample, Spans, list[torch.Tensor]]) -> None:
    _, _, spans, _ = traced
    steps = spans["main", "step"]
    assert [step["batch"] for step in steps] == list(range(BATCHES))
    assert all(a["end"] <= b["start"] for a, b in zip(steps, steps[1:], strict=False))


def test_spans_lie_within_the_run(traced: tuple[int, Sample, Spans, list[torch.Tensor]]) -> None:
    _, epoch, spans, _ = traced
    for span in epoch.trace or []:
        assert 0 <= span["start"] <= span["end"] <= epoch.values["total"]
    (start,), (end,) = spans["main", "start-up"], spans["main", "shutdown"]
    assert start["start"] == 0
    assert end["end"] == pytest.approx(epoch.values["total"])


def test_waiting_and_receiving_fill_the_time_from_asking_to_getting(
    traced: tuple[int, Sample, Spans, list[torch.Tensor]],
) -> None:
    workers, epoch, spans, _ = traced
    if not workers:
        assert not spans["main", "wait"] and not spans["main", "receive"]
        return
    waits, receives, steps = (spans["main", role] for role in ("wait", "receive", "step"))
    for number, (wait, receive, step) in enumerate(zip(waits, receives, steps, strict=True)):
        assert wait["batch"] == receive["batch"] == number
        assert wait["end"] == receive["start"]
        assert receive["end"] == step["start"]
        before = steps[number - 1] if number else spans["main", "start-up"][0]
        assert before["end"] <= wait["start"]
    assert epoch.values["first_batch"] == pytest.approx(receives[0]["end"])


def test_values_agree_with_the_spans(traced: tuple[int, Sample, Spans, list[torch.Tensor]]) -> None:
    workers, epoch, spans, _ = traced
    steps = spans["main", "step"]
    assert epoch.values["first_batch"] == pytest.approx(steps[0]["start"])
    stepped = sum(step["end"] - step["start"] for step in steps)
    assert epoch.values["waited"] == pytest.approx(1 - stepped / steps[-1]["end"])
    assert 0 <= epoch.values["waited"] <= 1
    assert 0 < epoch.values["first_batch"] < epoch.values["total"]
    assert 0 < epoch.values["shutdown"] < epoch.values["total"]
    waited = [epoch.values[f"wait {batch}"] for batch in range(BATCHES)]
    if workers:
        sums = [w["end"] - w["start"] + r["end"] - r["start"] for w, r in _pairs(spans)]
        assert waited == pytest.approx(sums)
    assert all(seconds > 0 for seconds in waited)
    assert f"wait {BATCHES}" not in epoch.values
    after_first = 1 - stepped / (steps[-1]["end"] - steps[0]["start"])
    assert epoch.values["waited_after_first"] == pytest.approx(after_first)


def test_the_steady_state_leaves_out_what_prefetching_had_a_head_start_on() -> None:
    """With one worker the first three batches, without workers the first one."""
    for workers, options, left_out in ((1, {}, 3), (1, {"prefetch_factor": 4}, 5), (0, {}, 1)):
        epoch, spans, _ = run(workers, **options)
        steps = spans["main", "step"]
        took = steps[-1]["end"] - steps[left_out - 1]["end"]
        assert epoch.values["per_batch"] == pytest.approx(took / (BATCHES - left_out))
        stepped = sum(step["end"] - step["start"] for step in steps[left_out:])
        assert epoch.values["waited_steady"] == pytest.approx(1 - stepped / took)
        assert 0 < epoch.values["waited_steady"] < 1
        waits = [wait for wait in spans["main", "wait"] if wait["batch"] >= left_out]
        assert len(waits) == (BATCHES - left_out if workers else 0)
        unready = sum(wait["end"] - wait["start"] for wait in waits)
        assert epoch.values["unready_steady"] == pytest.approx(unready / took)


def test_an_epoch_without_a_steady_state_says_nothing_of_it() -> None:
    epoch, _, _ = run(3)
    assert not {"per_batch", "waited_steady"} & {*epoch.values}


def _pairs(spans: Spans) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    return zip(spans["main", "wait"], spans["main", "receive"], strict=True)


def test_one_epoch_says_nothing_of_the_one_before() -> None:
    first, _, _ = run(2)
    second, spans, _ = run(0)
    assert len(first.trace or []) > len(second.trace or [])
    assert {lane for lane, _ in spans} == {"main"}
    assert len(spans["main", "fetch"]) == BATCHES


def test_an_epoch_that_broke_off_spoils_no_later_one() -> None:
    def broken(_: Any) -> None:
        raise LookupError("no GPU")

    with pytest.raises(LookupError):
        traced_epoch(TensorDataset(torch.arange(6)), broken, batch_size=3)
    _, spans, _ = run(0)
    assert len(spans["main", "fetch"]) == BATCHES
