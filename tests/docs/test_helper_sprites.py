"""The helper sprites' statements, proven by counting. Each docstring begins with words of the page.

What it does not prove: how long anything takes. That is measured by every build, and shown with its spread.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import traceback
from pathlib import Path
from textwrap import indent
from typing import Any

import numpy as np
import pytest
from torch.utils.data import DataLoader

from snippets.experiments.counting_datasets import Fetches, Makers, with_collator
from snippets.pages.helper_sprites import debugging_headaches, optional_num_workers
from snippets.pages.helper_sprites.memory_goblins import Hoard, PackedHoard

from .counting import NeverAnswers, children, numbered
from .counting import loader as helpers
from .pages import GUIDE_2
from .processes import run
from .sentences import not_on_the_page

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")


def test_every_docstring_is_on_the_page() -> None:
    tests = {name: made for name, made in globals().items() if name != "test_every_docstring_is_on_the_page"}
    assert not_on_the_page(GUIDE_2, tests) == []


# The spell.


def test_alone() -> None:
    """Your main Python script does all the work. It asks the `Dataset` for sprite 0, then sprite 1, then sprite
    2… collects them, packs the batch, and *then* hands it to the model.
    """
    sprites = Fetches(6)
    for number, batch in enumerate(helpers(sprites, 0, batch_size=2, collate_fn=numbered)):
        assert batch == [2 * number, 2 * number + 1]
        assert sprites.order == [*range(2 * number + 2)]
    assert next(iter(helpers(Makers(), 0, collate_fn=with_collator))) == ([os.getpid()], os.getpid())


def test_a_whole_batch() -> None:
    """Each helper takes a whole batch for itself: it calls `your_dataset[index]` for every sprite of it, packs
    the batch, and puts it where the main script can pick it up.
    """
    for makers, packer in helpers(Makers(), 2, batch_size=4, collate_fn=with_collator):
        assert makers == [packer] * 4
        assert packer != os.getpid()


def test_summoned_at_every_loop() -> None:
    """They are summoned at every `for batch in loader`, not when the `DataLoader` is made, and sent home at its
    end
    """
    before = children()
    made = helpers(Makers(), 2)
    assert children() == before
    first, second = ({int(maker) for maker in made} for _ in range(2))
    assert len(first) == len(second) == 2 and not first & second
    assert children() == before


def test_kept() -> None:
    """unless you ask for `persistent_workers=True`."""
    made = helpers(Makers(), 2, persistent_workers=True)
    first, second = ({int(maker) for maker in made} for _ in range(2))
    assert first == second <= children()


# Caveats and costs.


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no CPU affinity to set")
def test_cores(tmp_path: Path) -> None:
    """Count the ones that you may use: `len(os.sched_getaffinity(0))` on Linux, less if a container's quota
    says so. `os.cpu_count()` counts the whole machine
    """
    code = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    outcome = run("-c", f"{code}; print(len(os.sched_getaffinity(0)), os.cpu_count())", cwd=tmp_path)
    assert outcome.stdout.split() == ["1", str(os.cpu_count())]


def test_reading_writes() -> None:
    """Python keeps a *reference count* inside each object, and even *reading* an object writes to it."""
    hoard = Hoard([f"goblin {number}" for number in range(2)])
    before = sys.getrefcount(hoard.names[0])
    name = hoard.names[0]
    assert sys.getrefcount(name) == before + 1


def test_two_arrays() -> None:
    """Two arrays instead of a million objects leave the goblins hungry"""
    names = ["goblin", "", "grün", "x" * 300]
    packed, hoard = PackedHoard(names), Hoard(names)
    assert [type(held) for held in vars(packed).values()] == [np.ndarray, np.ndarray]
    assert [packed[index] for index in range(4)] == [hoard[index] for index in range(4)] == [6, 0, 4, 300]


# Platform quirks. A notebook's `__main__` is no file, as that of `python -c`.

DATASET = """
from torch.utils.data import Dataset


