"""Results that were never measured, for tests that only read, write, judge or show them."""

from dataclasses import replace
from datetime import date
from typing import Any

from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.output import Output
from snippets.lab.results.results import SCHEMA, Measured, Results, RoundSample, TraceSpan

ARMS = ("alone", "helped")
PROPERTIES = GpuProperties("13.0", 1, "9.0", 80 * 2**30, "5 x16", "Default", 700.0)
PRINTED = Output("0123456789abcdef", "3.12.3", "2.11.0", "2026-01-02", 0, "computed on <cuda> & `cuda`", "")


class ThatDay(date):
    """In the place of `date`: today is the day on which all of this was measured."""

    @classmethod
    def today(cls) -> "ThatDay":
        return cls(2026, 1, 2)


SPANS = [
    TraceSpan("main", "start-up", 0.0, 0.01, None),
    TraceSpan("main", "wait", 0.01, 0.02, 0),
    TraceSpan("main", "receive", 0.02, 0.021, 0),
    TraceSpan("main", "step", 0.021, 0.05, 0),
    TraceSpan("worker 0", "fetch", 0.012, 0.018, 0),
    TraceSpan("worker 0", "collate", 0.018, 0.02, 0),
]


def measured(**changed: Any) -> Measured:
    """One experiment of two arms and seven rounds."""
    samples = [
        RoundSample(0, number, arm, {"total": 1.0 + number / 10 + len(arm), "waited": 0.25})
        for number in range(7)
        for arm in ARMS
    ]
    made = Measured(
        status="measured",
        reason="",
        source_hash="0123456789abcdef",
        question="Is it?",
        unit="s",
        better="lower",
        headline="total",
        pitfalls="A busy neighbour; a neighbour’s neighbour.",
        again=None,
        params={"workers": 2, "wait": 0.5, "method": "fork", "pinned": True},
        start_method="fork",
        form="short",
        warmup=1,
        passes=1,
        rounds=7,
        cost_s=1.5,
        measured_at="2026-01-02T03:04:05+00:00",
        samples=samples,
        traces={"helped": SPANS},
        surroundings=[Surroundings([1.9, 2.0, 2.0, 2.0, 2.1, 2.0, 1.8], 0.0, None)],
        confirmation=[],
    )
    return replace(made, **changed)


ABSENT = measured(status="unavailable", reason="no GPU", samples=[], traces={}, passes=0, surroundings=[])


def results(**experiments: Measured) -> Results:
    """Results of this very machine; `in_memory=…` becomes the experiment in-memory."""
    named = {name.replace("_", "-"): one for name, one in experiments.items()}
    return Results(SCHEMA, "cpu", this_machine(), this_software(), "", False, "2026-01-02T03:04:05+00:00", named)


def on_a_gpu(held: Results) -> Results:
    """As if a machine with a GPU had given them."""
    machine = replace(held.machine, gpu="NVIDIA H100", driver="580.1")
    return replace(held, tier="gpu", machine=machine, gpu_properties=PROPERTIES, outputs={"a/one": PRINTED})


def held() -> Results:
    """One experiment that was measured, one that was not, and one that failed with a path in its reason."""
    day = "2026-11-01T10:00:00+00:00"
    one = measured(source_hash="0123abcd", measured_at=day, surroundings=[Surroundings([2.0] * 7, 0.0, None)])
    return replace(
        results(),
        commit="0123456789ab",
        measured_at=day,
        experiments={
            "one": one,
            "two": replace(one, status="unavailable", reason="no GPU", samples=[], passes=0, surroundings=[]),
            "three": replace(one, status="error", reason="FileNotFoundError: /home/someone/x.png"),
        },
    )
