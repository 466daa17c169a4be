"""requirements.txt and the locks say the same, and each package has a reason.

What it does not prove: that a package is harmless. The lock names the very files that were looked at here.
"""

import re
import shutil
import subprocess
from datetime import date
from importlib import metadata
from pathlib import Path

import pytest

from tests.workflows.policy import WORKFLOWS, read

from .projects import ROOT, environment, load, posix_only, wheel

REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
FILES = sorted([*ROOT.glob("requirements*.lock"), *ROOT.glob("snippets/pages/*/requirements*.lock")])
LOCKS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in FILES}
LOCK, CUDA, TORCH = (LOCKS[f"requirements.{name}lock"] for name in ("", "cuda.", "torch."))
PINNED = dict(re.findall(r"^([\w-]+)==(\S+)$", REQUIREMENTS, re.MULTILINE))
ENTRY = re.compile(r"^([\w.-]+)==(\S+)((?:.*\\\n)*.*)$", re.MULTILINE)
ENTRIES = {name: (version, rest) for name, version, rest in ENTRY.findall(LOCK)}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def test_only_exact_versions_and_this_project_are_required() -> None:
    lines = [line for line in REQUIREMENTS.splitlines() if line and not line.startswith("#")]
    assert {line for line in lines if "==" not in line} == {"-e ."}
    assert len(PINNED) == len(lines) - 1 > 10


@pytest.mark.parametrize("name", PINNED)
def test_a_required_package_is_locked_at_the_same_version(name: str) -> None:
    if name == "torch":
        assert name not in ENTRIES, "its file, and so its hash, differs from machine to machine"
        assert [entry[:2] for entry in ENTRY.findall(TORCH)] == [("torch", PINNED[name])], "run `make lock`"
    else:
        assert ENTRIES[name][0] == PINNED[name], "run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_locked_package_has_its_hashes(lock: str) -> None:
    """And no line of a lock is anything but that, and a comment."""
    entries = ENTRY.findall(LOCKS[lock])
    assert entries
    for name, version, rest in entries:
        assert HASH.search(rest), name
        assert "@" not in version, name
    assert [line for line in ENTRY.sub("", LOCKS[lock]).splitlines() if line and line[0] != "#"] == []


def test_torch_for_cuda_needs_what_no_other_lock_has() -> None:
    """What both had, one would install over the other."""
    needed = {name for name, *_ in ENTRY.findall(CUDA)}
    assert any(name.startswith("nvidia-") for name in needed)
    assert needed & {"torch", *ENTRIES} == set()


def test_what_torch_needs_is_locked() -> None:
    """By the lock's version, which is the installed one."""
    lock = load(ROOT / ".ci" / "lock.py")
    needs = lock.needs_of_torch(metadata.version("torch").partition("+")[0])
    assert needs
    assert set(map(_name, needs)) <= set(map(_name, metadata.requires("torch") or []))
    assert {_name(need) for need in needs} <= set(ENTRIES)


