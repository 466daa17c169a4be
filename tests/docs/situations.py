"""Pages as other systems and other days would have them: each verdict for every claim, values that scatter, what is not
to be had here, nothing measured.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
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
from snippets.lab.markdown.fences import with_kinds
from snippets.lab.results.results import Measured, Results
from snippets.lab.results.stats import Estimate

from .pages import source
from .small_results import Derived, published, render_text, scattered, small, unmeasured

ALWAYS = next(field.default for field in Experiment.__dataclass_fields__.values() if field.name == "unavailable")
USUAL = Verdict.HOLDS
"""Everything was measured, and holds."""
SITUATIONS = (*(verdict for verdict in Verdict if verdict != USUAL), "elsewhere", "nothing measured", "a reference's")


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


def judged(claim: Claim, verdict: Verdict) -> Judgement:
    """As somebody would have judged it: with a value at its bound, or with a reason."""
    if verdict not in (Verdict.HOLDS, Verdict.CONTRADICTED):
        return Judgement(verdict, "the reason")
    bound = next(filter(math.isfinite, (claim.bounds.low, claim.bounds.high)))
    return Judgement(verdict, "", Estimate(bound, bound, bound, 7))


@contextmanager
def verdicts_are(verdict_of: Callable[[Claim], Verdict]) -> Iterator[None]:
    """Of all claims that can be judged; noise touches no count."""

    def decide(claim: Claim, measured: Measured | None, machine: Machine) -> Judgement:
        before, verdict = judge(claim, measured, machine), verdict_of(claim)
        untouched = verdict == Verdict.TOO_NOISY and claim.bounds.kind == "count"
        cannot = before.verdict in (Verdict.NOT_HERE, Verdict.ERRORED)
        return before if cannot or untouched else judged(claim, verdict)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rulings, "judge", decide)
        yield


@contextmanager
def situation(name: str) -> Iterator[None]:
    """Each verdict is a situation: that of all claims. Where they are too noisy, so is what else is measured."""
    verdict = Verdict.HOLDS if name == "a reference's" else name if name in [*Verdict] else None
    judged_so = verdicts_are(lambda _: Verdict(verdict)) if verdict else nullcontext()
    with published(*as_measured(name), derived=derived(name)), judged_so:
        yield


@cache
def as_measured(name: str) -> tuple[Results, Results | None]:
    """In a situation: by this machine, and by a reference."""
    if name == "a reference's":
        return unmeasured(small(), "nothing is measured here yet"), elsewhere_whole()
    if name == "nothing measured":
        return unmeasured(small(), "no such device"), None
    return {Verdict.TOO_NOISY: scattered, "elsewhere": elsewhere}.get(name, small)(), None


@cache
def derived(name: str) -> Derived:
    """Of all that a situation has, for its next page."""
    return {}


@cache
def elsewhere_whole() -> Results:
    """Everything was measured, on a machine with another name."""
    return replace(small(), machine=replace(small().machine, cpu="EPYC"))


def without_code(page: str) -> str:
    """The page's source with a sign for each block of code: what is in it is no sentence, and takes long to colour."""
    kept = [(line, kind) for line, kind in with_kinds(source(page).split("\n")) if kind in ("text", "opening")]
    return "\n".join(line if kind == "text" else re.sub(r"\S.*", "…", line) for line, kind in kept)


@cache
def rendered_in(page: str, name: str) -> str:
    with situation(name):
        return render_text(without_code(page))


@cache
def parsed(html: str) -> BeautifulSoup:
    """Once for all situations in which a page is the same."""
    return BeautifulSoup(html, "html.parser")


def shown(page: str, name: str) -> BeautifulSoup:
    return parsed(rendered_in(page, name))
