"""requirements.txt and requirements.lock say the same, and each package has a reason.

What it does not prove: that a package is harmless. The lock names the very files that were looked at here.
"""

import re
from importlib.metadata import requires

import pytest

from .projects import ROOT, load

REQUIREMENTS = (ROOT / "requirements.txt").read_text(encoding="utf-8")
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([\w-]+)==(\S+)$", REQUIREMENTS, re.MULTILINE))
ENTRIES = {
    name: (version, rest)
    for name, version, rest in re.findall(r"^([\w.-]+)==(\S+)((?:.*\\\n)*.*)$", LOCK, re.MULTILINE)
}
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


def test_only_exact_versions_and_this_project_are_required() -> None:
    lines = [line for line in REQUIREMENTS.splitlines() if line and not line.startswith("#")]
    assert {line for line in lines if "==" not in line} == {"-e ."}
    assert len(PINNED) == len(lines) - 1 > 10


@pytest.mark.parametrize("name", PINNED)
def test_a_required_package_is_locked_at_the_same_version(name: str) -> None:
    if name == "torch":
        assert name not in ENTRIES, "its file, and so its hash, differs from machine to machine"
    else:
        assert ENTRIES[name][0] == PINNED[name], "run `make lock`"


@pytest.mark.parametrize("name", ENTRIES)
def test_a_locked_package_has_its_hashes(name: str) -> None:
    assert HASH.search(ENTRIES[name][1])
    assert "@" not in ENTRIES[name][0]
    assert "://" not in ENTRIES[name][1]


def test_what_torch_needs_is_locked() -> None:
    needs = load(ROOT / ".ci" / "lock.py").needs_of_torch()
    assert needs
    assert set(map(_name, needs)) <= set(map(_name, requires("torch") or []))
    assert {_name(need) for need in needs} <= set(ENTRIES)


def _name(need: str) -> str:
    found = re.match(r"[\w.-]+", need)
    assert found
    return found[0].lower().replace("_", "-")


def test_the_lock_is_from_an_index_that_everyone_has() -> None:
    assert "://" not in LOCK
    assert "--index-url" not in LOCK
    assert "--find-links" not in LOCK


def test_each_group_of_packages_has_a_reason() -> None:
    """A comment opens each group, and says what its packages are for."""
    for group in re.split(r"\n\s*\n", REQUIREMENTS.strip())[1:]:
        assert group.startswith("# "), group
        assert len(group.split("\n")[0]) > 20, group
