"""The tuner as a reader calls it: the file and a module beside it, in a process of their own, whatever is wrong.

What it does not prove: that the answer is the best count, for nothing here looks at a clock; that is test_race.py.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import re
import shutil
import sys
import types
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from torch.utils.data import DataLoader, Subset

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
        ("deaf", "step", "make_loader(0) gave a loader with 2 workers; pass num_workers on"),
        ("none", "step", "make_loader gave NoneType; let it return a torch DataLoader"),
        ("doubled", "step", "each worker gives all items of Stream again; share them out in its __iter__"),
        ("nothing", "step", "own:nothing: module 'own' has no attribute 'nothing'; write module:function"),
        ("locked", "step", "dataset.inner['lock'] (lock) cannot be pickled for them; define it at"),
        ("moved", "step", "Moved has an __iter__ of its own; give a plain DataLoader, not prepared by another library"),
        ("drawn_once", "step", "its sampler gives no second epoch: it is empty, or can be read only once"),
        (
            "always_kept",
            "step",
            "(own.py, line 150); set that for workers alone, as in persistent_workers=num_workers > 0",
        ),
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
@pytest.mark.parametrize("make_loader", ["streaming", "alike", "short_and_kept"])
def test_a_stream_that_its_workers_share_is_raced(python: Preloaded | None, folder: Path, make_loader: str) -> None:
    """Also one of equal items, and one whose epochs are short, with the clocks of workers that come anew or stay."""
    _, tuned = raced(python, folder, "tune_num_workers.py", f"own:{make_loader}", "--step", "own:step")
    assert tuned["clocks"]["batch"] >= tuned["clocks"]["compute"] > 0
    if Path("/proc/self/smaps_rollup").exists():
        assert all(each["pss"] > 0 for count, each in tuned["raced"].items() if count != "0")


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
    with pytest.raises(tuner.TuneError, match="cannot import Here from"):
        tuner.check_main(DataLoader(Subset(here(), [0, 1])))
    collate = partial(partial, type("Padded", (), {"__module__": "__main__"}))
    with pytest.raises(tuner.TuneError, match="cannot import Padded from"):
        tuner.check_main(DataLoader(readers_own.Waits(), collate_fn=collate))
    tuner.check_main(DataLoader(readers_own.Waits()))


def test_a_folder_that_is_not_there_is_told_before_anything_is_raced(tmp_path: Path) -> None:
    with pytest.raises(tuner.TuneError, match="there is no folder for .*; make it first"):
        tuner.tune(readers_own.quick, json_file=str(tmp_path / "none" / "tuned.json"))


def test_a_path_is_no_module() -> None:
    with pytest.raises(tuner.TuneError, match="write module:function, such as train:make_loader"):
        tuner.function("../train:make_loader")


@pytest.mark.parametrize(("method", "more"), [("fork", ""), ("spawn", "; or see above why it could not start")])
def test_a_worker_that_died_is_told_with_what_is_known(monkeypatch: pytest.MonkeyPatch, method: str, more: str) -> None:
    """Shared memory is named where there is a limit of it, and a start that failed where workers are not forked."""
    monkeypatch.setattr(tuner.multiprocessing, "get_start_method", lambda: method)
    monkeypatch.setattr(tuner, "free_shared_memory", lambda: math.inf)
    died = RuntimeError("DataLoader worker (pid(s) 7) exited unexpectedly")
    assert str(tuner.failure("loading", died)) == f"loading: a worker died; give it more memory{more}"
    monkeypatch.setattr(tuner, "free_shared_memory", lambda: 64e6)
    assert "or more /dev/shm (of which 64 MB are left)" in str(tuner.failure("loading", died))


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
