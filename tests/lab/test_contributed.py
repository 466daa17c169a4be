"""What a stranger's result file can try: each is refused by name, or harmless.

What it does not prove: that a number in such a file was measured. The ledger says on which machine it is said to be.
"""

import json
import os
import re
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from snippets.lab import contributed, results
from snippets.lab.contributed import file_name, read, share, told
from snippets.lab.machine import this_machine
from snippets.lab.results import ResultError, Results
from snippets.lab.surroundings import Surroundings

from .made import measured
from .made import results as made

DAY = "2026-11-01T10:00:00+00:00"


def held() -> Results:
    """One experiment that was measured, one that was not, and one that failed with a path in its reason."""
    one = measured(source_hash="0123abcd", measured_at=DAY, surroundings=[Surroundings([2.0] * 7, 0.0, None)])
    return replace(
        made(),
        commit="0123456789ab",
        measured_at=DAY,
        experiments={
            "one": one,
            "two": replace(one, status="unavailable", reason="no GPU", samples=[], passes=0, surroundings=[]),
            "three": replace(one, status="error", reason="FileNotFoundError: /home/someone/x.png"),
        },
    )


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    path = tmp_path / "my-machine.json"
    share(held(), path)
    return path


def change(path: Path, *keys: str | int, to: Any) -> None:
    data = json.loads(path.read_text())
    place = data
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    path.write_text(json.dumps(data))


def test_what_is_shared_can_be_read_and_tells_of_no_failure(shared: Path) -> None:
    found = read(shared)
    assert found == results.read(shared)
    assert set(found.experiments) == {"one", "two"}
    assert found.machine == held().machine


def test_who_shares_is_told_what(shared: Path) -> None:
    cpu = held().machine.cpu
    assert told(held()) == f"{cpu}, 1 experiment measured (short form), 2 not"
    assert told(replace(held(), experiments={})) == f"{cpu}, 0 experiments measured (no form)"


def test_what_is_shared_names_nobody(shared: Path) -> None:
    text = shared.read_text()
    login = os.environ.get("USER", "")
    for personal in (str(Path.home()), str(Path.cwd()), os.uname().nodename if hasattr(os, "uname") else ""):
        assert not personal or personal not in text
    assert not login or f'"{login}"' not in text and f"/{login}/" not in text


def test_what_would_tell_more_is_not_written(tmp_path: Path) -> None:
    one = held().experiments["one"]
    telling = replace(held(), experiments={"one": replace(one, params={"folder": "/home/someone/photos"})})
    with pytest.raises(ResultError, match="experiments.one.params.folder names a folder or an address"):
        share(telling, tmp_path / "x.json")
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(
    ("keys", "to", "said"),
    [
        (("machine", "cpu"), "<script>alert(1)</script>", "machine.cpu has markup"),
        (("machine", "cpu"), "AMD\u202eEPYC", "machine.cpu has markup or invisible characters"),
        (("machine", "cpu"), "&lt;b&gt;", "machine.cpu has markup"),
        (("machine", "cpu"), "x" * 401, "machine.cpu has 401 characters"),
        (("machine", "cpu"), "someone@example.com", "names a folder or an address"),
        (("machine", "system"), "C:/Users/someone", "names a folder or an address"),
        (("experiments", "one", "question"), "[x](javascript:alert`1`)", "question has markup"),
        (("experiments", "one", "params"), {"<b>": 1}, "params \\(a key\\) has markup"),
        (("machine", "cores"), 0, "machine.cores is 0"),
        (("machine", "cores"), 10**9, "machine.cores is 1000000000"),
        (("machine", "affinity"), 3, "machine.affinity is 3 of 2 cores"),
        (("machine", "quota"), -1.0, "machine.quota is -1.0"),
        (("machine", "ram"), 2**60, "machine.ram is"),
        (("machine", "shm"), -1, "machine.shm is -1"),
        (("machine", "gpu"), "NVIDIA H200", "tier is cpu, and machine.gpu NVIDIA H200"),
        (("tier",), "gpu", "tier is gpu, and machine.gpu None"),
        (("tier",), "tpu", "tier is 'tpu'"),
        (("commit",), "main; rm -rf /", "commit is"),
        (("measured_at",), "yesterday", "measured_at is 'yesterday'"),
        (("measured_at",), "2026-11-01", "measured_at is '2026-11-01'"),
        (("measured_at",), "2999-01-01T00:00:00+00:00", "measured_at is"),
        (("experiments", "one", "source_hash"), "../x", "source_hash is"),
        (("experiments", "one", "surroundings", 0, "steal"), 7.0, "a share that is none"),
        (("experiments", "one", "surroundings", 0, "capacity"), [1e6], "a capacity that is none"),
        (("experiments", "one", "surroundings", 0, "capacity"), [0.0], "a capacity that is none"),
        (("experiments", "one", "samples", 0, "values", "total"), "fast", "samples\\[0\\].values.total is str"),
        (("extra",), 1, "extra is unknown"),
        (("schema",), 1, "schema 1"),
    ],
)
def test_a_hostile_file_is_refused_by_name(shared: Path, keys: tuple[str | int, ...], to: Any, said: str) -> None:
    change(shared, *keys, to=to)
    with pytest.raises(ResultError, match=said):
        read(shared)


