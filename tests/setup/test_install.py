"""Setting up, with faults: one line that says what to do, an exit code, and nothing half-made that is trusted later.

`.ci/install.py` runs as a reader runs it, on a copy of the project whose only requirement is a tiny wheel.
What it does not prove: that the real requirements resolve. Every other test runs in their environment.
"""

import ast
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import files
from pathlib import Path

import pytest

from .projects import (
    NO_INDEX_ANSWERS,
    ROOT,
    by_hash,
    environment,
    load,
    only_error,
    posix_only,
    require_tiny,
    require_torch,
    run,
    wheel,
)

INSTALL = ROOT / ".ci" / "install.py"
IN_VENV = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")
AS_MAIN = "sys.argv = ['install.py']; runpy.run_path('.ci/install.py', run_name='__main__')"


def test_python_3_6_can_read_the_installer() -> None:
    ast.parse(INSTALL.read_text(encoding="utf-8"), feature_version=(3, 6))


@pytest.mark.parametrize("name", ["", "/usr/bin/python3", "python3.8", "python3.9", "python3.10"])
def test_an_old_python_is_told_apart_before_anything_is_written(project: Path, name: str) -> None:
    """A pretended one, and the real ones of this machine."""
    command = [sys.executable, "-c", f"import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); {AS_MAIN}"]
    if name:
        command = [name, ".ci/install.py"]
        is_old = "import sys; raise SystemExit(sys.version_info[:3] >= (3, 11, 5))"
        if not shutil.which(name) or subprocess.run([name, "-c", is_old], capture_output=True).returncode:
            pytest.skip(f"no {name} here that is too old")
    line = only_error(run(project, *command))
    assert "needs Python 3.11.5 or newer; this is Python 3." in line
    assert "make site PYTHON=python3" in line
    assert not (project / ".venv").exists()
    assert not (project / ".cache").exists()


def test_a_python_without_ensurepip_names_the_missing_package(project: Path) -> None:
    reason = load(project / ".ci" / "install.py").reason
    said = reason("/a project/.venv/bin/python: No module named ensurepip\n", 1)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt-get install python{version}-venv" in said


