"""A result set that answers for every experiment without measuring, so that pages can be rendered.

What it does not prove: that an arm really gives each of the values that its figure asks for.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import torch

from snippets.lab import moment
from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module
from snippets.lab.instruments.experiment import AGAIN, Experiment, Sample, about
from snippets.lab.judging import rulings
from snippets.lab.judging.claims import needs_gpu
from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.markdown import extension as page_side
from snippets.lab.markdown import figures as rendering
from snippets.lab.markdown import shown, tables, verdicts
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.output import Output
from snippets.lab.outputs.outputs import shown_snippets
from snippets.lab.results.held import MachineResults
from snippets.lab.results.results import SCHEMA, Measured, Results, RoundSample, TraceSpan

from .pages import markdown, source

ROUNDS = 2
MADE_AT = f"{date.today() - timedelta(1)}T03:04:05+00:00"
"""What is old elsewhere is not shown."""
WARM_UP = ("time_loader", "time_for", "one_pass", "delivered")
"""What experiments run while they prepare their arms, by its name in their modules."""


class AnyValue(dict[str, float]):
    """The values of a run that gave the same number, 1 if none is said, for whatever it is asked."""

    def __init__(self, number: float = 1.0) -> None:
        super().__init__()
        self.number = number

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> float:
        return self.number


def measured(name: str) -> Measured:
    """An experiment's own words and arms, with made-up samples. Of its arms only the names are asked."""
    module = importlib.import_module(measuring_module(name))
    experiment: Experiment = module.EXPERIMENT
    with pytest.MonkeyPatch.context() as patch:
        for each in WARM_UP:
            if hasattr(module, each):
                patch.setattr(module, each, lambda *_: Sample({"per_batch": 1.0}))
        # The first that is made imports torch's compiler, two seconds of a core. None of them has to optimise.
        patch.setattr(torch.optim, "SGD", lambda *_, **__: None)
        with experiment.prepared() as arms:
            names = [*arms, *([experiment.again + AGAIN] if experiment.again else [])]
    described: dict[str, Any] = {**vars(about(experiment)), "warmup": 0, "rounds": ROUNDS}
    return Measured(
        **described,
        status="measured",
        reason="",
        source_hash=experiment_hash(name, "short"),
        start_method="fork",
        form="short",
        passes=1,
        cost_s=1.0,
        measured_at=MADE_AT,
        samples=[RoundSample(0, number, arm, AnyValue()) for number in range(ROUNDS) for arm in names],
        traces={arm: [TraceSpan("main", "step", 0, 1, 0), TraceSpan("worker 0", "fetch", 0, 1, 0)] for arm in names},
        surroundings=[Surroundings([2.0] * ROUNDS, 0.0, 0.0)],
    )


@cache
def small() -> Results:
    """Everything was measured."""
    return Results(
        schema=SCHEMA,
        tier="cpu",
        machine=this_machine(),
        software=this_software(),
        commit="",
        dirty=False,
        measured_at=MADE_AT,
        experiments={name: measured(name) for name in experiment_names()},
    )


@cache
def scattered() -> Results:
    """The same, had each round given another number."""
    experiments = {
        name: replace(one, samples=[replace(each, values=AnyValue(1.0 + each.round)) for each in one.samples])
        for name, one in small().experiments.items()
    }
    return replace(small(), experiments=experiments)


@cache
def said() -> dict[str, Output]:
    """Every snippet whose output a page shows printed the same."""
    return {name: Output("", "3.11", "2.13", MADE_AT[:10], 0, "It ran.", "") for name in shown_snippets()}


def unmeasured(results: Results, reason: str) -> Results:
    """The same, had nothing been possible to measure on this machine."""
    empty = {
        name: replace(one, status="unavailable", reason=reason, samples=[], traces={}, passes=0, surroundings=[])
        for name, one in results.experiments.items()
    }
    return replace(results, experiments=empty)


def held(results: Results, reference: Results | None = None) -> list[MachineResults]:
    """As they are, by this build; what only a GPU can say is said by the workflow's. Beside them, a reference."""
    machine = replace(results.machine, gpu="NVIDIA H100")
    found = {name: one for name, one in results.experiments.items() if needs_gpu(name) and one.status == "measured"}
    signed = replace(results, tier="gpu", machine=machine, experiments=found)
    others = [MachineResults(signed, "attested", "docs/results/gpu.json")] if found else []
    others += [MachineResults(reference, "reference", "docs/results/epyc.json")] if reference else []
    return [MachineResults(results), *others]


Derived = dict[Any, tuple[Any, Any]]
"""What `moment` keeps."""
_DERIVED: Derived = {}
"""Of `small`, for the next page."""


@contextmanager
def published(results: Results, reference: Results | None = None, derived: Derived | None = None) -> Iterator[None]:
    """Inside the block the pages show these results, and what is derived from files is derived once, as in a build.
    Nothing is drawn: tests/lab/figures/draw does that.

    `derived`: from the same results in blocks before, as a build derives it for all its pages.
    """
    everything = held(results, reference)
    with pytest.MonkeyPatch.context() as patch:
        for module in (rulings, shown, tables):
            patch.setattr(module, "all_results", lambda: everything)
        patch.setattr(verdicts, "ACCEPTED", Path("nothing was accepted before"))
        patch.setattr(page_side.outputs, "read", lambda path: said())
        patch.setattr(rendering, "drawing", lambda name, figure: f'<svg data-of="{name}"></svg>')
        patch.setattr(moment, "_cache", {} if derived is None else derived)
        yield


def render(page: str) -> str:
    try:
        return render_text(source(page))
    except UnknownName as error:
        pytest.fail(f"docs/{page} cannot be shown: {error.message}", pytrace=False)


@cache
def rendered(page: str) -> str:
    """A page as HTML, where everything was measured."""
    with published(small(), derived=_DERIVED):
        return render(page)


def render_text(text: str) -> str:
    """Markdown to HTML, by the site's own configuration, without its front matter."""
    if text.startswith("---\n"):
        text = text.split("---\n", 2)[2]
    return markdown().convert(text)
