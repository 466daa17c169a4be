"""What is said of the first versions as a whole, proven by their own text. Each docstring begins with the page's words.

Their statements are judged one by one, by claims.
"""

from __future__ import annotations

import pytest
import torch
from torch.utils.data import TensorDataset, default_collate

from .counting import children, loader
from .pages import GUIDE_2
from .seeds import SEED_BLOCKS, SEED_TEXTS
from .sentences import not_on_the_page

PAGE = "reference/first-versions.md"


def test_every_docstring_is_on_the_page() -> None:
    tests = {name: made for name, made in globals().items() if name != "test_every_docstring_is_on_the_page"}
    assert not_on_the_page(PAGE, tests) == []


def ending(block: str) -> str:
    """How a block of the first version ends, run alone."""
    try:
        exec(compile(block, "block", "exec"), {"__name__": "__main__"})
    except Exception as error:
        return type(error).__name__
    return "it runs"


def test_name_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the ten blocks of the optimization guide, nine end in a `NameError`. The tenth, its complete example, runs.

    It imports what it needs. It gets a loader of one batch, so that it ends soon.
    """
    monkeypatch.setattr(torch.utils.data, "DataLoader", lambda dataset, **_: [default_collate([dataset[0]])])
    endings = {name: ending(block) for name, block in SEED_BLOCKS.items()}
    assert len(endings) == 10
    assert endings.pop("complete_example") == "it runs"
    assert set(endings.values()) == {"NameError"}, endings


def test_three_settings_at_once() -> None:
    """It changes three settings at once"""
    slow, fast = SEED_BLOCKS["complete_example"].split("# Fast version")
    changed = [name for name in ("num_workers=4", "pin_memory=True", "persistent_workers=True") if name in fast]
    assert len(changed) == 3
    assert not any(name in slow for name in changed)
    assert "persistent_workers" not in SEED_BLOCKS["complete_example"].split("# Benchmark")[1], "one epoch of each"


def test_persistent_workers_outlive_the_timer() -> None:
    """`persistent_workers` nothing within one epoch, except to move the end of the workers out of the timer."""
    before = children()
    for kept in (False, True):
        made = loader(TensorDataset(torch.zeros(4)), 2, persistent_workers=kept)
        assert len([*made]) == 4
        assert bool(children() - before) == kept
        del made


def test_simulated_work_on_the_cpu() -> None:
    """Its simulated GPU work runs on the CPU"""
    assert "_ = data.mean()" in SEED_BLOCKS["complete_example"]
    assert "cuda" not in SEED_BLOCKS["complete_example"]


def test_the_script_was_not_there() -> None:
    """The script `06_optional_num_workers.py`, which the other guide is about, was not there."""
    assert "`06_optional_num_workers.py`" in SEED_TEXTS[GUIDE_2]
    assert "import" not in SEED_TEXTS[GUIDE_2], "nor did the guide show its code"
