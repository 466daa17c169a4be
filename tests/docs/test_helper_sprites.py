"""What the second guide says of its own snippets, proven by counting; `proves` has its words.

What it does not prove: how long anything takes. That is measured by every build, and shown with its spread.
"""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch.utils.data import DataLoader

from snippets.lab.paths import DOCS
from snippets.pages.helper_sprites import debugging_headaches, optional_num_workers
from snippets.pages.helper_sprites.memory_goblins import Hoard, PackedHoard

from .pages import GUIDE_2
from .sentences import proves


@proves(GUIDE_2, "Python keeps a *reference count* inside each object, and even *reading* an object writes to it.")
def test_reading_writes() -> None:
    hoard = Hoard([f"goblin {number}" for number in range(2)])
    before = sys.getrefcount(hoard.names[0])
    name = hoard.names[0]
    assert sys.getrefcount(name) == before + 1


@proves(GUIDE_2, "Two arrays instead of a million objects leave the goblins hungry")
def test_two_arrays() -> None:
    names = ["goblin", "", "grün", "x" * 300]
    packed, hoard = PackedHoard(names), Hoard(names)
    assert [type(each) for each in vars(packed).values()] == [np.ndarray, np.ndarray]
    assert [packed[index] for index in range(4)] == [hoard[index] for index in range(4)] == [6, 0, 4, 300]


# The lab.


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_the_lab_forks_on_linux_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    """On macOS the fork of a notebook's process may crash, and end the lab there."""
    lab = (DOCS / "labs" / "helper_sprites.py").read_text(encoding="utf-8")
    (cell,) = (cell for cell in re.split("^# %%", lab, flags=re.MULTILINE) if '"fork"' in cell)
    monkeypatch.setattr(sys, "platform", system)
    exec(cell, {"SlowSprites": int, "seconds_for_an_epoch": lambda *_: pytest.fail("it forks")})
    assert capsys.readouterr().out == "only on Linux\n"


# Debugging headaches.


@proves(GUIDE_2, "The last line is the one you want")
def test_the_error_is_carried_back() -> None:
    lines = debugging_headaches.first_error(2)
    assert lines[:2] == [
        "Caught ValueError in DataLoader worker process 1.",
        "Original Traceback (most recent call last):",
    ]
    assert lines[-1] == "ValueError: sprite 13 has no pixels"


@proves(GUIDE_2, "`num_workers=0` raises the error right where it happens (and lets a debugger in)")
def test_the_error_without_helpers() -> None:
    assert debugging_headaches.first_error(0) == ["sprite 13 has no pixels"]
    with pytest.raises(ValueError) as raised:
        list(DataLoader(debugging_headaches.OneBadSprite()))
    innermost = traceback.extract_tb(raised.value.__traceback__)[-1]
    assert (Path(innermost.filename).name, innermost.name) == ("debugging_headaches.py", "__getitem__")


# The script of the second guide.


@proves(GUIDE_2, "It creates another `DataLoader` with `num_workers=N` (here `N=4`).")
def test_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a loader that notes what it is asked for, and whether all its batches are looped through."""
    asked: list[int] = []
    loops: list[int] = []

    def noting(dataset: Any, batch_size: int, num_workers: int) -> Any:
        asked.append(num_workers)
        yield from range(0, len(dataset), batch_size)
        loops.append(num_workers)

    monkeypatch.setattr(optional_num_workers, "DataLoader", noting)
    for num_workers in (0, 4):
        optional_num_workers.seconds_for_an_epoch(num_workers)
    assert asked == loops == [0, 4]


@proves(GUIDE_2, "a `Dataset` whose `__getitem__` has an artificial delay (`time.sleep()`)")
def test_the_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(optional_num_workers.time, "sleep", slept.append)
    optional_num_workers.SlowSprites(delay=0.25)[3]
    assert slept == [0.25]
