"""The defaults in the table of frameworks are those of the libraries, where they are installed.

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
    r"^\| (?:\[[\w-]+\]\(#(?P<anchor>\w+)\) )?\| `(?P<owner>[\w.]+)\((?P<argument>\w+)=…\)` \| `(?P<default>\w+)` \|"
    r" (?:\[(?P<package>\w+) (?P<version>[\d.]+)\]\((?P<address>[^)]+)\) )?\|$",
    re.MULTILINE,
)
FILES = {
    "LightningDataModule.from_datasets": "lightning/pytorch/core/datamodule.py",
    "TrainingArguments": "transformers/training_args.py",
    "DataLoaderConfiguration": "accelerate/utils/dataclasses.py",
    "Dataset.to_iterable_dataset": "datasets/arrow_dataset.py",
    "YOLO.train": "ultralytics/cfg/default.yaml",
    "create_loader": "timm/data/loader.py",
    "TfmdDL": "fastai/data/core.py",
    "PyDataset": "keras/src/trainers/data_adapters/py_dataset_adapter.py",
}
"""Where each owner of an argument stands. They are read and not imported, which would take half of what they need."""


@dataclass(frozen=True)
class Knob:
    """A row of the table. `version`: of the library in which its default was read."""

    owner: str
    argument: str
    default: str
    version: str


def knobs() -> Iterator[Knob]:
    version = ""
    for row in ROW.finditer(source(PAGE)):
        version = row["version"] or version
        yield Knob(row["owner"], row["argument"], row["default"], version)


KNOBS = [*knobs()]


def default(text: str, owner: str, argument: str) -> str:
    """Of an argument of a function, a method or a class, or of a field of a dataclass, as Python writes it. Raises
    KeyError where there is none.
    """
    body = ast.parse(text).body
    for name in owner.split("."):
        node = next(each for each in body if isinstance(each, (ast.ClassDef, ast.FunctionDef)) and each.name == name)
        body = node.body
    found = dict(_fields(body))
    for each in [node] if isinstance(node, ast.FunctionDef) else body:  # pyright: ignore[reportPossiblyUnbound]
        if isinstance(each, ast.FunctionDef) and each.name in (node.name, "__init__"):  # pyright: ignore
            given = [*each.args.posonlyargs, *each.args.args][-len(each.args.defaults) :]
            found |= {arg.arg: value for arg, value in zip(given, each.args.defaults, strict=True)}
    return ast.unparse(found[argument])


def _fields(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for each in body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and each.value:
            given = {word.arg: word.value for word in each.value.keywords} if isinstance(each.value, ast.Call) else {}
            yield each.target.id, given.get("default", each.value)


@pytest.mark.parametrize("knob", KNOBS, ids=[f"{knob.owner}-{knob.argument}" for knob in KNOBS])
def test_a_default_is_that_of_the_library(knob: Knob) -> None:
    package, _, rest = FILES[knob.owner].partition("/")
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        pytest.skip(f"{package} is not installed; the default was read in {knob.version}")
    text = (Path(spec.submodule_search_locations[0]) / rest).read_text(encoding="utf-8")
    found = str(yaml.safe_load(text)[knob.argument]) if rest.endswith(".yaml") else default(text, **_place(knob))
    assert found == knob.default, f"docs/{PAGE}: read in {knob.version}, and it is another in what is installed"


def _place(knob: Knob) -> dict[str, str]:
    return {"owner": knob.owner, "argument": knob.argument}


def test_each_row_is_read_and_each_file_is_of_a_row() -> None:
    rows = [line for line in source(PAGE).split("\n") if "=…)` |" in line]
    assert len(KNOBS) == len(rows) > 10
    assert {knob.owner for knob in KNOBS} == {*FILES}
    assert all(knob.version for knob in KNOBS)


def test_each_library_has_its_section_and_names_the_package_it_was_read_in() -> None:
    for row in ROW.finditer(source(PAGE)):
        if row["anchor"]:
            assert f"{{ #{row['anchor']} }}" in source(PAGE)
            assert row["address"] == f"https://pypi.org/project/{row['package']}/{row['version']}/"
            assert FILES[row["owner"]].startswith(f"{row['package']}/")


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
