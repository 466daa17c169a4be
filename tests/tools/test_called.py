"""The tuner as a reader calls it: the file and a module beside it, in a process of their own, whatever is wrong.

What it does not prove: that the answer is the best count, for nothing here looks at a clock; that is test_race.py.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader

from snippets.lab.outputs.preloaded import Preloaded
from snippets.tools import tune_num_workers as tuner

from ..processes import UNDER, Outcome, run_in_fork
from . import readers_own

OWN = Path(__file__).with_name("readers_own.py")
forks = pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="its workers have to import torch")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(tuner.__file__, tmp_path)
    shutil.copy(OWN, tmp_path / "own.py")
    return tmp_path


def called(python: Preloaded | None, folder: Path, make_loader: str, *more: str, step: str = "step") -> Outcome:
    arguments = ("tune_num_workers.py", f"own:{make_loader}", "--step", f"own:{step}", *more)
    return run_in_fork(python, *arguments, cwd=folder)


def raced(python: Preloaded | None, folder: Path, *arguments: str | Path) -> tuple[Outcome, dict[str, Any]]:
    """How it ended and what was measured, in 4 s; where a busy one raced no count beside 0, in a minute."""
    for seconds in ("4", "60"):
        outcome = run_in_fork(python, *arguments, "--seconds", seconds, "--json", "tuned.json", cwd=folder)
        assert outcome.code in (0, 3) and not outcome.left, outcome.stderr
        tuned = json.loads((folder / "tuned.json").read_text())
        if "0" in tuned["raced"] and len(tuned["raced"]) > 1:
            return outcome, tuned
    raise AssertionError(outcome.stdout)


@forks
def test_an_answer_and_its_file(python: Preloaded | None, folder: Path) -> None:
    outcome, tuned = raced(python, folder, "tune_num_workers.py", "own:quick", "--step", "own:step")
    *lines, link = outcome.stdout.rstrip().splitlines()
    assert max(map(len, lines)) <= 80
    assert f"DataLoader(..., {tuned['arguments']})" in lines and link == tuned["simulator"]
    assert tuned["certain"] == (outcome.code == 0) == (not tuned["why"])
    assert {"0", str(tuned["num_workers"])} <= {*tuned["raced"]}
    assert tuned["clocks"]["bytes"] == 4 * 8 * 4 and tuned["clocks"]["tensors"] == 1
    assert tuned["clocks"]["batch"] >= 4 * 0.002 and 0 < tuned["clocks"]["step"] <= tuned["clocks"]["batch"]
    assert tuned["setting"]["epoch"] == 100
    assert re.findall(r"^(\D+?) {2,}.+ s left$", outcome.stderr, re.MULTILINE)[0] == "a worker makes batches"
    assert sorted(path.name for path in folder.iterdir() if path.suffix != "") == [
        "own.py",
        "tune_num_workers.py",
        "tuned.json",
    ], "no half-written file is left"


@forks
@pytest.mark.parametrize(
    ("make_loader", "step", "said"),
    [
        ("failing", "step", "loading a batch with num_workers=1 raised ValueError: no photo 7 (own.py, line "),
        ("quick", "failing_step", "step(batch) raised KeyError: 'labels' (own.py, line "),
        ("of_three", "step", "an epoch of 3 batches is too short to race; give more, or smaller batches"),
        ("deaf", "step", "make_loader(1) gave a loader with 2 workers; pass num_workers on"),
        ("none", "step", "make_loader gave NoneType; let it return a torch DataLoader"),
        ("doubled", "step", "each worker gives all items of Stream again; share them out in its __iter__"),
        ("nothing", "step", "own:nothing: module 'own' has no attribute 'nothing'; write module:function"),
        ("locked", "step", "dataset.inner['lock'] (lock) cannot be pickled for them; define it at"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(
    python: Preloaded | None, folder: Path, make_loader: str, step: str, said: str
) -> None:
    outcome = called(python, folder, make_loader, "--seconds", "20", step=step)
    assert outcome.code == 2 and not outcome.left and not outcome.stdout
    errors = [line for line in outcome.stderr.splitlines() if not line.endswith("s left")]
    assert len(errors) == 1 and errors[0].startswith("error: ") and said in errors[0], outcome.stderr


@forks
@pytest.mark.parametrize("make_loader", ["slow", "hanging", "hanging_alone"])
def test_what_takes_too_long_is_ended_in_time(python: Preloaded | None, folder: Path, make_loader: str) -> None:
    """A guard of minutes stands around this; the tuner would wait for hours."""
    outcome = called(python, folder, make_loader, "--seconds", "2")
    assert (outcome.code, outcome.left, outcome.errors.count("Traceback")) == (3, (), 0), outcome.stderr
    what = "the main process makes batches and steps" if make_loader == "hanging_alone" else "a worker makes batches"
    assert outcome.stdout.startswith(f"Cannot tell: 2 s were too few while {what}.")


@forks
@pytest.mark.parametrize(("step", "code"), [("interrupted", 130), ("terminated", 143)])
def test_an_interrupted_race_gives_the_best_so_far_and_leaves_nobody(
    python: Preloaded | None, folder: Path, step: str, code: int
) -> None:
    outcome = called(python, folder, "quick", "--seconds", "60", step=step)
    assert (outcome.code, outcome.left, outcome.errors.count("Traceback")) == (code, (), 0), outcome.stderr
    assert "Cannot tell: interrupted while" in outcome.stdout or "The best guess is" in outcome.stdout
    assert "certain:" not in outcome.stdout


@forks
def test_a_stream_that_its_workers_share_is_raced(python: Preloaded | None, folder: Path) -> None:
    raced(python, folder, "tune_num_workers.py", "own:streaming", "--step", "own:step")


@pytest.mark.parametrize("make_loader", ["spawned", "served"])
def test_workers_that_are_not_forked(python: Preloaded | None, folder: Path, make_loader: str) -> None:
    if make_loader == "served" and sys.platform == "win32":
        pytest.skip("Windows has no forkserver")
    served = (UNDER, "forkserver") if make_loader == "served" else ()
    more = ("--seconds", "30", "--most", "1", "--json", "tuned.json")
    outcome = run_in_fork(python, *served, folder / "tune_num_workers.py", f"own:{make_loader}", *more, cwd=folder)
    assert outcome.code in (0, 3) and not outcome.left, outcome.stderr
    tuned = json.loads((folder / "tuned.json").read_text())
    assert tuned["setting"]["start_method"] == {"spawned": "spawn", "served": "forkserver"}[make_loader]
    assert tuned["clocks"]["batch"] >= 0.002


CALLING = """
from own import spawned
from tune_num_workers import tune

