"""Photos and a real step: on a machine without a GPU, what arms start, wait for and time, what is claimed and said.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from snippets.experiments.cuda_overlap import measure, show
from snippets.experiments.cuda_overlap.arms import EIGHT, NONE, UNAWAITED, arm
from snippets.lab.figures.figure import Timeline
from snippets.lab.instruments import gpu_lane, trace
from snippets.lab.instruments.experiment import Sample
from snippets.lab.instruments.trace import Recording
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from ..stream import Stream, in_place
from .gpu import Gpu
from .results import claim, plain, plain_values, result, statistics

HALF = {"step": 0.02, "decode": 0.04, "hidden": 0.0}
ARMS = {
    NONE: {"per_batch": 0.06, "idle": 0.67, "main_cpu": 0.7, **HALF},
    arm(2): {"per_batch": 0.05, "idle": 0.5, "main_cpu": 0.6, **HALF},
    arm(4): {"per_batch": 0.03, "idle": 0.4, "main_cpu": 0.5, **HALF},
    EIGHT: {"per_batch": 0.02, "idle": 0.1, "main_cpu": 0.4, **HALF},
    UNAWAITED: {"per_batch": 0.04, "idle": 0.5, "main_cpu": 0.9, **HALF, "hidden": 0.97},
}
MEASURED = result("per_batch", ARMS, batches=16, batch_size=12)
DATASET: Any = range(measure.BATCHES * measure.BATCH_SIZE)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    stream = in_place(monkeypatch)
    for module in (gpu_lane, trace, measure.time):
        monkeypatch.setattr(module, "perf_counter", stream.clock)
    monkeypatch.setattr(measure.time, "thread_time", lambda: stream.now / 2)
    return stream


class Photos:
    """Of which eight take a second to decode."""

    def __init__(self, stream: Stream) -> None:
        self.stream, self.decoded = stream, []

    def __len__(self) -> int:
        return len(DATASET)

    def __getitem__(self, index: int) -> int:
        self.decoded.append(index)
        self.stream.now += 1 / measure.BATCH_SIZE
        return index


def spans(sample: Sample, lane: str, role: str) -> list[tuple[float, float]]:
    return [(one["start"], one["end"]) for one in sample.trace or [] if (one["lane"], one["role"]) == (lane, role)]


@pytest.fixture
def arms_of_half_a_second(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable[[], Sample]]:
    """Their steps take half as long as decoding."""
    monkeypatch.setattr(measure, "Photos", lambda folder: Photos(stream))
    monkeypatch.setattr(measure, "queued_step", lambda seconds: lambda batch: stream.queue(seconds))
    with measure.arms() as arms:
        return dict(arms)


def test_a_loop_that_waits_pays_for_decoding_and_for_the_step(
    stream: Stream, arms_of_half_a_second: dict[str, Callable[[], Sample]]
) -> None:
    sample = arms_of_half_a_second[NONE]()
    assert sample.values == pytest.approx(
        {"per_batch": 1.5, "idle": 2 / 3, "step": 0.5, "decode": 1.0, "hidden": 0.0, "main_cpu": 0.5}
    )
    assert stream.waits == measure.BATCHES + 2, "for each step, and for an idle GPU at both ends"
    assert spans(sample, "GPU", "step") == spans(sample, "main", "step") and len(spans(sample, "GPU", "step")) == 40


def test_a_loop_that_does_not_wait_decodes_while_the_gpu_computes(
    stream: Stream, arms_of_half_a_second: dict[str, Callable[[], Sample]]
) -> None:
    """And it is timed by what the GPU did: to its last step."""
    sample = arms_of_half_a_second[UNAWAITED]()
    assert sample.values == pytest.approx(
        {"per_batch": 1.0, "idle": 0.5, "step": 0.5, "decode": 1.0, "hidden": 1.0, "main_cpu": 0.5}
    )
    assert stream.waits == 2, "at both ends, and nowhere between them"
    on_gpu, fetching = spans(sample, "GPU", "step"), spans(sample, "main", "fetch")
    assert [start for start, _ in on_gpu[:-1]] == [start for start, _ in fetching[1:]]
    assert all(start == end for start, end in spans(sample, "main", "step")), "launched, and no more"


def test_what_workers_have_ready_before_they_are_asked_is_not_timed(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first three rounds of batches: here their steps take ten times as long. Nor is what the main process does to
    start the workers, and to end them, counted with the work of its loop.
    """

    def recorded(epochs: int, dataset: Any, step: Callable[[Any], None], **options: int) -> Recording:
        assert (epochs, options) == (1, {"batch_size": measure.BATCH_SIZE, "num_workers": 2})
        busy[0] += 1000
        for batch in range(measure.BATCHES):
            stream.now += 1 if batch < 6 else 4
            step(10 if batch < 6 else 1)
        busy[0] += 1000
        told = [{"lane": "worker 0", "role": role, "start": 99.0, "end": 101.0} for role in ("fetch", "collate")]
        waits = [(0.0, 0.0)] * measure.BATCHES
        return Recording([{**one, "batch": 0} for one in told], waits, [], [(98.0, 99.0)], [(330.0, 334.0)])

    busy = [0.0]
    monkeypatch.setattr(measure.time, "thread_time", lambda: busy[0] + stream.now / 2)
    monkeypatch.setattr(measure, "record", recorded)
    values = measure.epoch(DATASET, stream.queue, 2, True).values
    assert values["per_batch"] == pytest.approx(5.0)
    assert values["idle"] == pytest.approx(4 / 5)
    assert (values["step"], values["decode"], values["main_cpu"]) == (1.0, 2.0, 0.5)


