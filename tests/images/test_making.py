"""A set of images is made once, and is there in full or not at all, however it is asked for."""

import errno
import multiprocessing
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.images import __main__ as command
from snippets.images import make
from snippets.images.make import photos, sprites
from snippets.images.sets import SPRITES
from snippets.lab.paths import ROOT

from .files import contents, left_behind, stamps


def run(*arguments: str, text: str | None = None, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], input=text, cwd=cwd, capture_output=True, text=True, timeout=60)


# Made once.


def test_a_second_call_draws_nothing_and_needs_no_lock(few: Path) -> None:
    for lock in few.glob("*.lock"):
        lock.unlink()
    before = stamps(few)
    assert sprites(few, count=8) == few / "sprites"
    assert photos(few, count=6) == few / "photos"
    assert stamps(few) == before


def test_a_set_that_is_there_needs_no_numpy(few: Path) -> None:
    code = (
        "import sys, pathlib; from snippets.images.make import sprites;"
        f"sprites(pathlib.Path({str(few)!r}), count=8); print('numpy' in sys.modules, 'torch' in sys.modules)"
    )
    done = run("-c", code)
    assert (done.stdout, done.stderr) == ("False False\n", "")


def test_a_changed_drawing_is_drawn_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = stamps(sprites(tmp_path, count=1))
    copy = tmp_path / "package"
    shutil.copytree(Path(make.__file__).parent, copy)
    monkeypatch.setattr(make, "__file__", str(copy / "make.py"))
    assert stamps(sprites(tmp_path, count=1)) == before, "a copy of the same source is the same version"

    palette = copy / "sprite" / "palette.py"
    palette.write_text(palette.read_text() + "\n\n# Only a remark.\n")
    assert stamps(sprites(tmp_path, count=1)) == before, "a comment draws nothing"

    palette.write_text(palette.read_text() + "GOLD = (255, 215, 0)\n")
    (tmp_path / "sprites" / "of-old.txt").touch()
    assert stamps(sprites(tmp_path, count=1)) != before
    assert not (tmp_path / "sprites" / "of-old.txt").exists()


def test_another_count_or_a_missing_file_is_drawn_again(tmp_path: Path) -> None:
    sprites(tmp_path, count=1)
    assert len(list(sprites(tmp_path, count=2).rglob("*.png"))) == 2 * len(SPRITES.kinds)
    (tmp_path / "sprites" / "slime" / "0001.png").unlink()
    assert (sprites(tmp_path, count=2) / "slime" / "0001.png").is_file()


# All or nothing.


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_interrupted_drawing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    before = contents(sprites(tmp_path, count=1))
    draw, calls = make.draw, []

    def interrupted(*arguments: Any) -> dict:
        calls.append(draw(*arguments))
        if len(calls) == 2:
            raise error
        return calls[-1]

    monkeypatch.setattr(make, "draw", interrupted)
    with pytest.raises(error):
        sprites(tmp_path, count=6)
    assert len(calls) == 2
    assert left_behind(tmp_path) == ["sprites"]
    assert contents(tmp_path / "sprites") == before


def test_what_a_killed_run_left_is_cleared(tmp_path: Path) -> None:
    for leftover in (".sprites.new", ".sprites.old"):
        (tmp_path / leftover / "slime").mkdir(parents=True)
        (tmp_path / leftover / "slime" / "0000.png").touch()
    sprites(tmp_path, count=1)
    assert left_behind(tmp_path) == ["sprites"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_fills_up_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def full(self: Path, data: bytes) -> int:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(make.NoSpace, match=f"^No space left: the sprites need about 1 MB in {tmp_path}$"):
        sprites(tmp_path, count=2)
    assert left_behind(tmp_path) == []


def test_a_disk_that_is_too_small_is_told_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=69_000_000))
    with pytest.raises(make.NoSpace, match="^No space left: the photos need about 70 MB in "):
        photos(tmp_path)
    assert left_behind(tmp_path) == []


# However it is called.


def test_two_processes_at_once_draw_one_set(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from snippets.images.make import sprites; sprites(Path({str(tmp_path)!r}), 2)"
    with ThreadPoolExecutor(2) as pool:
        both = [*pool.map(lambda _: run("-c", code), range(2))]
    assert [process.returncode for process in both] == [0, 0]
    assert sum(process.stderr.count("sprites …") for process in both) == 1, both
    assert left_behind(tmp_path) == ["sprites"]


UNGUARDED = """
import pathlib
from snippets.images import make
from snippets.images.make import sprites
make.FEW = 0
print(len(list(sprites(pathlib.Path({folder!r}), count=3).rglob("*.png"))))
"""


@pytest.mark.parametrize("way", ["file", "stdin"])
def test_a_script_without_a_main_guard_may_ask_for_images(tmp_path: Path, way: str) -> None:
    code = UNGUARDED.format(folder=str(tmp_path / "images"))
    (tmp_path / "script.py").write_text(code)
    done = run(str(tmp_path / "script.py")) if way == "file" else run("-", text=code)
    assert (done.returncode, done.stdout) == (0, f"{3 * len(SPRITES.kinds)}\n"), done.stderr
    assert "Traceback" not in done.stderr


def ask(folder: Path) -> None:
    make.FEW = 0  # pyrefly: ignore[bad-assignment]
    sprites(folder, count=1)


def test_a_daemon_process_which_may_start_no_others_draws_by_itself(tmp_path: Path) -> None:
    process = multiprocessing.get_context("spawn").Process(target=ask, args=(tmp_path,), daemon=True)
    process.start()
    process.join(60)
    assert process.exitcode == 0
    assert left_behind(tmp_path) == ["sprites"]


def test_the_command_says_what_there_is_or_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main() == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" files")[0] for line in lines] == ["sprites: 2,048", "photos: 624"]
    monkeypatch.setattr(command, "sprites", lambda: Path("/nowhere/images").read_text(encoding="utf-8"))
    assert command.main() == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
