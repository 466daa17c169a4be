"""What is true of every experiment: what it says of itself, that its arms are as they are named, and that what is drawn
and claimed is of arms that there are.

What it does not prove: that the numbers are right. Each build measures and judges them.
"""

import importlib
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from snippets.experiments import draws, prepare
from snippets.images.make import photos, sprites
from snippets.lab.catalog import (
    EXPERIMENTS,
    experiment_names,
    figure_names,
    measuring_module,
    runs_beside_others,
    show,
)
from snippets.lab.code import imported_modules
from snippets.lab.instruments.experiment import AGAIN, Sample
from snippets.lab.judging.claim import FORKED, Claim, NotHere
from snippets.lab.judging.claims import claim_ids, claims
from snippets.lab.judging.rulings import DRAWN_ON
from snippets.lab.results.results import Measured

from ..docs.advice import nothing
from ..docs.small_results import measured
from ..stream import in_place
from .dry_run import first_loader

NAMES = experiment_names()


def module(name: str) -> ModuleType:
    return importlib.import_module(measuring_module(name))


@contextmanager
def untimed(measure: ModuleType) -> Iterator[None]:
    """Inside the block what an experiment times before its first arm takes no time."""
    with pytest.MonkeyPatch.context() as patch:
        for timer in {"time_loader", "time_for", "delivered"} & {*vars(measure)}:
            patch.setattr(measure, timer, lambda *given: Sample({"throughput": 1.0, "per_batch": 1.0}))
        yield


def skip_elsewhere(measure: ModuleType) -> None:
    """A GPU is stood in for; what else is lacking is not."""
    reason = measure.EXPERIMENT.unavailable()
    if reason and "CUDA" not in reason:
        pytest.skip(reason)


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_asks_and_what_would_make_the_answer_wrong(name: str) -> None:
    experiment = module(name).EXPERIMENT
    assert experiment.question.endswith("?") and experiment.pitfalls.endswith(".") and experiment.unit
    assert experiment.better in ("higher", "lower") if experiment.headline else experiment.better is None
    assert (experiment.unit == "counts") == (experiment.better is None)


@pytest.mark.parametrize("name", NAMES)
def test_a_parameter_is_the_constant_of_its_name(name: str) -> None:
    measure = module(name)
    for key, value in measure.EXPERIMENT.params.items():
        constant = getattr(measure, key.upper().replace(" ", "_"), value)
        if isinstance(constant, str | int | float):
            assert value == constant, key


Asked = set[tuple[str, str]]
"""Arms, and which of their values."""


class Noted(dict[str, float]):
    """The values of a run that gave 1 for whatever it is asked, and notes what that was; it had no accelerator."""

    def __init__(self, arm: str, asked: Asked) -> None:
        self.arm, self.asked = arm, asked

    def __contains__(self, key: object) -> bool:
        return True

    def __missing__(self, key: str) -> float:
        self.asked.add((self.arm, key))
        return 0.0 if key == "accelerator" else 1.0


def noting(found: Measured, asked: Asked) -> Measured:
    return replace(found, samples=[replace(one, values=Noted(one.arm, asked)) for one in found.samples])


def asked_by(claim: Claim, found: Measured) -> Asked:
    """Nothing of a claim that is not made of this machine, but where it looked to see that."""
    asked: Asked = set()
    with suppress(NotHere):
        claim.statistic.of(noting(found, asked))
    return asked


