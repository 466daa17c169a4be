"""The defaults in the table of frameworks are those of the libraries, where they are installed: frameworks.txt names
them, and the canary has them.

What it does not prove: that the traps are as told; they were read in the same sources.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from .pages import source

PAGE = "reference/frameworks.md"
ROW = re.compile(
    r"^\| (?:\[\w+\]\(#(?P<anchor>\w+)\) (?P<version>[\d.]+) )?"
    r"\| `(?P<argument>\w+)` \| `(?P<default>\w+)` \| (?P<trap>[^|\n]+) \|$",
    re.MULTILINE,
)
PLACES = {
    "lightning": ("LightningDataModule.from_datasets", "pytorch/core/datamodule.py"),
    "transformers": ("TrainingArguments", "training_args.py"),
    "accelerate": ("DataLoaderConfiguration", "utils/dataclasses.py"),
    "datasets": ("Dataset.to_iterable_dataset", "arrow_dataset.py"),
    "ultralytics": ("model.train", "cfg/default.yaml"),
    "timm": ("create_loader", "data/loader.py"),
    "fastai": ("TfmdDL", "data/core.py"),
    "keras": ("PyDataset", "src/trainers/data_adapters/py_dataset_adapter.py"),
}
"""By package, which is also the anchor of its section: what has the arguments, and in which file of the package it
stands. That is read and not imported, which would take half of what the package needs.
"""


@dataclass(frozen=True)
class Knob:
    """A row of the table."""

    package: str
    argument: str
    default: str


def knobs() -> Iterator[Knob]:
    package = ""
    for row in ROW.finditer(source(PAGE)):
        package = row["anchor"] or package
        yield Knob(package, row["argument"], row["default"])


KNOBS = [*knobs()]


def section(package: str) -> str:
    return re.split(r"(?m)^## ", source(PAGE).partition(f"{{ #{package} }}")[2])[0]


def default(text: str, owner: str, argument: str) -> str:
    """Of an argument of a function, a method or a class, or of a field of a dataclass, as Python writes it. Raises
    KeyError where there is none.
    """
    body = ast.parse(text).body
    *around, last = owner.split(".")
    for name in around:
        body = named(body, name).body
    node = named(body, last)
    found: dict[str, ast.expr] = {}
    for each in node.body if isinstance(node, ast.ClassDef) else [node]:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value:
            words = {word.arg: word.value for word in each.value.keywords} if isinstance(each.value, ast.Call) else {}
            found[each.target.id] = words.get("default", each.value)
        elif isinstance(each, ast.FunctionDef) and each.name in (last, "__init__"):
            last_ones = each.args.args[len(each.args.args) - len(each.args.defaults) :]
            found |= {one.arg: value for one, value in zip(last_ones, each.args.defaults, strict=True)}
    return ast.unparse(found[argument])


def named(body: list[ast.stmt], name: str) -> ast.ClassDef | ast.FunctionDef:
    return next(each for each in body if isinstance(each, (ast.ClassDef, ast.FunctionDef)) and each.name == name)


@pytest.mark.parametrize("knob", KNOBS, ids=[f"{knob.package}-{knob.argument}" for knob in KNOBS])
def test_a_default_is_that_of_the_library(knob: Knob) -> None:
    owner, file = PLACES[knob.package]
    spec = find_spec(knob.package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{knob.package} is not installed; docs/{PAGE} names the version in which this was read")
    text = (Path(spec.submodule_search_locations[0]) / file).read_text(encoding="utf-8")
    found = str(yaml.safe_load(text)[knob.argument]) if file.endswith(".yaml") else default(text, owner, knob.argument)
    assert found == knob.default, f"docs/{PAGE} has another one, of the version that it names"


def test_each_row_is_read_and_each_place_is_of_a_row() -> None:
    heading, _, *rows = [line for line in source(PAGE).split("\n") if line.startswith("| ")]
    assert heading == "| Library | Argument | Default | Trap |"
    assert len(KNOBS) == len(rows) > 10
    assert {knob.package for knob in KNOBS} == {*PLACES}


@pytest.mark.parametrize("package", PLACES)
def test_the_canary_takes_each_library(package: str) -> None:
    assert package in (Path(__file__).parent / "frameworks.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("package", PLACES)
def test_each_library_has_its_section_which_names_what_was_read(package: str) -> None:
    owner, _ = PLACES[package]
    (version,) = [row["version"] for row in ROW.finditer(source(PAGE)) if row["anchor"] == package]
    read = rf"Read in \[{package} {re.escape(version)}\]\(https://github\.com/[\w-]+/[\w-]+\)\."
    assert re.search(read, section(package)), f"the table says {version}"
    assert f"`{owner}" in section(package) or f"`{owner.rpartition('.')[2]}" in section(package)


MODULE = """
class Settings:
    count: int = field(default=0, metadata={})
    keep: bool = False

class Loader:
    def __init__(self, dataset, workers=1, *, pin=None): ...
    def made(self, shards: int | None = 1): ...

def create(dataset, workers: int = 4, keep: bool = True): ...
"""


@pytest.mark.parametrize(
    ("owner", "argument", "found"),
    [
        ("Settings", "count", "0"),
        ("Settings", "keep", "False"),
        ("Loader", "workers", "1"),
        ("Loader.made", "shards", "1"),
        ("create", "workers", "4"),
        ("create", "keep", "True"),
    ],
)
def test_how_a_default_is_read(owner: str, argument: str, found: str) -> None:
    assert default(MODULE, owner, argument) == found


def test_an_argument_that_is_gone_is_an_error() -> None:
    with pytest.raises(KeyError, match="processes"):
        default(MODULE, "create", "processes")
