"""What the workflow gpu does with its result, run here: nothing but one plain file is looked at, by code that needs no
package; and a machine without a GPU is no success.

What it does not prove: that GitHub's artifacts keep what was put in.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab.results.contributed import share
from tests.lab.made import held

from ..links import makes_links
from .policy import ROOT

ONLY_FILE = str(ROOT / ".ci" / "only_file.py")


def looked_at(folder: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", ONLY_FILE, str(folder), "gpu.json"]
    return subprocess.run(command, capture_output=True, text=True)


def test_one_plain_file_may_pass(tmp_path: Path) -> None:
    (tmp_path / "gpu.json").write_text("{}")
    done = looked_at(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("empty", "no gpu.json in it"),
        ("more", "2 entries, where only gpu.json was to be"),
        ("code", "3 entries, where only gpu.json was to be"),
        ("folder", "gpu.json is no regular file"),
        ("large", "gpu.json has 50,000,000 bytes"),
        pytest.param("link", "gpu.json is no regular file", marks=makes_links),
        ("nothing", "no folder"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, shape: str, said: str) -> None:
    folder = tmp_path / "unchecked"
    file = folder / "gpu.json"
    if shape != "nothing":
        folder.mkdir()
    match shape:
        case "more" | "code":
            file.write_text("{}")
            (folder / "index.html").write_text("<script>alert(1)</script>")
            if shape == "code":
                (folder / "snippets").mkdir()
        case "folder":
            file.mkdir()
        case "large":
            with file.open("wb") as stream:
                stream.truncate(50_000_000)
        case "link":
            file.symlink_to("/etc/passwd")
    done = looked_at(folder)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(("asked", "code"), [((), 0), (("--gpu",), 1)])
def test_a_result_is_validated_without_any_package(tmp_path: Path, asked: tuple[str, ...], code: int) -> None:
    """By an interpreter that sees the standard library and the checkout alone, as on a runner where nothing is
    installed. A result without a GPU may be contributed, and is no result of the workflow gpu.
    """
    file = tmp_path / "gpu.json"
    share(held(), file)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [sys.executable, "-S", "-E", "-s", "-m", "snippets.lab", "validate", *asked, str(file)]
    done = subprocess.run(command, cwd=ROOT, env=bare, capture_output=True, text=True)
    assert "Traceback" not in done.stderr, done.stderr
    assert done.returncode == code, done.stderr
    assert "may be contributed" in done.stdout if code == 0 else done.stderr.startswith(f"error: {file}")


def test_without_a_gpu_its_tests_fail_where_one_is_required() -> None:
    """Elsewhere they are skipped, as in this very run; in the workflow, a driver that torch cannot use must not look
    like a success.
    """
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    command = [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "-n0", "tests/experiments/test_gpu.py"]
    environment = {**os.environ, "REQUIRE_GPU": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1 and "1 failed" in done.stdout, done.stdout
