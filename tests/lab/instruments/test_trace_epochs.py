"""Several epochs in one recording: each batch of each epoch has its worker and its time."""

from itertools import pairwise
from typing import Any

import pytest
import torch
from torch.utils.data import TensorDataset

from snippets.lab.instruments.trace import Recording, record, traced_epochs

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

EPOCHS, OF_EACH, BATCH_SIZE = 3, 4, 3
"""A multiple of the workers, so that batch i is of worker i mod their number in each epoch."""
SEVERAL = [(0, {}), (2, {}), (2, {"persistent_workers": True}), (2, {"multiprocessing_context": "spawn"})]


Recorded = tuple[int, dict[str, Any], Recording, list[int]]
"""Workers, further options, what was written down, and the numbers that the steps saw."""


@pytest.fixture(scope="module", params=SEVERAL, ids=["none", "two", "two kept", "two spawned"])
def recorded(request: pytest.FixtureRequest) -> Recorded:
    workers, options = request.param
    seen: list[int] = []
    dataset = TensorDataset(torch.arange(OF_EACH * BATCH_SIZE))
    told = record(
        EPOCHS,
        dataset,
        lambda batch: seen.extend(batch[0].tolist()),
        batch_size=BATCH_SIZE,
        num_workers=workers,
        **options,
    )
    return workers, options, told, seen


def spans_of(told: Recording, role: str) -> list[dict[str, Any]]:
    return [span for span in told.spans if span["role"] == role]


def test_each_epoch_is_run_and_counted(recorded: Recorded) -> None:
    _, _, told, seen = recorded
    assert seen == [*range(OF_EACH * BATCH_SIZE)] * EPOCHS
    assert len(told.waits) == len(told.steps) == EPOCHS * OF_EACH
    assert len(told.starts) == len(told.ends) == EPOCHS


def test_what_main_does_comes_one_after_the_other(recorded: Recorded) -> None:
    """Start, then question and step for each batch, then the last question, in each epoch."""
    *_, told, _ = recorded
    parts: list[tuple[float, float]] = []
    for epoch in range(EPOCHS):
        parts.append(told.starts[epoch])
        for batch in range(epoch * OF_EACH, (epoch + 1) * OF_EACH):
            parts += [told.waits[batch], told.steps[batch]]
        parts.append(told.ends[epoch])
    times = [time for part in parts for time in part]
    assert times == sorted(times)
    assert told.began == times[0]


@pytest.mark.parametrize("role", ["fetch", "collate"])
def test_each_batch_of_each_epoch_is_loaded_by_its_own_worker(recorded: Recorded, role: str) -> None:
    """And within its epoch: nothing is prefetched for the next one."""
    workers, _, told, _ = recorded
    spans = sorted(spans_of(told, role), key=lambda span: span["batch"])
    assert [span["batch"] for span in spans] == [*range(EPOCHS * OF_EACH)]
    for span in spans:
        epoch = span["batch"] // OF_EACH
        assert span["lane"] == (f"worker {span['batch'] % workers}" if workers else "main")
        assert told.starts[epoch][0] <= span["start"] <= span["end"] <= told.waits[span["batch"]][1]


def test_who_started_and_ended_how_often(recorded: Recorded) -> None:
    """Workers that are kept start once."""
    workers, options, told, _ = recorded
    starts = [span["lane"] for span in spans_of(told, "start-up")]
    assert starts.count("main") == len(spans_of(told, "shutdown")) == EPOCHS
    for worker in range(workers):
        assert starts.count(f"worker {worker}") == (1 if options.get("persistent_workers") else EPOCHS)


def test_spans_since_the_recording_began(recorded: Recorded) -> None:
    *_, told, _ = recorded
    since = told.since_began()
    assert since[0] == {"lane": "main", "role": "start-up", "batch": None, "start": 0.0, "end": since[0]["end"]}
    assert [span["lane"] for span in since] == sorted(span["lane"] for span in since)
    for one, next_one in pairwise(since):
        assert one["lane"] != next_one["lane"] or one["start"] <= next_one["start"]
    assert len(since) == len(told.spans)


def test_values_of_several_epochs_are_of_the_whole() -> None:
    """`shutdown` is the last one; a wait is counted on through the epochs."""
    sample = traced_epochs(2, TensorDataset(torch.arange(6)), lambda batch: None, batch_size=3, num_workers=2)
    assert {name for name in sample.values if name.startswith("wait ")} == {f"wait {batch}" for batch in range(4)}
    ends = [span for span in sample.trace or [] if span["role"] == "shutdown"]
    assert sample.values["total"] == pytest.approx(ends[-1]["end"])
    assert sample.values["shutdown"] == pytest.approx(ends[-1]["end"] - ends[-1]["start"])
    steps = [span for span in sample.trace or [] if span["role"] == "step"]
    stepped = sum(step["end"] - step["start"] for step in steps)
    assert sample.values["waited"] == pytest.approx(1 - stepped / steps[-1]["end"])


def test_workers_that_would_take_turns_otherwise_in_the_next_epoch_are_refused() -> None:
    """Batch 3 of the first epoch would be worker 1's, the next one again worker 0's: a wrong lane, without a word."""
    dataset = TensorDataset(torch.arange(9))
    with pytest.raises(ValueError, match="^3 batches are not a multiple of 2 workers$"):
        record(2, dataset, lambda batch: None, batch_size=3, num_workers=2)
    assert len(record(1, dataset, lambda batch: None, batch_size=3, num_workers=2).steps) == 3
