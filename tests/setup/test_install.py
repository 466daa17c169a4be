"""Setting up, with faults: one line that says what to do, an exit code, and nothing half-made.

`.ci/install.py` runs as a reader runs it, on a copy of the project whose only requirement is a tiny wheel.
What it does not prove: that the real requirements resolve. Every other test runs in their environment.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from .projects import NO_INDEX_ANSWERS, ROOT, environment, load, only_error, posix_only, require_tiny, run

INSTALL = ROOT / ".ci" / "install.py"
IN_VENV = Path("Scripts/python.exe" if os.name == "nt" else "bin/python")


def test_python_3_6_can_read_the_installer() -> None:
    ast.parse(INSTALL.read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_apart_before_anything_is_written(project: Path) -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 2, 'final', 0); sys.argv = ['install.py'];"
        "runpy.run_path('.ci/install.py', run_name='__main__')"
    )
    done = run(project, sys.executable, "-c", pretend)
    line = only_error(done)
    assert "needs Python 3.11.5 or newer; this is Python 3.9.2" in line
    assert "make site PYTHON=python3" in line
    assert not (project / ".venv").exists()
    assert not (project / ".cache").exists()


def test_a_real_old_python_is_told_apart(project: Path) -> None:
    old = old_python()
    if old is None:
        pytest.skip("no Python older than 3.11.5 on this machine")
    done = run(project, old, ".ci/install.py")
    assert "needs Python 3.11.5 or newer" in only_error(done)
    assert not (project / ".venv").exists()


def test_a_python_without_ensurepip_names_the_missing_package(project: Path, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as in Debian without python3-venv')\n")
    done = install(project, PYTHONPATH=str(tmp_path))
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt-get install python{version}-venv" in only_error(done)
    assert not (project / ".venv").exists()


def test_no_network_is_one_line_and_leaves_no_environment(project: Path) -> None:
    (project / "requirements.txt").write_text("setuptools>=77\n")
    done = install(project, **NO_INDEX_ANSWERS)
    line = only_error(done)
    assert "could not reach the package index: connect to the network" in line
    assert line.endswith("Full log: " + str(Path(".cache/install.log")))
    assert "setuptools" in (project / ".cache" / "install.log").read_text(encoding="utf-8")
    assert not (project / ".venv").exists()


@posix_only
def test_ctrl_c_leaves_no_environment(project: Path) -> None:
    # A test runner in the background may ignore Ctrl-C, and its children would inherit that.
    mind_ctrl_c = (
        "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "sys.argv = ['install.py']; runpy.run_path('.ci/install.py', run_name='__main__')"
    )
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        (project / "requirements.txt").write_text("setuptools>=77\n")
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        child = subprocess.Popen(
            [sys.executable, "-c", mind_ctrl_c],
            cwd=project,
            env=environment(PIP_INDEX_URL=index),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        silent.settimeout(300)
        connection, _ = silent.accept()
        with connection:
            child.send_signal(signal.SIGINT)
            _, errors = child.communicate(timeout=300)
    assert (child.returncode, errors) == (130, "error: interrupted\n")
    assert not (project / ".venv").exists()


@posix_only
def test_only_torch_is_looked_for_in_the_index_for_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    installer = load(INSTALL)
    commands: list[list[str]] = []
    monkeypatch.setattr(installer, "run", lambda line, command: commands.append(command))
    for name in ("write_stamp", "remove", "has_pip"):
        monkeypatch.setattr(installer, name, lambda *_: True)
    monkeypatch.setattr(installer, "pip_line", lambda update: "")
    monkeypatch.setattr(installer, "fingerprint", lambda: "")
    monkeypatch.setattr(installer, "open", lambda *_: contextlib.nullcontext(), raising=False)
    monkeypatch.setenv("TORCH_INDEX", "https://index.invalid/cpu")
    installer.install(update=True)
    hashed, rest = commands
    assert "--require-hashes" in hashed and "https://index.invalid/cpu" not in hashed
    assert rest[-2:] == ["--extra-index-url", "https://index.invalid/cpu"]
    monkeypatch.delenv("TORCH_INDEX")
    assert installer.torch_index() == []


def test_a_small_disk_is_told_apart_before_the_install(project: Path) -> None:
    done = in_small_mount(project, "true")
    assert "GB are needed: free some space" in only_error(done)
    assert done.stdout == "no .venv\n"


@posix_only
def test_a_folder_that_cannot_be_written_is_named(project: Path) -> None:
    done = in_small_mount(project, 'mount -o remount,ro "$PWD"')
    assert "cannot write in" in only_error(done)
    assert done.stdout == "no .venv\n"


def test_set_up_once_then_nothing_then_what_has_changed(project: Path) -> None:
    """One environment through its life: made, left alone, failing to update, updated, not trusted."""
    first = install(project)
    assert (first.returncode, first.stderr) == (0, "")
    assert [line.split(",")[0].split(" (")[0] for line in first.stdout.splitlines()[:3]] == [
        "Setting up",
        "  creating .venv",
        "  installing 1 packages by their hashes",
    ]
    assert version_of_tiny(project) == "1"

    # Without its log, pip would have to write another one.
    log = project / ".cache" / "install.log"
    log.unlink()
    second = install(project)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert not log.exists()

    wanted = project / "requirements.txt"
    wanted.write_text("setuptools>=9999\n")
    assert "could not reach the package index" in only_error(install(project, **NO_INDEX_ANSWERS))
    assert version_of_tiny(project) == "1", "an environment that cannot be updated is kept"
    assert not (project / ".venv" / "installed").exists()

    require_tiny(project, "2")
    third = install(project)
    assert third.returncode == 0, third.stderr
    assert "updating .venv" in third.stdout
    assert version_of_tiny(project) == "2"

    require_tiny(project, "3")
    lock = project / "requirements.lock"
    lock.write_text(re.sub(r"sha256:.{8}", "sha256:01234567", lock.read_text()))
    assert "a file does not have the hash that requirements.lock names" in only_error(install(project))
    assert version_of_tiny(project) == "2"

    (project / ".venv" / "installed").write_text("unfinished")
    after_a_power_cut = load(project / ".ci" / "install.py")
    assert not after_a_power_cut.is_ready(this_python=False)
    assert not after_a_power_cut.can_update(this_python=False), "it is made anew"

    (project / ".venv" / "installed").unlink()
    moved = project.rename(project.with_name("elsewhere"))
    assert not load(moved / ".ci" / "install.py").can_update(this_python=False), "a moved one is made anew"


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: Could not install: [Errno 13] Permission denied: '/x'", "may not write"),
        ("broken by 'NewConnectionError(': Failed to establish a new connection", "could not reach"),
        ("SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "does not trust"),
        ("ERROR: No matching distribution found for torch==2.13.0", "no torch==2.13.0 for this Python on "),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "does not have the hash"),
        ("ERROR: Cannot install a and b.\nERROR: ResolutionImpossible: see above", "ResolutionImpossible"),
        ("", "no reason given"),
    ],
)
def test_what_pip_says_comes_down_to_one_line(log: str, line: str) -> None:
    explained = load(INSTALL).explain("Collecting torch\n" + log + "\n")
    assert line in explained
    assert "\n" not in explained


# --- Helpers ---


def version_of_tiny(project: Path) -> str:
    python = project / ".venv" / IN_VENV
    return subprocess.check_output([python, "-c", "import tiny; print(tiny.version)"], text=True).strip()


def install(project: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return run(project, sys.executable, ".ci/install.py", env=changes)


def old_python() -> str | None:
    """A real Python on this machine that is too old for the project."""
    test = "import sys; raise SystemExit(sys.version_info[:3] >= (3, 11, 5) or sys.version_info < (3, 6))"
    for name in ("/usr/bin/python3", "python3.6", "python3.7", "python3.8", "python3.9", "python3.10"):
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", test], capture_output=True, check=False).returncode == 0:
            return path
    return None


def in_small_mount(project: Path, then: str) -> subprocess.CompletedProcess[str]:
    """Set up in a copy of the project on a file system of 8 MB that only this one command sees."""
    unshare = shutil.which("unshare")
    if unshare is None:
        pytest.skip("no unshare here, so no file system of a test's own")
    mount = project.parent / "mount"
    mount.mkdir()
    mounting = 'mount -t tmpfs -o size=8m tmpfs "$1"'
    trial = run(project, unshare, "-rm", "sh", "-c", mounting, "sh", str(mount))
    if trial.returncode != 0:
        pytest.skip(f"this user may not mount here: {trial.stderr.strip()}")
    script = f"""
        {mounting} && cp -r . "$1" && cd "$1" && {then} || exit 9
        "$2" .ci/install.py; code=$?
        test -e .venv || echo "no .venv"
        exit $code
    """
    return run(project, unshare, "-rm", "sh", "-c", script, "sh", str(mount), sys.executable)