def made_up(name: str) -> Measured:
    """A sample of each of its arms in each round."""
    skip_elsewhere(module(name))
    with untimed(module(name)):
        return measured(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_drawn_and_claimed_is_of_its_arms_and_of_all_of_them(name: str) -> None:
    """Whatever stands in `arms.py` or is spelled elsewhere: an arm that is not there has no samples."""
    found = made_up(name)
    arms = {sample.arm for sample in found.samples}
    assert found.again is None or found.again + AGAIN in arms and found.again in arms
    assert len(arms) >= 2, "a single arm is compared with itself"
    asked = {each for claim in claims(name) for each in asked_by(claim, found)}
    for figure in (figure for figure in figure_names() if figure.partition("/")[0] == name):
        part = show(*figure.split("/"))
        assert part.values(noting(found, asked)) and part.figure(noting(found, asked)).message
    nothing(
        {arm for arm in arms if not arm.endswith(AGAIN)} - {arm for arm, _ in asked},
        f"{name}: no claim and no figure looks at these arms; claim something, draw them, or delete them:",
    )


@pytest.mark.parametrize("name", [name for name in NAMES if any(one.bounds.kind == "count" for one in claims(name))])
def test_no_two_claims_are_of_the_same_count(name: str) -> None:
    """One that took another's count would hold where both are alike. A count that is not there is an error."""
    found = made_up(name)
    asked = [asked_by(one, found) for one in claims(name) if one.bounds.kind == "count"]
    for at, one in enumerate(asked):
        assert one and one not in asked[:at], one


def test_what_needs_workers_that_begin_together_speaks_of_forked_ones() -> None:
    """Spawned ones take seconds to start, and not all the same time: as long as a short epoch, and to wait for the last
    one is no signature.
    """
    scopes = {claim.id: (name, claim.start_methods) for name, claim in claim_ids().values() if claim.start_methods}
    assert scopes.pop("another-library-with-the-same-decoder") == ("other-loaders", ("fork",))
    assert {methods for _, methods in scopes.values()} == {FORKED}
    assert all(module(name).EXPERIMENT.any_start for name, _ in scopes.values()), "a fork server has torch only there"
    assert {*scopes} == {
        "bursts-wait-once-per-round",
        "fed-hardly-waits-after-the-first",
        "helpers-hide-waiting",
        "more-ahead-leaves-the-bursts",
        "straggler-waits-once",
        "tracing-is-cheap",
    }


AS_USUAL = {
    "cuda-workers": "each arm names how its workers start",
    "dataset-copies": "each arm names how its workers start",
    "life-of-a-batch": "the picture is of what a reader's own loader does",
    "memory": "it is about forked workers",
    "shared-memory": "each arm names how its workers start, or counts what they hold",
    "start-up": "it is about how workers start",
}
"""Experiments that time or weigh something, and in which it matters how workers start, or does not cost much: why."""


def test_workers_start_as_usual_where_that_is_looked_at() -> None:
    """All others start them in the way that costs least. What is counted is counted with the usual start, too."""
    weighed = {name for name in NAMES if module(name).EXPERIMENT.better is not None}
    assert {name for name in weighed if not module(name).EXPERIMENT.any_start} == {*AS_USUAL}
    counted = {name for name in NAMES if module(name).EXPERIMENT.any_start} - weighed
    assert counted == {"right-results"}, "it needs fork, which shares a file; as scripts its snippets run under each"


def test_what_draws_by_the_day_says_so() -> None:
    """Else a number of another day's workloads would stand in for one of today's."""
    drawing = {
        name: importlib.import_module(measuring_module(name, "short"))
        for name in NAMES
        if draws.__name__ in imported_modules(measuring_module(name, "short"))
    }
    assert len(drawing) >= 3
    nothing({name for name, short in drawing.items() if DRAWN_ON not in short.EXPERIMENT.params}, f"no {DRAWN_ON!r}:")


def test_what_looks_at_memory_starts_afresh() -> None:
    """A fork shares pages with the process that it was forked from, and would seem to hold less."""
    looks = {name for name in NAMES if "process_memory" in vars(module(name))}
    assert looks == {name for name in NAMES if module(name).EXPERIMENT.afresh} == {"dataset-copies", "memory"}


NAMED: dict[str, tuple[re.Pattern[str], Any]] = {
    "num_workers": (re.compile(r"\b(\d+) workers?\b"), int),
    "prefetch_factor": (re.compile(r"\bprefetch_factor=(\d+)"), int),
    "timeout": (re.compile(r"\btimeout=(\d+)"), int),
    "pin_memory": (re.compile(r"\bpin_memory=(True)"), bool),
    "persistent_workers": (re.compile(r", (persistent_workers)$"), bool),
    "in_order": (re.compile(r"\b(in|out of) order$"), lambda order: order == "in"),
    "multiprocessing_context": (re.compile(r"(?:^|, )(fork|spawn|forkserver)\b"), str),
}
"""What a name says of the first loader that its arm begins: which setting, and its value."""
ELSEWHERE = {
    "cuda-fork": "its arms touch the GPU first",
    "dataset-copies": "of its arms, some run in another process",
    "ranks": "its loaders begin in the ranks' own processes",
    "start-up": "of its arms, one runs a script",
}
"""Experiments whose own test looks at the loaders, and why."""


def named(arm: str) -> dict[str, Any]:
    found = {setting: (pattern.search(arm), value) for setting, (pattern, value) in NAMED.items()}
    return {setting: value(match[1]) for setting, (match, value) in found.items() if match}


def setting(loader: Any, name: str) -> Any:
    found = getattr(loader, name)
    return found.get_start_method() if name == "multiprocessing_context" else found


OWN_NUMBERS = ("counts", "bytes private to the worker")
"""Units of what is the same whatever else is measured meanwhile."""


def test_what_may_run_beside_others_times_nothing_and_shares_nothing() -> None:
    beside = [name for name in NAMES if runs_beside_others(name)]
    assert len(beside) >= 2
    nothing(
        [name for name in beside if module(name).EXPERIMENT.unit not in OWN_NUMBERS],
        "measure alone (no BESIDE_OTHERS in arms.py) what is timed, or is a sum over processes:",
    )
    nothing(
        [name for name in beside if any(claim.needs_cores for claim in claims(name))],
        "measure alone what a claim needs a quiet machine for:",
    )


@pytest.mark.parametrize("name", [name for name in NAMES if name not in ELSEWHERE])
def test_an_arm_begins_the_loader_that_it_is_named_after(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    in_place(monkeypatch)
    measure = module(name)
    skip_elsewhere(measure)
    for name_, instead in {"products": lambda seconds: lambda: None, "seconds_to_decode": lambda photos: 1.0}.items():
        if hasattr(measure, name_):
            monkeypatch.setattr(measure, name_, instead)
    with ExitStack() as stack:
        with untimed(measure):
            arms = stack.enter_context(measure.EXPERIMENT.prepared())
        for arm in (arm for arm in arms if named(arm)):
            loader = first_loader(arms[arm])
            assert {each: setting(loader, each) for each in named(arm)} == named(arm), arm


@pytest.mark.parametrize("name", NAMES)
def test_it_has_tests_of_its_own(name: str) -> None:
    file = f"test_{name.replace('-', '_')}.py"
    assert Path(__file__).with_name(file).exists(), f"write tests/experiments/{file}"


OF_ANOTHER = {
    "snippets.experiments.other_doctors": {"snippets.experiments.doctor"},
    "snippets.experiments.gpu_choosing": {"snippets.experiments.gpu_training"},
}
"""What asks others about the very loops of the doctor, and what chooses workers for the very network that trains on a
GPU: news of these is news of both.
"""


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in EXPERIMENTS.glob("*/measure.py")), ids=lambda f: f.name
)
def test_it_imports_nothing_of_another_experiment(folder: Path) -> None:
    """What two of them load or compute stands above both: else a comment on the one would be news of the other."""
    own = f"snippets.experiments.{folder.name}"
    others = {f"snippets.experiments.{name.replace('-', '_')}" for name in NAMES} - {own} - OF_ANOTHER.get(own, set())
    for path in folder.glob("*.py"):
        assert not imported_modules(f"{own}.{path.stem}") & others, path.name


def test_missing_images_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both sets; a few of each here, for tests/images draws all kinds."""
    monkeypatch.setattr(prepare, "sprites", partial(sprites, tmp_path, 1))
    monkeypatch.setattr(prepare, "photos", partial(photos, tmp_path, 1))
    prepare.prepare()
    assert {path.suffix for path in tmp_path.rglob("*.*")} >= {".png", ".jpg"}
