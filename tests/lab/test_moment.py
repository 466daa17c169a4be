"""What a build derives from files it derives once; nothing outlives the build, or hides a change of a file."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from snippets.lab import moment
from snippets.lab.store import SETTLED_NS, once_per_change, write_whole


@pytest.fixture(autouse=True)
def after() -> Iterator[None]:
    yield
    moment.end()


def test_within_a_moment_it_is_derived_once_and_outside_each_time() -> None:
    calls: list[str] = []

    @moment.once
    def derived(name: str, ending: str = "") -> list[str]:
        calls.append(name + ending)
        return [name]

    assert derived("a") is not derived("a")
    moment.begin()
    assert derived("a") is derived("".join(["", "a"])), "words are the same where they are equal"
    assert derived("a") is not derived("b")
    assert derived("a", ending="!") is not derived("a")
    assert calls == ["a", "a", "a", "b", "a!"]
    moment.end()
    assert derived("a") is not derived("a")


def test_a_moment_lasts_as_long_as_its_block_however_that_ends() -> None:
    derived = moment.once(lambda: [0])
    with pytest.raises(LookupError), moment.lasting():
        assert derived() is derived()
        raise LookupError
    assert derived() is not derived()


def test_other_arguments_are_the_same_where_they_are_one_object() -> None:
    """Also after the first was given away: its place in memory may be taken by the next."""
    seen: list[list[int]] = []

    @moment.once
    def derived(numbers: list[int]) -> int:
        seen.append(numbers)
        return sum(numbers)

    moment.begin()
    numbers = [1, 2]
    assert [derived(numbers), derived(numbers)] == [3, 3]
    assert len(seen) == 1
    seen.clear()
    del numbers
    assert [derived([each]) for each in range(100)] == [*range(100)]


def test_what_raises_is_tried_again() -> None:
    tried: list[int] = []

    @moment.once
    def derived() -> None:
        tried.append(1)
        raise ValueError

    moment.begin()
    for _ in range(2):
        with pytest.raises(ValueError):
            derived()
    assert len(tried) == 2


def test_a_moment_begins_anew_after_files_have_changed() -> None:
    calls: list[int] = []

    @moment.once
    def derived() -> None:
        calls.append(1)

    moment.renew()
    derived()
    derived()
    assert len(calls) == 2, "outside of a moment there is none to renew"
    moment.begin()
    derived()
    moment.renew()
    derived()
    derived()
    assert len(calls) == 4


class Reader:
    """Counts how often it reads."""

    def __init__(self) -> None:
        self.count = 0
        self.read = once_per_change(self._read)

    def _read(self, path: Path) -> str:
        self.count += 1
        return path.read_text(encoding="utf-8")


def age(path: Path, seconds: float = 60) -> None:
    """As if it had been written so long ago."""
    at = time.time_ns() - int(seconds * 1e9)
    os.utime(path, ns=(at, at))


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    reader, path = Reader(), tmp_path / "a"
    path.write_text("one")
    age(path)
    assert [reader.read(path), reader.read(path)] == ["one", "one"]
    assert reader.count == 1
    write_whole(path, "two")
    assert reader.read(path) == "two", "another file of the same size"
    age(path, 30)
    assert reader.read(path) == "two"
    path.write_text("six")
    age(path, 20)
    assert reader.read(path) == "six", "the same file, of the same size"


def test_a_file_that_has_just_changed_is_not_kept(tmp_path: Path) -> None:
    """It may change once more before the clock of its file system moves on."""
    reader, path = Reader(), tmp_path / "a"
    path.write_text("one")
    at = path.stat().st_mtime_ns
    assert reader.read(path) == "one"
    path.write_text("two")
    os.utime(path, ns=(at, at))
    assert time.time_ns() - at < SETTLED_NS or pytest.skip("too slow to tell")
    assert reader.read(path) == "two"


def test_a_file_that_is_not_there_is_asked_for_each_time(tmp_path: Path) -> None:
    reader, path = Reader(), tmp_path / "a"
    for _ in range(2):
        with pytest.raises(FileNotFoundError):
            reader.read(path)
    path.write_text("one")
    assert reader.read(path) == "one"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        reader.read(path)
