"""Pinned batches and copies that do not block: on a machine without a GPU, what arms start, wait for and time, what is
claimed and said.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
import torch

from snippets.experiments.pin_memory import measure, show
from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.lab.instruments import gpu_lane
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from ..stream import Stream, in_place
from .gpu import Gpu
from .results import plain, plain_values, result, statistics

ARMS = {
    PAGEABLE: (False, False),
    PAGEABLE_NON_BLOCKING: (False, True),
    PINNED: (True, False),
    PINNED_NON_BLOCKING: (True, True),
}
"""Whether batches are pinned, and whether copies do not block."""


LOOPED = {"per_batch": 3.0, "step": 2.0, "waited": 0.01}
"""What a loop tells."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "products", lambda seconds: lambda: None)
    monkeypatch.setattr(measure, "step_seconds", lambda: 1.0)
    monkeypatch.setattr(measure, "BUFFER_BYTES", 8)
    monkeypatch.setattr(measure, "across_a_bus", lambda: True)


def test_arms_pin_and_do_not_block_as_named() -> None:
    with measure.EXPERIMENT.prepared() as arms:
        assert {name: arm.args for name, arm in arms.items() if isinstance(arm, partial)} == ARMS


@pytest.mark.parametrize("arm", [PAGEABLE_NON_BLOCKING, PINNED])
def test_an_arm_gives_what_it_says_to_the_loader_and_to_each_copy(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu, small: None, arm: str
) -> None:
    pinned: list[bool] = []
    copies: list[bool] = []
    loops: list[bool] = []
    monkeypatch.setattr(measure, "to_gpu", lambda batch, non_blocking: copies.append(non_blocking) or torch.zeros(1))
    monkeypatch.setattr(measure, "loader", lambda pin: pinned.append(pin) or [])
    monkeypatch.setattr(measure, "loop", lambda batches, step, non_blocking: loops.append(non_blocking) or LOOPED)
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: pinned.append(True) or tensor)
    with measure.arms() as arms:
        arms[arm]()
    pin, non_blocking = ARMS[arm]
    assert pinned == ([True, True] if pin else [False])
    assert copies == [non_blocking] * measure.COPIES and loops == [non_blocking]


def test_the_step_is_made_before_the_workers_begin(monkeypatch: pytest.MonkeyPatch, small: None) -> None:
    """It is made with workers of its own. Those of two loaders would fill the shared memory that there must be."""
    done: list[str] = []

    class Loader:
        def __iter__(self) -> Iterator[Any]:
            done.append("workers begin")
            return iter([])

    monkeypatch.setattr(measure, "copied", lambda source, non_blocking: (1.0, 2.0))
    monkeypatch.setattr(measure, "step_seconds", lambda: done.append("the step is made") or 1.0)
    monkeypatch.setattr(measure, "loader", lambda pin_memory: Loader())
    monkeypatch.setattr(measure, "loop", lambda batches, step, non_blocking: LOOPED)
    with measure.arms() as arms:
        arms[PAGEABLE]()
    assert done == ["the step is made", "workers begin"]


@pytest.mark.parametrize("bus", [True, False])
def test_an_arm_tells_its_values_apart(monkeypatch: pytest.MonkeyPatch, small: None, bus: bool) -> None:
    monkeypatch.setattr(measure, "copied", lambda source, non_blocking: (1.0, 2.0))
    monkeypatch.setattr(measure, "loop", lambda batches, step, non_blocking: LOOPED)
    monkeypatch.setattr(measure, "loader", lambda pin_memory: [])
    monkeypatch.setattr(measure, "across_a_bus", lambda: bus)
    with measure.arms() as arms:
        assert arms[PAGEABLE]().values == {**LOOPED, "call": 1.0, "copy": 2.0, "bus": float(bus)}


@pytest.mark.parametrize("pin", [False, True])
def test_a_loader_pins_and_does_not_end(pin: bool) -> None:
    made = measure.loader(pin)
    assert (made.pin_memory, made.num_workers, made.batch_size) == (pin, 4, 64)
    assert len(made) > 10**6


def test_a_copy_and_its_call_are_timed_apart(monkeypatch: pytest.MonkeyPatch, gpu: Gpu) -> None:
    def to_gpu(source: Any, non_blocking: bool) -> None:
        gpu.now += 1
        gpu.queued += 4

    gpu.queued = 100.0  # what was queued before is no part of it
    monkeypatch.setattr(measure, "to_gpu", to_gpu)
    monkeypatch.setattr(measure, "COPIES", 1)
    monkeypatch.setattr(measure.time, "perf_counter", lambda: gpu.now)
    assert measure.copied(torch.zeros(1), True) == (1.0, 5.0)


