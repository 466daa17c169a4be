"""Which experiments there are: the folders of `snippets/experiments`, found by looking, so none is named here.

Each folder is one question: `measure.py` holds its arms (imports torch), `show.py` its picture and its
words (imports neither torch nor matplotlib).
"""

import importlib
import sys
from types import ModuleType

from snippets.lab.freshness import source_hash
from snippets.lab.paths import SNIPPETS

EXPERIMENTS = SNIPPETS / "experiments"


def experiment_names() -> list[str]:
    """Identifiers as they stand on the pages: `sprites-overlap` for the folder `sprites_overlap`."""
    return sorted(p.parent.name.replace("_", "-") for p in EXPERIMENTS.glob("*/measure.py"))


HARNESS = "snippets.lab.measure"
"""Runs the arms and takes the samples, so no experiment imports it, and yet every number depends on it."""


def prepare_experiments() -> None:
    """Make what the experiments read, if they read anything."""
    importlib.import_module("snippets.experiments.prepare").prepare()


def measuring_module(name: str) -> str:
    return f"snippets.experiments.{name.replace('-', '_')}.measure"


def experiment_hash(name: str) -> str:
    return source_hash(measuring_module(name), HARNESS)


def forget_loaded() -> None:
    """Read the experiments' modules anew, for `mkdocs serve` lives longer than an edit."""
    for name in [name for name in sys.modules if name.startswith("snippets.experiments.")]:
        del sys.modules[name]


def show(name: str) -> ModuleType:
    """The module with `values(result)` and `figure(result)` of an experiment."""
    return importlib.import_module(f"snippets.experiments.{name.replace('-', '_')}.show")