def test_what_a_new_torch_needs_is_asked_of_its_own_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not of the one that is installed. A need of a CUDA build, or for an extra, belongs into no lock of all."""
    lock = load(ROOT / ".ci" / "lock.py")
    needs = ("new>=2", 'late; python_version >= "3.12"', 'triton; platform_system == "Linux"', 'odd; extra == "odd"')
    wheel(tmp_path, "torch", "9999", "\nRequires-Dist: ".join((*needs, "nvidia-tiny==1")))
    for name, text in environment(PIP_NO_INDEX="1", PIP_FIND_LINKS=tmp_path.as_uri()).items():
        monkeypatch.setenv(name, text)
    assert lock.needs_of_torch("9999") == ["new>=2", 'late; python_version >= "3.12"']
    with pytest.raises(lock.LockError, match="pip could not ask what torch==9998 needs"):
        lock.needs_of_torch("9998")


@posix_only
@pytest.mark.parametrize(("asked_for", "seen"), [("", "2026-11-21"), ("2026-11-28", "2026-11-28")])
def test_packages_of_the_last_seven_days_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked_for: str, seen: str
) -> None:
    """As SECURITY.md says, unless somebody asks for them; uv is played by a script. An index that does not say when a
    file came, as that of CPU builds, would seem to be empty.
    """
    lock = load(ROOT / ".ci" / "lock.py")
    monkeypatch.setattr(lock, "date", type("Today", (), {"today": lambda: date(2026, 11, 28)}))
    monkeypatch.delenv("UV_EXCLUDE_NEWER", raising=False)
    if asked_for:
        monkeypatch.setenv("UV_EXCLUDE_NEWER", asked_for)
    uv = tmp_path / "uv"
    uv.write_text('#!/bin/sh\necho "$UV_EXCLUDE_NEWER"\n')
    uv.chmod(0o755)
    assert lock.asked(str(uv)).strip() == seen
    assert lock.asked(str(uv), dated=False).strip() == asked_for


def test_locks_are_written_without_a_set_up_that_they_may_stop() -> None:
    """A `.venv` whose packages do not fit together, as its locks name them, is told to `make lock`."""
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make here")
    venv = "requirements.txt"  # some file that is there
    for here, set_up in ((venv, False), ("nowhere/python", True)):
        planned = subprocess.run([make, "-n", "lock", f"VENV={here}"], cwd=ROOT, capture_output=True, text=True).stdout
        assert (".ci/install.py" in planned) == set_up and f"{here} .ci/lock.py" in planned


def _name(need: str) -> str:
    found = re.match(r"[\w.-]+", need)
    assert found
    return found[0].lower().replace("_", "-")


@pytest.mark.parametrize("lock", LOCKS.values(), ids=LOCKS)
def test_a_lock_is_from_an_index_that_everyone_has(lock: str) -> None:
    assert "://" not in lock
    assert "--index-url" not in lock
    assert "--find-links" not in lock


def test_workflows_take_torch_from_the_index_whose_files_are_locked() -> None:
    """Or from PyPI, as the usual index."""
    jobs = [job for workflow in map(read, WORKFLOWS) for job in (workflow.data, *workflow.jobs.values())]
    named = {job["env"]["TORCH_INDEX"] for job in jobs if "TORCH_INDEX" in job.get("env", {})}
    assert named == {"", load(ROOT / ".ci" / "lock.py").CPU_BUILDS}


PLAYED_UV = """#!/bin/sh
case "$*" in
  *" --index-url "*) test "$CPU" && echo "torch==2.0+cpu --hash=sha256:$CPU" ;;
  *) echo "torch==2.0 --hash=sha256:$PYPI" ;;
esac
"""
HASHES = {"PYPI": "1" * 64, "CPU": "2" * 64, "OLD": "3" * 64}


@posix_only
@pytest.mark.parametrize(
    ("reached", "before", "locked"),
    [
        (True, "2.0", {"PYPI", "CPU"}),
        (True, "", {"PYPI", "CPU"}),
        # Files of a version are what they were, so those that were known are not lost with the line.
        (False, "2.0", {"PYPI", "OLD"}),
        (False, "1.0", set()),
        (False, "", set()),
    ],
)
def test_both_builds_of_torch_are_locked_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reached: bool, before: str, locked: set[str]
) -> None:
    """uv is played by a script."""
    lock = load(ROOT / ".ci" / "lock.py")
    uv = tmp_path / "uv"
    uv.write_text(PLAYED_UV)
    uv.chmod(0o755)
    monkeypatch.setattr(lock, "TORCH_LOCK", tmp_path / "requirements.torch.lock")
    monkeypatch.setenv("PYPI", HASHES["PYPI"])
    monkeypatch.setenv("CPU", HASHES["CPU"] if reached else "")
    if before:
        lock.TORCH_LOCK.write_text(f"torch=={before} \\\n    --hash=sha256:{HASHES['OLD']}\n")
    if locked:
        text = lock.torch_by_hash(str(uv), "torch==2.0")
        assert ENTRY.findall(text)[0][:2] == ("torch", "2.0")
        assert {*HASH.findall(text)} == {f"--hash=sha256:{HASHES[name]}" for name in locked}
    else:
        with pytest.raises(lock.LockError, match="has to be reached for the hashes of CPU builds of torch==2.0"):
            lock.torch_by_hash(str(uv), "torch==2.0")


def test_each_group_of_packages_has_a_reason() -> None:
    """A comment opens each group, and says what its packages are for."""
    for group in re.split(r"\n\s*\n", REQUIREMENTS.strip())[1:]:
        assert group.startswith("# "), group
        assert len(group.split("\n")[0]) > 20, group