COPY, STEP = 2, 10
"""Seconds. A copy from pinned memory takes a quarter of it, on the GPU."""


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """To which copies go: blocking ones hold their caller until they are done, and all before them."""
    stream = in_place(monkeypatch)

    def to_gpu(batch: torch.Tensor, non_blocking: bool) -> torch.Tensor:
        if non_blocking:
            stream.queue(COPY / 4)
        else:
            stream.wait()
            stream.now += COPY
        return batch

    monkeypatch.setattr(measure, "to_gpu", to_gpu)
    for module in (gpu_lane, measure.time):
        monkeypatch.setattr(module, "perf_counter", stream.clock)
    return stream


class Batches:
    """Each takes so many seconds to come."""

    def __init__(self, stream: Stream, seconds: float) -> None:
        self.stream, self.seconds, self.taken = stream, seconds, 0

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> tuple[torch.Tensor]:
        self.taken += 1
        self.stream.now += self.seconds
        return (torch.zeros(1),)


def test_a_loop_takes_whole_rounds_of_batches_from_workers_that_run(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the workers have ready before the clock starts is no part of it: three rounds. Nor is what was queued."""
    monkeypatch.setattr(measure, "LOOPED", 5 * (STEP + COPY))
    batches = Batches(stream, 1)
    stream.queue(5000)
    told = measure.loop(batches, lambda: stream.queue(STEP), False)
    assert batches.taken == 12 + 8, "a second round, for the first was not long enough"
    assert stream.now == 5100 + 8 * (STEP + COPY) + 1
    assert told == pytest.approx(
        {"per_batch": STEP + COPY + 1 / 8, "step": STEP, "waited": 1 / (8 * (STEP + COPY) + 1)}
    )


def test_a_loop_that_does_not_wait_for_its_copies_runs_ahead_so_far(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And waits for the workers then, while the GPU has its steps: that loses nothing."""
    launched: list[float] = []

    def step() -> None:
        stream.queue(STEP)
        launched.append((stream.free - stream.now) / STEP)

    monkeypatch.setattr(measure, "LOOPED", 200)
    told = measure.loop(Batches(stream, 1), step, True)
    count = len(launched)
    assert told["per_batch"] == pytest.approx(STEP + COPY / 4 + 1 / count)
    assert told["waited"] == pytest.approx(1 / (count * told["per_batch"]))
    assert measure.AHEAD < max(launched) < measure.AHEAD + 1.3


def test_a_gpu_without_batches_has_waited(stream: Stream, monkeypatch: pytest.MonkeyPatch) -> None:
    """They take 15 seconds, and a step ten: it waits for five of each seventeen, and 15 for the first."""
    told = measure.loop(Batches(stream, 15), lambda: stream.queue(STEP), False)
    assert told["step"] == STEP
    assert told["waited"] == pytest.approx((15 + 3 * 5) / (15 + 3 * (15 + COPY) + COPY + STEP))


@pytest.mark.parametrize(("copy", "throughput", "expected"), [(0.002, 64 / 0.003, 0.008), (0.002, 64 / 0.006, 0.012)])
def test_a_step_leaves_room_for_the_copy_and_for_the_workers(
    monkeypatch: pytest.MonkeyPatch, copy: float, throughput: float, expected: float
) -> None:
    monkeypatch.setattr(measure, "copied", lambda batch, non_blocking: (0.0, copy))
    monkeypatch.setattr(measure, "time_loader", lambda loader, window: Sample({"throughput": throughput}))
    assert measure.step_seconds() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("shm", "reason"),
    [
        (64 * 2**20, "its batches need 147 MiB of /dev/shm, which has 64 MiB"),
        (2**30, None),
        (None, None),
    ],
)
def test_where_shared_memory_is_too_small_it_cannot_run(
    monkeypatch: pytest.MonkeyPatch, shm: int | None, reason: str | None
) -> None:
    """A container has 64 MiB, unless it is told otherwise. Where there is none, batches take another way."""
    monkeypatch.setattr(measure.cuda, "missing", lambda: None)
    monkeypatch.setattr(measure, "this_machine", lambda: replace(this_machine(), shm=shm))
    assert measure.EXPERIMENT.unavailable() == reason


def test_the_room_is_that_of_sixteen_batches() -> None:
    dataset: Any = measure.loader(False).dataset
    (image,) = dataset[0]
    assert 16 * 64 * image.nbytes == measure.SHARED_BYTES