{before}tune(spawned, seconds=20)
"""


@forks
def test_a_script_without_a_guard_is_told_so(python: Preloaded | None, folder: Path) -> None:
    """Where workers are spawned, each would call the tuner again."""
    (folder / "script.py").write_text(CALLING.format(before=""))
    outcome = run_in_fork(python, "script.py", cwd=folder)
    assert outcome.code == 1 and not outcome.left
    assert "workers that are not forked run script.py again; put its line 5" in outcome.stderr.splitlines()[-1]


def test_what_stands_at_a_prompt_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that is not forked cannot import it, and can import what stands in a module."""
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    here = type("Here", (readers_own.Waits,), {"__module__": "__main__"})
    with pytest.raises(tuner.TuneError, match="cannot import Here from a prompt or a notebook; write it into a .py"):
        tuner.check_main(DataLoader(here()))
    tuner.check_main(DataLoader(readers_own.Waits()))


RANKS = """
import runpy
import sys

from torch.distributed.launcher.api import LaunchConfig, elastic_launch


def rank():
    sys.argv[0] = "tune_num_workers.py"
    runpy.run_path("tune_num_workers.py", run_name="__main__")


if __name__ == "__main__":
    here = {"rdzv_backend": "c10d", "rdzv_endpoint": "localhost:0", "run_id": "here"}
    elastic_launch(LaunchConfig(1, 1, 2, start_method="fork", **here), rank)()
"""
"""What torchrun does, but that its ranks are forked and need not import torch each."""


@forks
def test_two_ranks_measure_together(python: Preloaded | None, folder: Path) -> None:
    (folder / "ranks.py").write_text(RANKS)
    outcome, tuned = raced(python, folder, "ranks.py", "own:quick", "--step", "own:step")
    assert outcome.code == 0 and tuned["setting"]["ranks"] == 2
    assert outcome.stdout.count("DataLoader(...") == 1, "one rank speaks"
