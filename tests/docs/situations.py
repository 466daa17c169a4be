"""Pages as other systems and other days would have them: too noisy to tell, not to be had here, nothing measured."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import pytest
from bs4 import BeautifulSoup

from snippets.lab.catalog import experiment_names, measuring_module
from snippets.lab.instruments.experiment import Experiment
from snippets.lab.judging import rulings
from snippets.lab.judging.claim import Claim
from snippets.lab.judging.judge import Judgement, judge
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import Machine
from snippets.lab.results.results import Measured, Results

from .small_results import published, render, rendered, small, unmeasured

ALWAYS = next(field.default for field in Experiment.__dataclass_fields__.values() if field.name == "unavailable")
SITUATIONS = ("noisy", "elsewhere", "nothing measured")


@cache
def not_everywhere() -> dict[str, Experiment]:
    """The experiments that say that they cannot run on every system."""
    made = {name: importlib.import_module(measuring_module(name)).EXPERIMENT for name in experiment_names()}
    return {name: one for name, one in made.items() if one.unavailable is not ALWAYS}


@cache
def elsewhere() -> Results:
    """As a system would have it that has spawn alone, and none of what an experiment may lack."""
    everything = small()
    absent = unmeasured(everything, "this system has none").experiments
    experiments = {
        name: absent[name] if name in not_everywhere() else _spawned(one)
        for name, one in everything.experiments.items()
    }
    return replace(everything, experiments=experiments)


def _spawned(one: Measured) -> Measured:
    renamed = [replace(each, arm=each.arm.replace("fork, second", "spawn, second")) for each in one.samples]
    samples = [each for each in renamed if not each.arm.startswith("fork")]
    return replace(one, samples=samples, again=None if one.again == "fork" else one.again, start_method="spawn")


def _noisy(claim: Claim, measured: Measured | None, machine: Machine) -> Judgement:
    """What could be decided cannot, but for counts, which noise does not touch."""
    judgement = judge(claim, measured, machine)
    decided = claim.bounds.kind == "count" or judgement.verdict in ("not measured here", "errored")
    return judgement if decided else Judgement(Verdict.TOO_NOISY, "the reason")


@contextmanager
def situation(name: str) -> Iterator[None]:
    results = {
        "noisy": small,
        "elsewhere": elsewhere,
        "nothing measured": lambda: unmeasured(small(), "no such device"),
    }
    with published(results[name]()), pytest.MonkeyPatch.context() as patch:
        if name == "noisy":
            patch.setattr(rulings, "judge", _noisy)
        yield


@cache
def rendered_in(page: str, name: str) -> str:
    with situation(name):
        return render(page)


@cache
def usual(page: str) -> BeautifulSoup:
    return BeautifulSoup(rendered(page), "html.parser")


@cache
def shown(page: str, name: str) -> BeautifulSoup:
    return BeautifulSoup(rendered_in(page, name), "html.parser")
