"""Where a GPU's steps stand on the host's clock, on a stream that is simulated.

What it does not prove: that a GPU's events are as exact, or that its clock runs like the host's.
"""

from collections.abc import Callable

import pytest

from snippets.lab.instruments import gpu_lane
from snippets.lab.instruments.gpu_lane import GpuLane, durations, starved, with_lane
from snippets.lab.instruments.trace import Interval, Recording
from tests.stream import Stream, in_place


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    stream = in_place(monkeypatch)
    monkeypatch.setattr(gpu_lane, "perf_counter", stream.clock)
    return stream


def launching(stream: Stream, seconds: float) -> Callable[[str], None]:
    """A step of so many seconds on the GPU, which the host launches in one."""

    def step(batch: str) -> None:
        assert batch == "a batch"
        stream.queue(seconds)
        stream.now += 1

    return step


def test_steps_stand_on_the_host_s_clock_where_the_gpu_ran_them(stream: Stream) -> None:
    """The second is queued while the first runs, and the third when nothing does."""
    stream.queue(5)  # what was queued before is no part of it
    lane = GpuLane()
    step = lane.timed(launching(stream, 3))
    step("a batch")
    step("a batch")
    assert stream.now == 107, "a step is not waited for"
    stream.now = 120
    step("a batch")
    assert lane.steps() == [(105, 108), (108, 111), (120, 123)]
    assert stream.waits == 2, "when it was made, and when it was asked"


def test_the_clocks_are_read_at_one_moment_as_far_as_the_host_can_tell(
    stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the middle of the time that it takes."""
    times = iter([40.0, 42.0])
    monkeypatch.setattr(gpu_lane, "perf_counter", lambda: next(times))
    lane = GpuLane()
    lane.timed(launching(stream, 3))("a batch")
    assert lane.steps() == [(41, 44)]


def test_a_loop_may_run_ahead_so_far_and_no_further(stream: Stream) -> None:
    lane = GpuLane()
    step = lane.timed(launching(stream, 10))
    nows = []
    for _ in range(4):
        step("a batch")
        lane.let_run(2)
        nows.append(stream.now)
    assert nows == [101, 102, 110, 120]


def test_what_steps_took() -> None:
    assert durations([(1, 2), (3, 5.5)]) == [1, 2.5]


@pytest.mark.parametrize(
    ("waits", "steps", "lost"),
    [
        pytest.param([(0, 2), (2, 3)], [(2, 9), (9, 12)], 2, id="the first batch is waited for by all"),
        pytest.param([(0, 0), (1, 8)], [(0, 5), (8, 9)], 3, id="until the GPU was done it lost nothing"),
        pytest.param([(0, 0), (6, 8)], [(0, 5), (8, 9)], 2, id="asked for when the GPU was idle already"),
        pytest.param([(0, 0), (1, 4), (4, 7)], [(0, 5), (5, 9), (9, 13)], 0, id="a loop that runs ahead"),
    ],
)
def test_only_what_the_gpu_waits_for_is_lost(waits: list[Interval], steps: list[Interval], lost: float) -> None:
    assert starved(waits, steps) == lost


def test_the_lane_stands_behind_main_s() -> None:
    spans = [
        {"lane": lane, "role": "fetch", "start": start, "end": start + 1, "batch": 0}
        for lane, start in (("worker 10", 12.0), ("worker 9", 11.0), ("main", 10.0))
    ]
    recording = Recording(spans, waits=[], steps=[], starts=[(10.0, 10.5)], ends=[])
    drawn = with_lane(recording, [(13.0, 15.0), (15.0, 16.0)])
    assert [span["lane"] for span in drawn[:3]] == ["main", "GPU", "GPU"] and len(drawn) == 5
    assert drawn[1] == {"lane": "GPU", "role": "step", "start": 3.0, "end": 5.0, "batch": 0}
    assert drawn[2]["batch"] == 1
    assert recording.spans == spans
