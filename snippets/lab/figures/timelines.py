"""From the spans of a trace to the lanes of a timeline."""

from collections.abc import Sequence

from snippets.lab.figures.figure import Lane, Role, Run, Span, Table, Timeline
from snippets.lab.numbers import duration, percent
from snippets.lab.results.results import Measured, TraceSpan
from snippets.lab.results.stats import interval

TIMED_WAIT = "step (a timed wait, for a GPU’s)"


def timeline(measured: Measured, titles: dict[str, str], step: str = TIMED_WAIT) -> Timeline:
    """The median round's run of each arm in `titles`, in that order, on one axis. `titles`: by arm. `step`: what the
    key calls the step. Raises KeyError for an arm without a trace.
    """
    return Timeline(
        runs=tuple(_run(title, measured.traces[arm]) for arm, title in titles.items()),
        names=(("step", step),),
    )


def epochs(measured: Measured, arms: Sequence[str]) -> Table:
    """The numbers beside a timeline: one row per arm, from the values of `traced_epoch`."""
    rows = tuple(
        (
            arm,
            interval(measured.estimate(arm), "s"),
            percent(measured.estimate(arm, "waited").median),
            _waited_steady(measured, arm),
            duration(measured.estimate(arm, "first_batch").median),
            duration(measured.estimate(arm, "shutdown").median),
        )
        for arm in arms
    )
    header = ("", "Epoch", "Step waited", "Step waited, once all run", "First batch after", "Shutdown")
    return Table(header, rows)


def _waited_steady(measured: Measured, arm: str) -> str:
    """As a percentage; "–" where the epoch was too short to have a steady part."""
    has_steady_part = all("waited_steady" in sample.values for sample in measured.samples if sample.arm == arm)
    return percent(measured.estimate(arm, "waited_steady").median) if has_steady_part else "–"


def _run(title: str, spans: list[TraceSpan]) -> Run:
    lanes = _lanes(spans)
    return Run(title, tuple(_lane(lane, spans) for lane in lanes), max(span.end for span in spans))


def _lanes(spans: list[TraceSpan]) -> list[str]:
    """Main first, then the workers by number: worker 10 after worker 9."""
    return sorted({span.lane for span in spans}, key=lambda lane: (lane != "main", len(lane), lane))


def _lane(lane: str, spans: list[TraceSpan]) -> Lane:
    own = (span for span in spans if span.lane == lane)
    return Lane(lane, tuple(Span(as_role(span.role), span.start, span.end, span.batch) for span in own))


def as_role(name: str) -> Role:
    """A span's role as the type that figures have, unchecked."""
    return name  # pyrefly: ignore[bad-return]  (drawing refuses a role that it does not know)


def chrome_trace(measured: Measured) -> dict[str, list[dict[str, object]]]:
    """The same spans in the Trace Event Format, which Perfetto and chrome://tracing open.

    Format: docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU. Times in microseconds.
    """
    events: list[dict[str, object]] = []
    for process, (arm, spans) in enumerate(measured.traces.items()):
        lanes = _lanes(spans)
        events.append({"ph": "M", "name": "process_name", "pid": process, "args": {"name": arm}})
        for thread, lane in enumerate(lanes):
            events.append({"ph": "M", "name": "thread_name", "pid": process, "tid": thread, "args": {"name": lane}})
            events += [_event(span, process, thread) for span in spans if span.lane == lane]
    return {"traceEvents": events}


def _event(span: TraceSpan, process: int, thread: int) -> dict[str, object]:
    return {
        "ph": "X",
        "name": span.role,
        "pid": process,
        "tid": thread,
        "ts": round(span.start * 1e6, 1),
        "dur": round((span.end - span.start) * 1e6, 1),
        "args": {} if span.batch is None else {"batch": span.batch},
    }
