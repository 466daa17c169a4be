"""Which experiments there are, and which tools: what lies in `snippets/experiments` and `snippets/tools`, found by
looking, so none is named here.

Each folder of experiments is one question: `measure.py` holds its arms (imports torch), `short.py` what the short form
measures instead, where fewer rounds would not save enough, `arms.py` their names and whether others may be measured
meanwhile, `show.py` its picture and its words, `claims.py` what the pages claim by it (these three import neither torch
nor matplotlib).
"""

import importlib
import sys
from typing import Any, Protocol

from snippets.lab.code import source_hash
from snippets.lab.moment import once
from snippets.lab.paths import SNIPPETS

EXPERIMENTS = SNIPPETS / "experiments"
TOOLS = tuple(sorted(path for path in (SNIPPETS / "tools").glob("*.py") if path.stem != "__init__"))
"""Files that readers download, and that a snippet imports as they do."""


class Show(Protocol):
    """A module that shows a result of its experiment, a `results.Measured`. `values`: as pages print them, by the names
    that pages use. `figure`: a `figures.Figure`.
    """

    def values(self, measured: Any, /) -> dict[str, str]: ...
    def figure(self, measured: Any, /) -> Any: ...


@once
def experiment_names() -> list[str]:
    """Identifiers as they stand on the pages: `sprites-overlap` for the folder `sprites_overlap`."""
    return sorted(p.parent.name.replace("_", "-") for p in EXPERIMENTS.glob("*/measure.py"))


HARNESS = "snippets.lab.measuring.one_pass"
"""Runs the arms and takes the samples, so no experiment imports it, and yet every number depends on it."""


def prepare_experiments() -> None:
    """Make what the experiments read, if they read anything."""
    importlib.import_module("snippets.experiments.prepare").prepare()


def measuring_module(name: str, form: str = "full") -> str:
    """The module with its arms in a form, "short" or "full", by the experiment's identifier, as Python imports it."""
    part = "short" if form == "short" and has_show(name, "short") else "measure"
    return f"snippets.experiments.{name.replace('-', '_')}.{part}"


def measured_by(name: str, form: str) -> tuple[str, ...]:
    """The modules on which its numbers in that form depend, with all that they import: its arms, and what runs them."""
    return measuring_module(name, form), HARNESS


def runs_beside_others(name: str) -> bool:
    """Whether it is the same to it if others for which that is so are measured meanwhile, as its `arms.py` says."""
    if not has_show(name, "arms"):
        return False
    arms = importlib.import_module(f"snippets.experiments.{name.replace('-', '_')}.arms")
    return getattr(arms, "BESIDE_OTHERS", False)


def experiment_folder(name: str) -> str:
    """Where its question, its picture and its claims stand, relative to the checkout."""
    return f"snippets/experiments/{name.replace('-', '_')}"


def experiment_hash(name: str, form: str) -> str:
    """Of all code on which its numbers in that form depend."""
    return source_hash(*measured_by(name, form))


def forget_loaded() -> None:
    """Read the experiments' modules anew, for `mkdocs serve` lives longer than an edit."""
    for name in [name for name in sys.modules if name.startswith("snippets.experiments.")]:
        del sys.modules[name]


def show(name: str, part: str = "show") -> Show:
    """The `show.py` of an experiment, or another `part` that draws. Raises ModuleNotFoundError."""
    module: Any = importlib.import_module(f"snippets.experiments.{name.replace('-', '_')}.{part}")
    return module


def has_show(name: str, part: str = "show") -> bool:
    return (EXPERIMENTS / name.replace("-", "_") / f"{part}.py").exists()


@once
def figure_names() -> list[str]:
    """Every figure that there is: `scaling` for an experiment's `show.py`, `scaling/regret` for a `regret.py`."""
    names = []
    for path in sorted(EXPERIMENTS.glob("*/*.py")):
        if "\ndef figure(" in path.read_text(encoding="utf-8"):
            experiment = path.parent.name.replace("_", "-")
            names.append(experiment if path.stem == "show" else f"{experiment}/{path.stem}")
    return names
