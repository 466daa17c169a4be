"""The guide's count of usable cores: what the affinity and the tightest quota of any group leave, divided among the
ranks as far as it is not divided yet.

Control groups and affinities are made up: a machine has one of each.
"""

import os
import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from snippets.lab.paths import PAGES

SCRIPT = PAGES / "optimization_guide" / "common_guidelines.py"
Says = Callable[..., tuple[float, int]]


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Says:
    """`says(groups, own=8, launcher=8, ranks=1, **{"pod/cpu.max": …})`: the usable cores, and those of a rank."""

    def run(groups: str, own: int = 8, launcher: int = 8, ranks: int = 1, **files: str) -> tuple[float, int]:
        (tmp_path / "own").write_text(groups)
        for name, text in files.items():
            path = tmp_path / "cgroup" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        code = SCRIPT.read_text(encoding="utf-8")
        for place, made in (("/sys/fs/cgroup", "cgroup"), ("/proc/self/cgroup", "own")):
            assert place in code
            code = code.replace(place, str(tmp_path / made))
        copy = tmp_path / "copy.py"
        copy.write_text(code, encoding="utf-8")
        of = {0: own, os.getppid(): launcher}
        monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(of[process])), raising=False)
        monkeypatch.setattr(os, "cpu_count", lambda: 64)
        monkeypatch.setenv("LOCAL_WORLD_SIZE", str(ranks))
        runpy.run_path(str(copy))
        usable, share = capsys.readouterr().out.splitlines()
        assert usable.startswith("64 cores, of which ") and f" cores for each of {ranks} ranks" in share
        return float(usable.split()[4]), int(share.split()[0])

    return run


@pytest.mark.parametrize(
    ("upper", "lower", "cores"),
    [
        ("max 100000", "max 100000", 8),
        ("max 100000", "150000 100000", 1.5),
        ("150000 100000", "max 100000", 1.5),
        ("400000 100000", "50000 100000", 0.5),
        ("50000 100000", "400000 100000", 0.5),
        ("1600000 100000", "max 100000", 8),
    ],
)
def test_the_tightest_group_of_version_2(says: Says, upper: str, lower: str, cores: float) -> None:
    """As of a systemd slice, or a step of Slurm, whose quota is no file of the innermost group."""
    files = {"pod/cpu.max": upper, "pod/box/cpu.max": lower, "other/cpu.max": "10000 100000"}
    assert says("0::/pod/box\n", **files)[0] == cores


def test_a_container_of_version_2_sees_its_group_as_the_top(says: Says) -> None:
    assert says("0::/\n", **{"cpu.max": "250000 100000\n"}) == (2.5, 2)


def test_version_1(says: Says) -> None:
    groups = "12:memory:/elsewhere\n4:cpu,cpuacct:/docker/box\n2:cpuset:/\n0::/\n"
    files = {"cpu/docker/cpu.cfs_quota_us": "300000\n", "cpu/docker/cpu.cfs_period_us": "100000\n"}
    elsewhere = {"cpu/elsewhere/cpu.cfs_quota_us": "10000\n", "cpu/elsewhere/cpu.cfs_period_us": "100000\n"}
    assert says(groups, **files, **elsewhere)[0] == 3
    assert says(groups, **{**files, "cpu/docker/cpu.cfs_quota_us": "-1\n"})[0] == 8


@pytest.mark.parametrize("groups", ["", "1:name=systemd:/\n0::/lost\n"])
def test_no_quota(says: Says, groups: str) -> None:
    assert says(groups) == (8, 8)


@pytest.mark.parametrize(
    ("own", "launcher", "ranks", "quota", "share"),
    [
        (8, 8, 4, "max 100000", 2),  # all ranks may run on all cores
        (2, 8, 4, "max 100000", 2),  # each has its own, as under srun --cpus-per-task
        (4, 8, 4, "max 100000", 2),  # two ranks share a node of memory, as under numactl
        (2, 64, 2, "max 100000", 2),
        (8, 8, 2, "400000 100000", 2),  # a quota is for all of them
        (4, 8, 2, "400000 100000", 2),
        (8, 8, 100, "max 100000", 1),
    ],
)
def test_what_is_divided_already_is_not_divided_again(
    says: Says, own: int, launcher: int, ranks: int, quota: str, share: int
) -> None:
    assert says("0::/\n", own, launcher, ranks, **{"cpu.max": quota})[1] == share


def test_a_system_without_affinity_or_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS and Windows."""
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "cpu_count", lambda: 12)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "1")
    copy = tmp_path / "copy.py"
    copy.write_text(SCRIPT.read_text(encoding="utf-8").replace("/proc/self/cgroup", "/nowhere"), encoding="utf-8")
    assert runpy.run_path(str(copy))["usable_cores"]() == 12