@pytest.mark.parametrize("name", ["../../index", "..", "a/b", "One", "a--b"])
def test_an_experiment_whose_name_is_a_path_is_refused(shared: Path, name: str) -> None:
    data = json.loads(shared.read_text())
    data["experiments"][name] = data["experiments"].pop("one")
    shared.write_text(json.dumps(data))
    with pytest.raises(ResultError, match=f"experiments.{re.escape(name)} is no name of an experiment"):
        read(shared)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"schema": 2, "schema": 2}', "\ufeff{}"])
def test_what_is_no_result_file_is_refused(shared: Path, text: str) -> None:
    shared.write_text(text)
    with pytest.raises(ResultError, match="my-machine.json"):
        read(shared)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(shared: Path, number: str) -> None:
    shared.write_text(re.sub(r'"total": [\d.]+', f'"total": {number}', shared.read_text(), count=1))
    with pytest.raises(ResultError, match="my-machine.json"):
        read(shared)


def test_a_large_file_is_refused_before_it_is_read(shared: Path) -> None:
    with shared.open("r+b") as file:
        file.truncate(50_000_000)
    with pytest.raises(ResultError, match="50,000,000 bytes; a contributed file has at most 2,000,000"):
        read(shared)


@pytest.mark.parametrize("name", ["My Machine.json", "x;y.json", "a" * 70 + ".json", "-x.json", "x.json.json", ".json"])
def test_a_file_name_that_is_more_than_a_name_is_refused(shared: Path, name: str) -> None:
    with pytest.raises(ResultError, match="name it with small letters"):
        read(shared.rename(shared.with_name(name)))


def test_a_link_is_refused(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(shared)
    with pytest.raises(ResultError, match="a link"):
        read(tmp_path / "link.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="nowhere.json: cannot be read"):
        read(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("cpu", "gpu", "name"),
    [
        ("AMD EPYC", None, "amd-epyc-2-cores.json"),
        ("Intel(R) Xeon(R) CPU @ 2.20GHz", None, "intel-xeon-2-cores.json"),
        ("x", "NVIDIA H200", "nvidia-h200-2-cores.json"),
        ("../../etc/passwd", None, "etc-passwd-2-cores.json"),
        ("", None, "2-cores.json"),
        ("long " * 40, None, None),
    ],
)
def test_the_name_of_a_machine_s_file_is_only_a_name(cpu: str, gpu: str | None, name: str | None) -> None:
    machine = replace(this_machine(), cpu=cpu, gpu=gpu, affinity=2, quota=None)
    assert contributed.FILE_NAME.fullmatch(file_name(machine))
    assert name is None or file_name(machine) == name


def test_the_machine_of_this_build_may_be_shared() -> None:
    """What it is called has to pass its own rules."""
    machine = this_machine()
    for text in (value for value in asdict(machine).values() if isinstance(value, str)):
        assert not contributed.MARKUP.search(text) and not contributed.PERSONAL.search(text)
