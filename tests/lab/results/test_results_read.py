"""Whatever a result file must not say is refused by name, and never turns into a number."""

import json
import re
from copy import deepcopy
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.results import results
from snippets.lab.results.results import MAX_BYTES
from snippets.lab.store import ResultError
from tests.lab.made import PROPERTIES, measured
from tests.lab.made import results as made

DATA = asdict(made(one=measured()))
ONE = "experiments.one"
TOTAL = f"{ONE}.samples[3].values.total"
GONE = object()


class Raw(str):
    """What stands in the file as it is, without quotes."""


def text(place: str = "", value: Any = None) -> str:
    """The file with another value at a place such as `experiments.one.samples[3].arm`, or with none."""
    data = deepcopy(DATA)
    if place:
        *path, last = [int(part) if part.isdigit() else part for part in re.findall(r"[\w-]+", place)]
        inner: Any = data
        for step in path:
            inner = inner[step]
        if value is GONE:
            del inner[last]
        else:
            inner[last] = "RAW" if isinstance(value, Raw) else value
    return json.dumps(data).replace('"RAW"', str(value))


def refused(path: Path) -> str:
    with pytest.raises(ResultError) as caught:
        results.read(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "results.json"


def test_what_was_written_is_read_again(file: Path) -> None:
    before = made(
        one=measured(),
        pin_memory=measured(status="unavailable", reason="no GPU", samples=[], traces={}, passes=0, surroundings=[]),
    )
    results.write(before, file)
    assert results.read(file) == before
    assert results.parse(text(), "text") == made(one=measured())


def test_a_file_of_the_schema_before_says_nothing_of_what_was_added(file: Path) -> None:
    """And is believed in all else: for a step that only adds, nobody measures anew."""
    before = deepcopy(DATA)
    del before["gpu_properties"], before["outputs"]
    file.write_text(json.dumps({**before, "schema": 3}), encoding="utf-8")
    assert results.read(file) == made(one=measured())
    file.write_text(json.dumps({**before, "schema": 4}), encoding="utf-8")
    assert "gpu_properties is missing" in refused(file)
    file.write_text(json.dumps({**before, "schema": 3.0}), encoding="utf-8")
    assert "schema 3.0" in refused(file)


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"power_limit": 350.0}, True),
        ({"power_limit": None}, True),
        ({"memory": 79 * 2**30}, True),
        ({"cuda": "12.8"}, False),
        ({"count": 2}, False),
        ({"capability": "8.0"}, False),
        ({"pcie": "4 x16"}, False),
        ({"pcie": None}, True),
        ({"compute_mode": "Exclusive_Process"}, True),
        ({"compute_mode": None}, True),
        ({"pcie": "4 x16", "compute_mode": None, "power_limit": None}, False),
    ],
)
def test_what_of_a_gpu_makes_its_numbers_another_machine_s(changed: dict[str, Any], same: bool) -> None:
    """Not what nvidia-smi, asked once, did not say; and not the compute mode, which somebody has to change."""
    one = replace(made(one=measured()), gpu_properties=PROPERTIES)
    other = replace(one, gpu_properties=replace(PROPERTIES, **changed))
    assert [bool(results.differences(*pair)) for pair in ((one, other), (other, one))] == 2 * [not same]
    names = [said.split()[1] for said in results.differences(one, other)]
    assert names == ([] if same else [*changed][:1])
    unasked = replace(one, gpu_properties=None)
    assert results.differences(unasked, other) == results.differences(other, unasked) == [], "nobody asked then"
    driver = replace(other, machine=replace(other.machine, driver="535.1"))
    assert results.differences(one, driver)


def test_memory_that_grows_makes_no_other_machine() -> None:
    """Of a virtual machine it may, while it runs."""
    one = made(one=measured())
    assert results.differences(one, replace(one, machine=replace(one.machine, ram=1, shm=None))) == []


