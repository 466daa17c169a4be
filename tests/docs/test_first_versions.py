"""What is said of the first versions as a whole, proven by their own text; `proves` has the pages' words.

Their statements are judged one by one, by claims.
"""

from __future__ import annotations

import pytest
import torch
from torch.utils.data import default_collate

from .pages import FIRST_VERSIONS, GUIDE_1, GUIDE_2
from .seeds import SEED_BLOCKS, SEED_TEXTS
from .sentences import proves


def ending(block: str) -> str:
    """How a block of the first version ends, run alone."""
    try:
        exec(compile(block, "block", "exec"), {"__name__": "__main__"})
    except Exception as error:
        return type(error).__name__
    return "it runs"


@proves(
    FIRST_VERSIONS,
    "Of the ten blocks of the optimization guide, nine end in a `NameError`. The tenth, its complete example, runs.",
)
def test_name_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """It imports what it needs. It gets a loader of one batch, so that it ends soon."""
    monkeypatch.setattr(torch.utils.data, "DataLoader", lambda dataset, **_: [default_collate([dataset[0]])])
    endings = {name: ending(block) for name, block in SEED_BLOCKS.items()}
    assert len(endings) == 10
    assert endings.pop("complete_example") == "it runs"
    assert set(endings.values()) == {"NameError"}, endings


@proves(
    GUIDE_1,
    "The first version of this example changed three settings at once, and credited the workers with the whole gain.",
)
@proves(FIRST_VERSIONS, "It changes three settings at once")
@proves(FIRST_VERSIONS, "Its simulated GPU work runs on the CPU")
def test_the_complete_example() -> None:
    slow, fast = SEED_BLOCKS["complete_example"].split("# Fast version")
    settings = ("num_workers=4", "pin_memory=True", "persistent_workers=True")
    assert [setting for setting in settings if setting in fast and setting not in slow] == [*settings]
    assert "persistent_workers" not in fast.split("# Benchmark")[1], "one epoch of each"
    assert "_ = data.mean()" in fast and "cuda" not in slow + fast


@proves(FIRST_VERSIONS, "The script `06_optional_num_workers.py`, which the other guide is about, was not there.")
def test_the_script_was_not_there() -> None:
    assert "`06_optional_num_workers.py`" in SEED_TEXTS[GUIDE_2]
    assert "import" not in SEED_TEXTS[GUIDE_2], "nor did the guide show its code"
