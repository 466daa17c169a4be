"""Whatever a result file must not say is refused by name, and never turns into a number."""

import json
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.results import results
from snippets.lab.results.results import MAX_BYTES
from snippets.lab.store import ResultError
from tests.lab.made import measured
from tests.lab.made import results as made

DATA = asdict(made(one=measured()))
ONE = "experiments.one"


def text(change: Callable[[dict[str, Any]], None] = lambda data: None) -> str:
    data = deepcopy(DATA)
    change(data)
    return json.dumps(data)


def put(place: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Set what stands at a place such as `experiments.one.samples[3].arm`."""

    def change(data: Any) -> None:
        *path, last = [int(p) if p.isdigit() else p for p in re.findall(r"[\w-]+", place)]
        for step in path:
            data = data[step]
        data[last] = value

    return change


def drop(place: str, key: str) -> Callable[[dict[str, Any]], None]:
    def change(data: Any) -> None:
        for step in re.findall(r"[\w-]+", place):
            data = data[int(step) if step.isdigit() else step]
        del data[key]

    return change


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


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_that_is_no_number(file: Path, constant: str) -> None:
    file.write_text(text(put(f"{ONE}.cost_s", "HERE")).replace('"HERE"', constant))
    assert f"{constant} is not a number that was measured" in refused(file)


@pytest.mark.parametrize("digits", ["1e999", "-1e999", "1" + "0" * 400])
@pytest.mark.parametrize("place", [f"{ONE}.cost_s", "machine.quota", f"{ONE}.samples[3].values.total"])
def test_a_number_beyond_all_numbers(file: Path, place: str, digits: str) -> None:
    file.write_text(text(put(place, "HERE")).replace('"HERE"', digits))
    assert re.search(rf"{re.escape(place)} is -?inf, not a finite number", refused(file))


def test_a_number_of_ten_thousand_digits(file: Path) -> None:
    file.write_text(text(put(f"{ONE}.cost_s", "HERE")).replace('"HERE"', "9" * 10_000))
    refused(file)


@pytest.mark.parametrize(
    ("place", "key"), [("", "tier"), ("machine", "cpu"), (ONE, "samples"), (f"{ONE}.samples.0", "values")]
)
def test_a_key_twice(file: Path, place: str, key: str) -> None:
    file.write_text(re.sub(rf'("{key}": )', rf'"{key}": 1, \1', text(), count=1))
    assert f"the key '{key}' stands twice" in refused(file)


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("dirty", 0, "dirty is int, not bool"),
        ("commit", None, "commit is NoneType, not str"),
        ("machine", [], "machine is list, not an object"),
        ("machine.cores", True, "machine.cores is bool, not int"),
        ("machine.cores", 2.0, "machine.cores is float, not int"),
        ("machine.ram", "16", "machine.ram is str, not int"),
        ("machine.quota", "2", "machine.quota is str, not one of float, NoneType"),
        ("machine.quota", True, "machine.quota is bool, not one of float, NoneType"),
        ("machine.gpu", 1, "machine.gpu is int, not one of str, NoneType"),
        ("tier", "tpu", "tier is 'tpu', not one of 'cpu', 'gpu'"),
        ("tier", ["cpu"], "tier is ['cpu'], not one of 'cpu', 'gpu'"),
        ("experiments", [], "experiments is list, not dict"),
        (f"{ONE}.status", "fine", f"{ONE}.status is 'fine', not one of 'measured', 'unavailable', 'error'"),
        (f"{ONE}.better", True, f"{ONE}.better is True, not one of 'higher', 'lower'"),
        (f"{ONE}.cost_s", "1", f"{ONE}.cost_s is str, not float"),
        (f"{ONE}.cost_s", True, f"{ONE}.cost_s is bool, not float"),
        (f"{ONE}.rounds", False, f"{ONE}.rounds is bool, not int"),
        (f"{ONE}.params.workers", None, f"{ONE}.params.workers is NoneType, not one of str, int, float, bool, list"),
        (f"{ONE}.params.workers", [0.5], f"{ONE}.params.workers[0] is float, not int"),
        (f"{ONE}.params.workers", {"a": 1}, f"{ONE}.params.workers is dict, not one of str, int, float, bool, list"),
        (f"{ONE}.samples", {}, f"{ONE}.samples is dict, not list"),
        (f"{ONE}.samples[3]", 1.5, f"{ONE}.samples[3] is float, not an object"),
        (f"{ONE}.samples[3].values.total", None, f"{ONE}.samples[3].values.total is NoneType, not float"),
        (f"{ONE}.samples[3].values.total", "1.5", f"{ONE}.samples[3].values.total is str, not float"),
        (f"{ONE}.traces.helped[2].batch", 1.0, f"{ONE}.traces.helped[2].batch is float, not one of int, NoneType"),
        (f"{ONE}.surroundings[0].capacity", 2.0, f"{ONE}.surroundings[0].capacity is float, not list"),
        (f"{ONE}.surroundings[0].steal", "0", f"{ONE}.surroundings[0].steal is str, not one of float, NoneType"),
        (f"{ONE}.form", "long", f"{ONE}.form is 'long', not one of 'short', 'full'"),
    ],
)
def test_a_wrong_type(file: Path, place: str, value: Any, words: str) -> None:
    file.write_text(text(put(place, value)))
    assert words in refused(file)


@pytest.mark.parametrize(
    ("place", "key"), [("", "machine"), ("software", "torch"), (ONE, "samples"), (f"{ONE}.samples.3", "arm")]
)
def test_a_missing_key(file: Path, place: str, key: str) -> None:
    file.write_text(text(drop(place, key)))
    where = ".".join(part for part in (place.replace(".3", "[3]"), key) if part)
    assert f"{where} is missing" in refused(file)


@pytest.mark.parametrize("place", ["extra", "machine.extra", f"{ONE}.extra", f"{ONE}.samples[3].extra"])
def test_an_unknown_key(file: Path, place: str) -> None:
    file.write_text(text(put(place, 1)))
    assert f"{place} is unknown" in refused(file)


@pytest.mark.parametrize("schema", [0, 1, 2, 4, "3", None, True, 3.0])
def test_another_schema(file: Path, schema: Any) -> None:
    file.write_text(text(put("schema", schema)))
    assert "schema" in refused(file)


def test_no_schema(file: Path) -> None:
    file.write_text(text(drop("", "schema")))
    assert "schema None" in refused(file)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 0.999])
def test_a_truncated_file(file: Path, share: float) -> None:
    whole = text()
    file.write_text(whole[: int(len(whole) * share)])
    assert "not a result file" in refused(file)


@pytest.mark.parametrize("whole", ["[]", "1", "null", '"results"', "[{}]"])
def test_something_else_than_an_object(file: Path, whole: str) -> None:
    file.write_text(whole)
    assert re.search(r"the file is \w+, not an object", refused(file))


@pytest.mark.parametrize("bytes_", [b"\xff\xfe{}", '{"cpu": "é"}'.encode("latin-1")])
def test_not_utf_8(file: Path, bytes_: bytes) -> None:
    file.write_bytes(bytes_)
    assert "not UTF-8 text" in refused(file)


def test_fifty_megabytes_are_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(file, "wb") as large:
        large.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_text", None)
    assert f"50,000,000 bytes; a result file has at most {MAX_BYTES:,}" in refused(file)


@pytest.mark.parametrize("opening", ["[", '{"schema":'])
def test_deep_nesting(file: Path, opening: str) -> None:
    file.write_text(opening * 200_000)
    assert "not a result file" in refused(file)


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    assert "cannot be read (Is a directory)" in refused(tmp_path)


def test_no_file(file: Path) -> None:
    assert "cannot be read (No such file or directory)" in refused(file)


def test_samples_keep_their_order_and_a_missing_arm_is_named() -> None:
    one = measured()
    assert one.samples_of("alone") == [sample.values["total"] for sample in one.samples if sample.arm == "alone"]
    with pytest.raises(KeyError, match="no samples of 'total' for the arm 'lost'"):
        one.samples_of("lost")
    with pytest.raises(KeyError, match="no samples of 'lost' for the arm 'alone'"):
        one.estimate("alone", "lost")


def test_fewer_passes_than_are_told(file: Path) -> None:
    """A verdict looks at them pass by pass."""
    file.write_text(text(put(f"{ONE}.passes", 3)))
    assert f"{ONE}.samples are of the passes [0], not of 3" in refused(file)


def test_a_pass_without_its_surroundings(file: Path) -> None:
    file.write_text(text(put(f"{ONE}.surroundings", [])))
    assert f"{ONE}.surroundings has 0 entries, not 1" in refused(file)


def test_a_confirmation_without_its_surroundings(file: Path) -> None:
    file.write_text(text(put(f"{ONE}.confirmation", [asdict(one) for one in measured().samples])))
    assert f"{ONE}.surroundings has 1 entries, not 2" in refused(file)