@posix_only
def test_after_ctrl_c_all_is_made_anew(project: Path, outdated: Path) -> None:
    """As a terminal sends it: to the installer and to what it runs. pip waits for an index that never answers."""
    assert hasattr(os, "killpg")
    # A test runner in the background may ignore Ctrl-C, and its children would inherit that.
    mind_ctrl_c = f"import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); {AS_MAIN}"
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        child = subprocess.Popen(
            [sys.executable, "-c", mind_ctrl_c],
            cwd=project,
            env=environment(PIP_INDEX_URL=f"http://127.0.0.1:{silent.getsockname()[1]}/simple"),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        silent.settimeout(300)
        connection, _ = silent.accept()
        with connection:
            os.killpg(child.pid, signal.SIGINT)
            _, errors = child.communicate(timeout=300)
    assert (child.returncode, errors) == (130, "error: interrupted\n")
    assert load(project / ".ci" / "install.py").state(this_python=False) == "unusable"


@pytest.mark.parametrize(
    ("fault", "words"),
    [("true", "No space left on device"), ('mount -o remount,ro "$PWD"', "Read-only file system")],
)
def test_a_disk_that_cannot_take_it_is_named(project: Path, fault: str, words: str) -> None:
    """A file system of 8 MB that only this one command sees."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here, so no file system of a test's own")
    mount = project.parent / "mount"
    mount.mkdir()
    mounting = 'mount -t tmpfs -o size=8m tmpfs "$1"'
    trial = run(project, unshare, "-rm", "sh", "-c", mounting, "sh", str(mount))
    if trial.returncode != 0:
        pytest.skip(f"this user may not mount here: {trial.stderr.strip()}")
    script = f'{mounting} && cp -r . "$1" && cd "$1" && {fault} || exit 9; "$2" .ci/install.py'
    done = run(project, unshare, "-rm", "sh", "-c", script, "sh", str(mount), sys.executable)
    assert words in only_error(done)


def test_set_up_once_then_nothing_then_what_has_changed(
    project: Path, torch_index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One environment through its life: made, left alone, failing to update, updated, not trusted."""
    first = install(project, TORCH_INDEX=torch_index, PIP_TIMEOUT="60")
    assert first.returncode == 0, first.stderr + (project / ".cache" / "install.log").read_text()
    assert first.stdout.startswith("Setting up (only when ")
    assert "making .venv with Python" in first.stdout
    assert (version_of(project, "tiny"), version_of(project, "torch")) == ("1", "1.0+cpu")
    log = project / ".cache" / "install.log"
    asked = re.findall("Looking in indexes: (.+)", log.read_text())
    assert asked == [NO_INDEX_ANSWERS["PIP_INDEX_URL"], torch_index], "torch, and nothing else, is looked for there"
    assert list((project / ".cache").glob("torch-*")) == [], "nor is its wheel kept"
    compiled = {path.name.partition(".")[0] for path in (project / ".venv").rglob("*.pyc")}
    assert {"tiny", "torch"} <= compiled, "else each process would compile it, where nothing may be written there"

    # Without its log, pip would have to write another one.
    log.unlink()
    second = install(project)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not log.exists()

    (project / "requirements.lock").write_text(f"setuptools==9999 --hash=sha256:{'0' * 64}\n")
    line = only_error(install(project))
    assert "pip saw no version at all of setuptools==9999: connect to the package index" in line
    assert line.endswith(f"Full log: {log}")
    assert "setuptools" in log.read_text(encoding="utf-8")
    assert version_of(project, "tiny") == "1", "an environment that cannot be updated is kept"

    require_tiny(project, "2")
    third = install(project)
    assert third.returncode == 0, third.stderr
    assert "making .venv" not in third.stdout
    assert "torch" not in third.stdout, "a torch of the right version is kept, and no index is asked for it"
    assert version_of(project, "tiny") == "2"

    require_tiny(project, "3")
    lock = project / "requirements.lock"
    lock.write_text(re.sub(r"sha256:.{8}", "sha256:01234567", lock.read_text()))
    assert "a file does not have the hash that its lock names" in only_error(install(project))
    assert version_of(project, "tiny") == "2"

    require_tiny(project, "2")
    assert install(project).returncode == 0
    installer = load(project / ".ci" / "install.py")
    assert [installer.state(this_python) for this_python in (False, True)] == ["ready", "ready"]
    monkeypatch.setattr(installer, "RUNNING", "3.99.0")
    assert [installer.state(this_python) for this_python in (False, True)] == ["ready", "unusable"]
    moved = project.rename(project.with_name("elsewhere"))
    assert load(moved / ".ci" / "install.py").state(this_python=False) == "unusable", "a moved one is made anew"


def test_torch_is_installed_by_its_hash_with_what_it_needs_for_cuda(
    project: Path, outdated: Path, torch_index: str
) -> None:
    """And nothing is asked of requirements.txt, which may be ahead of the locks until `make lock` has run."""
    folder = project.parent / "index" / "torch"
    torch = require_torch(project, folder, "1.0", needs="nvidia-tiny")
    gpu = wheel(project, "nvidia_tiny", "1")
    (project / "requirements.cuda.lock").write_text(f"./{gpu.name} {by_hash(gpu)}\n")
    (project / "requirements.txt").write_text("tiny==9999\ntorch==9999\n")
    locked = torch.read_bytes()
    with torch.open("ab") as file:
        file.write(b"\n")
    line = only_error(install(project, TORCH_INDEX=torch_index, PIP_TIMEOUT="60"))
    assert "this torch is none of the files that requirements.torch.lock names by hash" in line
    assert list((project / ".venv").rglob("torch.py")) == []

    torch.write_bytes(locked)
    done = install(project, TORCH_INDEX=torch_index, PIP_TIMEOUT="60")
    assert done.returncode == 0, done.stderr
    assert "installing what it needs for CUDA" in done.stdout
    assert (version_of(project, "torch"), version_of(project, "nvidia_tiny")) == ("1.0", "1")


def test_packages_that_do_not_fit_together_are_named(project: Path, outdated: Path, torch_index: str) -> None:
    """Locks name each package by itself: one that was forgotten would be missed only where it is imported."""
    require_torch(project, project.parent / "index" / "torch", needs="forgotten")
    line = only_error(install(project, TORCH_INDEX=torch_index, PIP_TIMEOUT="60"))
    assert "do not fit together: torch 1.0+cpu requires forgotten, which is not installed. Where the locks" in line
    assert load(project / ".ci" / "install.py").state(this_python=False) == "outdated", "it is tried again"


def test_the_newest_torch_comes_instead_of_the_pinned_one(project: Path, outdated: Path, torch_index: str) -> None:
    """And not after it; the next plain set-up goes back."""
    (project / "requirements.txt").write_text("torch==1.0\n")
    wheel(project.parent / "index" / "torch", "torch", "2.0")
    settings = {"TORCH_INDEX": torch_index, "PIP_TIMEOUT": "60"}
    newest = run(project, sys.executable, ".ci/install.py", "--newest", env=settings)
    assert newest.returncode == 0, newest.stderr
    assert "taking torch" not in newest.stdout
    assert version_of(project, "torch") == "2.0"
    assert install(project, **settings).returncode == 0
    assert version_of(project, "torch") == "1.0+cpu"


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("ERROR: Could not install: [Errno 13] Permission denied: '/x'\n", "Errno 13] Permission denied: '/x'"),
        ("ERROR: Cannot install a and b.\nERROR: ResolutionImpossible: see above.\n\n", "ResolutionImpossible: see ab"),
        ("Traceback ...\n  File x\nMemoryError: no more\n", "the install failed: MemoryError: no more"),
        ("", "exit code -9, without a reason"),
        (
            "pip 23 has requirement tiny>=2, but you have tiny 1.\n",
            "do not fit together: pip 23 has requirement tiny>=2, but you have tiny 1. Where the locks",
        ),
    ],
)
def test_what_pip_says_comes_down_to_one_line(log: str, line: str) -> None:
    reason = load(INSTALL).reason("Collecting torch\n" + log, -9)
    assert line in reason
    assert "\n" not in reason


# --- Helpers ---


@pytest.fixture
def outdated(project: Path) -> Path:
    """The project's .venv, made for other locks than it has now, with the pip of these tests: giving it one of its own
    takes longer than all that these tests look at.
    """
    installer = load(project / ".ci" / "install.py")
    subprocess.run([sys.executable, "-I", "-m", "venv", "--without-pip", installer.VENV], check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(installer.VENV)}))
    for file in (file for file in files("pip") or [] if ".." not in file.parts):
        place = packages / file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file.locate(), place)
    installer.STAMP.write_text(f"{installer.VENV}\nother locks", encoding="utf-8")
    assert installer.state(this_python=False) == "outdated"
    return installer.VENV


@pytest.fixture
def torch_index(tmp_path: Path) -> Iterator[str]:
    """Address of a package index that has torch alone. Whoever asks it for another package gets none.

    Its pages are lists of what lies in a folder, which is what an index is.
    """
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "index"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def version_of(project: Path, module: str) -> str:
    ask = f"import {module}; print({module}.version)"
    return subprocess.check_output([project / ".venv" / IN_VENV, "-c", ask], text=True).strip()


def install(project: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return run(project, sys.executable, ".ci/install.py", env=changes)
