"""A result file is written whole or not at all: whatever fails, the one before stays and can be read."""

import errno
import math
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.paths import ROOT
from snippets.lab.results import results
from snippets.lab.results.results import RoundSample
from tests.lab.house import namespaced
from tests.lab.made import measured
from tests.lab.made import results as made

OLD = made(one=measured())
NEW = made(one=measured(), two=measured())

WRITE = """
import os, signal, sys
from dataclasses import replace
from pathlib import Path
from snippets.lab.results import results
path = Path(sys.argv[1])
old = results.read(path)
one = next(iter(old.experiments.values()))
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "results.json"
    results.write(OLD, path)
    return path


def intact(file: Path) -> None:
    """The old results, and nothing beside them."""
    assert results.read(file) == OLD
    assert os.listdir(file.parent) == [file.name]


def test_the_new_file_takes_the_place_of_the_old(file: Path) -> None:
    results.write(NEW, file)
    assert results.read(file) == NEW
    assert os.listdir(file.parent) == [file.name]
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    results.write(OLD, tmp_path / "new" / "folder" / "results.json")
    assert results.read(tmp_path / "new" / "folder" / "results.json") == OLD


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_a_number_is_not_written(file: Path, value: float) -> None:
    broken = measured(samples=[RoundSample(0, 0, "alone", {"total": value})])
    with pytest.raises(ValueError):
        results.write(made(one=broken), file)
    intact(file)


@pytest.mark.parametrize("name", ["fsync", "chmod", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()], ids=repr)
def test_a_write_that_breaks_off_midway(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, error: BaseException
) -> None:
    def breaks(*_: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(os, name, breaks)
        with pytest.raises(type(error)) as caught:
            results.write(NEW, file)
    assert caught.value is error
    assert not isinstance(error, OSError) or error.filename == str(file)
    intact(file)


def test_killed_between_write_and_replace(file: Path) -> None:
    """A temporary file may then be left; it disturbs neither reading nor the next writing."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("this system ends no process by a signal")
    script = WRITE + "os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    script += "results.write(old.with_experiment('two', one), path)\n"
    ended = subprocess.run([sys.executable, "-c", script, str(file)], cwd=ROOT)
    assert ended.returncode == -signal.SIGKILL
    assert results.read(file) == OLD
    left = set(os.listdir(file.parent)) - {file.name}
    assert all(name.startswith(f".{file.name}.") for name in left)
    results.write(NEW, file)
    assert results.read(file) == NEW


FAIL = """
large = {str(number): one for number in range(200)}
try:
    results.write(replace(old, experiments=large), path)
except OSError as error:
    print(error.errno, Path(error.filename).parent)
assert results.read(path) == old
assert os.listdir(path.parent) == [path.name], os.listdir(path.parent)
"""


FULL = """
kept=$(mktemp); cp "$1" "$kept"
mount -t tmpfs -o size=64k none "$(dirname "$1")"; cp "$kept" "$1"; rm "$kept"
"""
READ_ONLY = """
folder=$(dirname "$1"); mount --bind "$folder" "$folder"; mount -o remount,bind,ro "$folder"
"""


@pytest.mark.parametrize(("mount", "code"), [(FULL, errno.ENOSPC), (READ_ONLY, errno.EROFS)], ids=["full", "read-only"])
def test_a_disk_that_takes_nothing(file: Path, mount: str, code: int) -> None:
    ended = namespaced(mount + '"$2" -c "$3" "$1"', str(file), sys.executable, WRITE + FAIL, cwd=ROOT)
    assert ended.stdout == f"{code} {file.parent}\n", ended.stderr
    intact(file)