def copied(*seconds: tuple[float, float, float], **changed: dict[str, float]) -> Measured:
    """Of each arm: seconds per batch, a large copy, its call. `changed`: by name, other values than usual, by arm."""
    usual = {"step": STEP_SECONDS, "waited": 0.01, "bus": 1.0}
    values = [usual | dict(zip(("per_batch", "copy", "call"), each, strict=True)) for each in seconds]
    for name, by_arm in changed.items():
        for arm, value in by_arm.items():
            values[[*ARMS].index(arm)][name] = value
    return result("per_batch", dict(zip(ARMS, values, strict=True)), buffer_bytes=2**24)


STEP_SECONDS = 0.012
SECONDS = ((0.020, 0.012, 0.011), (0.019, 0.010, 0.008), (0.018, 0.003, 0.0027), (0.017, 0.002, 0.0001))
MEASURED = copied(*SECONDS)


def test_claims() -> None:
    """Eight of twenty seconds are no step's, and then five."""
    assert statistics("pin-memory", MEASURED) == pytest.approx(
        {
            "pinned-copies-are-faster": 4.0,
            "a-pinned-copy-returns-at-once": 0.05,
            "a-pageable-copy-holds-its-caller": 0.8,
            "pinning-and-not-blocking-helps": 3 / 8,
        }
    )


@pytest.mark.parametrize("clock", [0.9, 1.0, 1.1])
def test_no_more_is_saved_than_there_is_beyond_the_step(clock: float) -> None:
    """Whatever else than its copy keeps a batch from being stepped; and at another clock of the GPU, in the arm that
    pins.
    """
    both = (clock * STEP_SECONDS, *SECONDS[3][1:])
    measured = copied(*SECONDS[:3], both, step={PINNED_NON_BLOCKING: clock * STEP_SECONDS})
    assert statistics("pin-memory", measured)["pinning-and-not-blocking-helps"] == pytest.approx(1.0)


def held(measured: Measured) -> list[str]:
    """Which claims hold."""
    return [one.id for one in claims("pin-memory") if inside(one.bounds, estimate(one.statistic.of(measured)))]


def test_bounds_can_be_met_and_missed() -> None:
    """No machine without a GPU judges these. By seconds from theory, a step of four copies from pageable memory, and a
    copy from pinned memory that takes half as long, all hold. If each copy takes as long and its caller waits for it,
    only what is said of pageable memory does.
    """
    pageable = (STEP_SECONDS + 0.003, 2.0, 2.0)
    pinned, at_once = (STEP_SECONDS + 0.0015, 1.0, 1.0), (STEP_SECONDS + 0.0015, 1.0, 0.0)
    assert held(copied(pageable, pageable, pinned, at_once)) == [one.id for one in claims("pin-memory")]
    assert held(copied(*[pageable] * 4)) == ["a-pageable-copy-holds-its-caller"]


def unsaid(measured: Measured) -> list[str]:
    """Which claims say nothing."""
    found = []
    for one in claims("pin-memory"):
        try:
            one.statistic.of(measured)
        except NotHere:
            found.append(one.id)
    return found


EPOCH = "pinning-and-not-blocking-helps"


@pytest.mark.parametrize("arm", [PAGEABLE, PINNED_NON_BLOCKING])
def test_nothing_is_claimed_of_steps_that_waited_or_differed(arm: str) -> None:
    """5 % and 30 % of the time; steps a tenth and a fifth apart."""
    near, far = ({arm: factor * STEP_SECONDS} for factor in (1.1, 1.2))
    assert unsaid(copied(*SECONDS, waited={arm: 0.05})) == [] == unsaid(copied(*SECONDS, step=near))
    assert unsaid(copied(*SECONDS, waited={arm: 0.3})) == [EPOCH] == unsaid(copied(*SECONDS, step=far))


def test_nothing_is_said_to_be_saved_where_nothing_comes_on_top_of_the_step() -> None:
    assert unsaid(copied(*SECONDS, per_batch={PAGEABLE: STEP_SECONDS})) == [EPOCH]


def test_nothing_is_claimed_where_no_bus_is_crossed() -> None:
    assert unsaid(copied(*SECONDS, bus=dict.fromkeys(ARMS, 0.0))) == [one.id for one in claims("pin-memory")]


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["non_blocking"], values["pinned"], values["both"]) == ("95 %", "90 %", "85 %")
    assert (values["copy"], values["copy_pinned"]) == ("12 ms", "3 ms")
    figure = show.figure(MEASURED)
    assert "A copy of 16 MiB" in figure.message
    assert plain(" ".join(figure.table.rows[0][2:])) == "12 ms 12 ms 11 ms"