class Sprites(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return index
"""

EPOCH = """
from torch.utils.data import DataLoader

loader = DataLoader(Sprites(), num_workers=2, multiprocessing_context="{method}")
print(sorted(int(sprite) for sprite in loader))
"""

FETCHED = "[0, 1, 2, 3]\n"


def guarded(code: str) -> str:
    return f"if __name__ == '__main__':\n{indent(code, '    ')}"


def test_start_method(tmp_path: Path) -> None:
    """Linux forks up to Python 3.13 and uses a fork server from 3.14; macOS and Windows spawn."""
    outcome = run("-c", "import multiprocessing; print(multiprocessing.get_start_method())", cwd=tmp_path)
    forks = sys.platform == "linux" and sys.version_info < (3, 14)
    expected = "fork" if forks else "forkserver" if sys.platform == "linux" else "spawn"
    assert outcome.stdout.strip() == expected


def test_imported_again(tmp_path: Path) -> None:
    """Wherever helpers are not forked, they import your script again"""
    script = tmp_path / "train.py"
    code = f"print('imported', flush=True)\n{DATASET}"
    script.write_text(code + guarded(EPOCH.format(method="spawn")))
    outcome = run(script, cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout.count("imported") == 3
    assert FETCHED in outcome.stdout


def test_guard_in_a_notebook(tmp_path: Path) -> None:
    """In a notebook, that guard does nothing at all."""
    for code in (EPOCH, guarded(EPOCH)):
        outcome = run("-c", DATASET + code.format(method="spawn"), cwd=tmp_path)
        assert outcome.code != 0
        assert "Can't get attribute 'Sprites' on <module '__main__' (built-in)>" in outcome.stderr


def test_importable(tmp_path: Path) -> None:
    """What helps there is a `Dataset` that helpers can import, from a file beside the notebook"""
    (tmp_path / "sprites.py").write_text(DATASET)
    code = "from sprites import Sprites\n" + EPOCH.format(method="spawn")
    outcome = run("-c", code, cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (0, FETCHED), outcome.stderr


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system has no fork")
def test_notebook_under_fork(tmp_path: Path) -> None:
    """what works under fork, and what fails under spawn."""
    outcome = run("-c", DATASET + EPOCH.format(method="fork"), cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (0, FETCHED), outcome.stderr


# Debugging headaches.


def test_the_error_is_carried_back() -> None:
    """PyTorch carries the error back and raises it in the main process with the helper's own traceback inside.
    The last line is the one you want
    """
    lines = debugging_headaches.first_error(2)
    assert lines[0] == "Caught ValueError in DataLoader worker process 1."
    assert lines[1] == "Original Traceback (most recent call last):"
    assert any("__getitem__" in line for line in lines)
    assert lines[-1] == "ValueError: sprite 13 has no pixels"


def test_the_error_without_helpers() -> None:
    """`num_workers=0` raises the error right where it happens (and lets a debugger in)"""
    assert debugging_headaches.first_error(0) == ["sprite 13 has no pixels"]
    with pytest.raises(ValueError) as raised:
        list(helpers(debugging_headaches.OneBadSprite(), 0))
    innermost = traceback.extract_tb(raised.value.__traceback__)[-1]
    assert (Path(innermost.filename).name, innermost.name) == ("debugging_headaches.py", "__getitem__")


def test_a_helper_that_hangs() -> None:
    """`timeout=60` turns a helper that never answers into an error."""
    with pytest.raises(RuntimeError, match="DataLoader timed out after 1 seconds"):
        list(DataLoader(NeverAnswers(), num_workers=1, timeout=1))


# The script.


def test_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    """It creates another `DataLoader` with `num_workers=N` (here `N=4`).

    Run as a script with a loader that notes what it is asked for, and whether all its batches are looped through.
    """
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


def test_the_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    """a `Dataset` whose `__getitem__` has an artificial delay (`time.sleep()`)"""
    slept: list[float] = []
    monkeypatch.setattr(optional_num_workers.time, "sleep", slept.append)
    optional_num_workers.SlowSprites(delay=0.25)[3]
    assert slept == [0.25]