def test_the_step_is_half_as_long_as_decoding_and_made_once(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    made: list[float] = []
    monkeypatch.setattr(measure, "seconds_to_decode", lambda dataset: 0.04)
    monkeypatch.setattr(measure, "queued_step", lambda seconds: made.append(seconds) or (lambda batch: None))
    monkeypatch.setattr(measure, "epoch", lambda dataset, step, num_workers, waits: Sample({"per_batch": 1.0}))
    with measure.arms() as arms:
        assert made == [], "a machine without a GPU may ask which arms there are"
        for name in (NONE, EIGHT):
            arms[name]()
    assert made == [0.02]


def test_a_step_copies_its_batch_and_then_multiplies(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    done: list[str] = []

    class Batch:
        def to(self, device: str) -> torch.Tensor:
            done.append(device)
            return torch.zeros(1)

    monkeypatch.setattr(measure, "products", lambda seconds: lambda: done.append(f"{seconds} s"))
    measure.queued_step(0.02)(Batch())
    assert done == ["cuda", "0.02 s"] and gpu.waits == 0
    measure.awaited(lambda batch: done.append(batch))("a batch")
    assert done[2:] == ["a batch"] and gpu.waits == 1


def test_a_batch_is_decoded_whole_and_from_the_page_cache(stream: Stream) -> None:
    """All of them once, to have their files in memory, and then again: the one in the middle counts."""
    photos: Any = Photos(stream)
    assert measure.seconds_to_decode(photos) == pytest.approx(1.0)
    assert photos.decoded == [*DATASET] * 2


def test_batches_of_which_some_take_longer_are_told_by_the_one_in_the_middle(stream: Stream) -> None:
    """From the disk all do."""

    class Uneven(Photos):
        def __getitem__(self, index: int) -> int:
            batch, again = index // measure.BATCH_SIZE, len(self.decoded) >= len(DATASET)
            stream.now += (batch / 8) if again else 9
            return super().__getitem__(index)

    middle = (measure.BATCHES - 1) / 2
    photos: Any = Uneven(stream)
    assert measure.seconds_to_decode(photos) == pytest.approx(1 + middle)


def test_claims() -> None:
    """Workers are compared with a loop that does not wait for its steps, as ordinary ones do not."""
    assert statistics("cuda-overlap", MEASURED) == pytest.approx(
        {"launches-overlap-without-workers": 0.97, "workers-feed-a-gpu": 2.0}
    )


def taking(
    seconds: dict[str, float], step: float = 0.5, steps: dict[str, float] | None = None, hidden: float = 1.0
) -> Measured:
    """Seconds per batch, of an arm; a second is what decoding takes. `steps`: where they differ."""
    arms = {
        arm: {"per_batch": each, "step": (steps or {}).get(arm, step), "decode": 1.0, "hidden": hidden}
        for arm, each in seconds.items()
    }
    return result("per_batch", arms)


def held(measured: Measured) -> list[bool]:
    """Which claims hold."""
    return [inside(one.bounds, estimate(one.statistic.of(measured))) for one in claims("cuda-overlap")]


THEORY = {NONE: 1.5, UNAWAITED: 1.0, EIGHT: 0.5}


def test_bounds_can_be_met_and_missed() -> None:
    """No machine without a GPU judges these: decoding takes a second, and a step half of it; or nothing is gained."""
    assert held(taking(THEORY)) == [True, True]
    assert held(taking({NONE: 1.0, UNAWAITED: 1.0, EIGHT: 1.0}, hidden=0.0)) == [False, False]


@pytest.mark.parametrize("one", claims("cuda-overlap"), ids=lambda one: one.id)
@pytest.mark.parametrize("step", [0.25, 0.7])
def test_nothing_is_claimed_of_a_step_that_is_not_half_as_long(one: Any, step: float) -> None:
    with pytest.raises(NotHere, match="times the decode, not 0.3 to 0.6 times"):
        one.statistic.of(taking(THEORY, step))


@pytest.mark.parametrize(("slower", "said"), [(NONE, [True, True]), (UNAWAITED, [True, False]), (EIGHT, [True, False])])
def test_arms_are_compared_only_where_their_steps_are_alike(slower: str, said: list[bool]) -> None:
    """A fifth apart is too much, a tenth is not."""
    near, far = (taking(THEORY, 0.45, {slower: 0.45 * factor}) for factor in (1.1, 1.2))

    def speaks(one: Any, measured: Measured) -> bool:
        try:
            return bool(one.statistic.of(measured))
        except NotHere:
            return False

    assert [speaks(one, near) for one in claims("cuda-overlap")] == [True, True]
    assert [speaks(one, far) for one in claims("cuda-overlap")] == said


def test_the_reasons_speak_of_the_step_that_is_made() -> None:
    assert measure.STEP_SHARE == 0.5
    for one in ("launches-overlap-without-workers", "workers-feed-a-gpu"):
        assert "about half as long" in claim(one).because


def test_only_what_lies_within_a_step_of_the_gpu_is_hidden() -> None:
    """Of two steps of 4 s, one has a whole wait within it and the other the end of one; the last one does not count."""
    steps, waits = [(0.0, 4.0), (4.0, 8.0), (8.0, 99.0)], [(-9.0, 0.0), (1.0, 3.0), (2.0, 5.0)]
    assert measure.hidden(steps, waits) == (2 + 1) / 8


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["none"], values["unawaited"], values["eight"]) == ("60 ms", "40 ms", "20 ms")
    assert [values[f"idle_{name}"] for name in ("none", "unawaited", "eight")] == ["67 %", "50 %", "10 %"]
    assert (values["main_cpu"], values["speedup"]) == ("40 %", "2.0 times")
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "16 batches of 12 photos" in message
    assert "idle for 67 % of the upper run and for 50 % of the middle one; for 10 % of the lower one" in message
    assert {row[0] for row in figure.table.rows} == {*ARMS} and len(figure.table.rows) == len(ARMS)
    assert plain(" ".join(figure.table.rows[0][2:])) == "20 ms 67 %"
    assert isinstance(figure.chart, Timeline) and len(figure.chart.runs) == 3
    assert figure.chart.names == (("step", "step (main launches it, the GPU runs it)"),)