WRONG_TYPES = [
    ("dirty", 0, "int, not bool"),
    ("commit", None, "NoneType, not str"),
    ("machine", [], "list, not an object"),
    ("machine.cores", True, "bool, not int"),
    ("machine.cores", 2.0, "float, not int"),
    ("machine.ram", "16", "str, not int"),
    ("machine.quota", "2", "str, not one of float, NoneType"),
    ("machine.quota", True, "bool, not one of float, NoneType"),
    ("machine.gpu", 1, "int, not one of str, NoneType"),
    ("gpu_properties", "H100", "str, not an object"),
    ("outputs", [], "list, not dict"),
    ("tier", "tpu", "'tpu', not one of 'cpu', 'gpu'"),
    ("tier", ["cpu"], "['cpu'], not one of 'cpu', 'gpu'"),
    ("experiments", [], "list, not dict"),
    (f"{ONE}.better", True, "True, not one of 'higher', 'lower'"),
    (f"{ONE}.cost_s", "1", "str, not float"),
    (f"{ONE}.cost_s", True, "bool, not float"),
    (f"{ONE}.params.workers", None, "NoneType, not one of str, int, float, bool, list"),
    (f"{ONE}.params.workers", {"a": 1}, "dict, not one of str, int, float, bool, list"),
    (f"{ONE}.samples", {}, "dict, not list"),
    (f"{ONE}.samples[3]", 1.5, "float, not an object"),
    (TOTAL, None, "NoneType, not float"),
    (f"{ONE}.traces.helped[2].batch", 1.0, "float, not one of int, NoneType"),
    (f"{ONE}.surroundings[0].capacity", 2.0, "float, not list"),
]
INFINITE = [
    (place, Raw(digits), f"{sign}inf, not a finite number")
    for place in (f"{ONE}.cost_s", "machine.quota", TOTAL)
    for digits, sign in (("1e999", ""), ("-1e999", "-"), ("1" + "0" * 400, ""))
]


@pytest.mark.parametrize(("place", "value", "words"), WRONG_TYPES + INFINITE)
def test_a_value_that_is_another_than_was_written(file: Path, place: str, value: Any, words: str) -> None:
    file.write_text(text(place, value), encoding="utf-8")
    assert f"{place} is {words}" in refused(file)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        (f"{ONE}.params.workers", [0.5], f"{ONE}.params.workers[0] is float, not int"),
        *[(f"{ONE}.cost_s", Raw(word), f"{word} is not a number that") for word in ("NaN", "Infinity", "-Infinity")],
        (f"{ONE}.cost_s", Raw("9" * 10_000), ""),
        *[(place, GONE, f"{place} is missing") for place in ("machine", "software.torch", f"{ONE}.samples[3].arm")],
        *[(place, 1, f"{place} is unknown") for place in ("extra", "machine.extra", f"{ONE}.samples[3].extra")],
        *[("schema", schema, f"schema {schema!r}") for schema in (0, 1, 2, 3, 5, "3", "4", None, 3.0)],
        *[("schema", schema, "schema") for schema in (True, 4.0)],
        ("schema", GONE, "schema None"),
        # A verdict looks at samples and surroundings pass by pass.
        (f"{ONE}.passes", 3, f"{ONE}.samples are of the passes [0], not of 3"),
        (f"{ONE}.surroundings", [], f"{ONE}.surroundings has 0 entries, not 1"),
        (f"{ONE}.confirmation", DATA["experiments"]["one"]["samples"], f"{ONE}.surroundings has 1 entries, not 2"),
    ],
)
def test_what_the_file_cannot_say(file: Path, place: str, value: Any, words: str) -> None:
    file.write_text(text(place, value), encoding="utf-8")
    assert words in refused(file)


@pytest.mark.parametrize("key", ["tier", "cpu", "samples", "values"])
def test_a_key_twice(file: Path, key: str) -> None:
    file.write_text(re.sub(rf'("{key}": )', rf'"{key}": 1, \1', text(), count=1), encoding="utf-8")
    assert f"the key '{key}' stands twice" in refused(file)


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        *[(text()[: int(len(text()) * share)], "not a result file") for share in (0.0, 0.01, 0.5, 0.999)],
        *[(opening * 200_000, "not a result file") for opening in ("[", '{"schema":')],
        *[(whole, "not an object") for whole in ("[]", "1", "null", '"results"', "[{}]")],
        *[(bytes_, "not UTF-8 text") for bytes_ in (b"\xff\xfe{}", '{"cpu": "é"}'.encode("latin-1"))],
    ],
    ids=lambda each: f"{each[:20]!r}",
)
def test_what_is_no_object_at_all(file: Path, whole: str | bytes, words: str) -> None:
    file.write_bytes(whole if isinstance(whole, bytes) else whole.encode())
    assert words in refused(file)


def test_fifty_megabytes_are_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(file, "wb") as large:
        large.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_text", None)
    assert f"50,000,000 bytes; a result file has at most {MAX_BYTES:,}" in refused(file)


def test_no_file_or_a_folder_in_its_place(file: Path) -> None:
    assert "cannot be read (No such file or directory)" in refused(file)
    file.mkdir()
    assert "cannot be read (Is a directory)" in refused(file)


def test_samples_keep_their_order_and_a_missing_arm_is_named() -> None:
    one = measured()
    assert one.samples_of("alone") == [sample.values["total"] for sample in one.samples if sample.arm == "alone"]
    with pytest.raises(KeyError, match="no samples of 'total' for the arm 'lost'"):
        one.samples_of("lost")
    with pytest.raises(KeyError, match="no samples of 'lost' for the arm 'alone'"):
        one.estimate("alone", "lost")
