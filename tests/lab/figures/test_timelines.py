"""Traces become lanes, and files that Perfetto opens."""

import json

import pytest

from snippets.lab.figures.timelines import chrome_trace, epochs, timeline
from snippets.lab.results.results import RoundSample, TraceSpan
from tests.lab.made import SPANS, measured


def lanes(count: int) -> list[TraceSpan]:
    names = [*(f"worker {number}" for number in range(count)), "main"]
    return [TraceSpan(name, "step", 0.1, 0.25, None) for name in names]


def test_the_lanes_of_a_timeline() -> None:
    made = timeline(measured(traces={"helped": SPANS, "alone": SPANS[:1]}), {"alone": "none", "helped": "one"})
    assert [run.title for run in made.runs] == ["none", "one"]
    assert [lane.label for lane in made.runs[1].lanes] == ["main", "worker 0"]
    assert [len(lane.spans) for lane in made.runs[1].lanes] == [4, 2]
    assert made.runs[1].end == 0.05
    assert dict(made.names) == {"step": "step (a timed wait, for a GPU’s)"}


def test_workers_are_counted_not_spelled() -> None:
    made = timeline(measured(traces={"many": lanes(12)}), {"many": "twelve"})
    expected = ["main", *(f"worker {number}" for number in range(12))]
    assert [lane.label for lane in made.runs[0].lanes] == expected
    events = chrome_trace(measured(traces={"many": lanes(12)}))["traceEvents"]
    assert [event["args"] for event in events if event["name"] == "thread_name"] == [{"name": n} for n in expected]


def test_the_lane_of_a_gpu_is_the_second() -> None:
    spans = [*lanes(12), TraceSpan("GPU", "step", 0.1, 0.25, 0)]
    made = timeline(measured(traces={"fed": spans}), {"fed": "on a GPU"})
    expected = ["main", "GPU", *(f"worker {number}" for number in range(12))]
    assert [lane.label for lane in made.runs[0].lanes] == expected
    events = chrome_trace(measured(traces={"fed": spans}))["traceEvents"]
    assert [event["args"] for event in events if event["name"] == "thread_name"] == [{"name": n} for n in expected]


def test_the_numbers_beside_a_timeline() -> None:
    values = {"total": 1.5, "waited": 0.25, "first_batch": 0.125, "shutdown": 0.01}
    made = measured(samples=[RoundSample(0, number, "helped", values) for number in range(7)])
    table = epochs(made, ["helped"])
    assert table.header[2:4] == ("Step waited", "Step waited, once all run")
    assert table.rows == (("helped", "1.5\u00a0s (1.5 to 1.5)", "25\u00a0%", "–", "125\u00a0ms", "10\u00a0ms"),)
    longer = measured(
        samples=[RoundSample(0, number, "helped", {**values, "waited_steady": 0.05}) for number in (0, 1)]
    )
    assert epochs(longer, ["helped"]).rows[0][3] == "5\u00a0%"


def test_an_arm_without_a_trace_is_an_error() -> None:
    with pytest.raises(KeyError, match="alone"):
        timeline(measured(), {"alone": "none"})


def test_the_trace_event_format() -> None:
    made = measured(traces={"helped": SPANS, "alone": SPANS[:4]})
    events = json.loads(json.dumps(chrome_trace(made), allow_nan=False))["traceEvents"]
    complete = [event for event in events if event["ph"] == "X"]
    assert len(complete) == len(SPANS) + 4
    for event in complete:
        assert {"ph", "name", "pid", "tid", "ts", "dur", "args"} == set(event)
        assert event["ts"] >= 0 and event["dur"] >= 0
        assert type(event["pid"]) is type(event["tid"]) is int
    assert {event["ph"] for event in events} == {"X", "M"}
    processes = {event["pid"]: event["args"] for event in events if event["name"] == "process_name"}
    assert processes == {0: {"name": "helped"}, 1: {"name": "alone"}}
    named = {(event["pid"], event["tid"]) for event in events if event["name"] == "thread_name"}
    assert named == {(0, 0), (0, 1), (1, 0)} == {(event["pid"], event["tid"]) for event in complete}


def test_times_in_microseconds_and_batches_as_arguments() -> None:
    events = chrome_trace(measured())["traceEvents"]
    fetch = next(event for event in events if event["name"] == "fetch")
    assert fetch["ts"] == pytest.approx(12_000) and fetch["dur"] == pytest.approx(6_000)
    assert fetch["args"] == {"batch": 0}
    assert next(event for event in events if event["name"] == "start-up")["args"] == {}


def test_no_trace_no_events() -> None:
    assert chrome_trace(measured(traces={})) == {"traceEvents": []}
