"""What the tuner takes for this machine's limits: control groups, memory and /proc are made up."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path

import pytest

from snippets.tools import tune_num_workers as tuner


def put(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture
def affinity(monkeypatch: pytest.MonkeyPatch) -> dict[int, int]:
    """Cores that this process (0) and its parent may use."""
    of = {0: 8, os.getppid(): 8}
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: set(range(of[process])), raising=False)
    return of


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        ({"proc/self/cgroup": "0::/pod/box\n", "sys/fs/cgroup/pod/cpu.max": "150000 100000"}, 1.5),
        ({"proc/self/cgroup": "0::/pod\n", "sys/fs/cgroup/pod/cpu.max": "max 100000"}, 8),
        ({"proc/self/cgroup": "0::/pod\n", "sys/fs/cgroup/other/cpu.max": "1000 100000"}, 8),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/docker/box\n1:name=systemd:/\n",
                "sys/fs/cgroup/cpu/docker/cpu.cfs_quota_us": "300000\n",
                "sys/fs/cgroup/cpu/docker/cpu.cfs_period_us": "100000\n",
            },
            3,
        ),
        ({"proc/self/cgroup": "4:cpu:/\n", "sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1"}, 8),
        ({}, 8),
    ],
)
def test_the_tightest_quota_counts(
    tmp_path: Path, affinity: dict[int, int], files: dict[str, str], cores: float
) -> None:
    assert tuner.usable_cores(root=put(tmp_path, files)) == cores


@pytest.mark.parametrize(
    ("own", "launcher", "ranks", "quota", "cores"),
    [(8, 8, 4, "max", 2), (2, 8, 4, "max", 2), (8, 8, 2, "400000", 2), (4, 8, 2, "400000", 2), (2, 64, 2, "max", 2)],
)
def test_ranks_share_what_is_not_divided_yet(
    tmp_path: Path, affinity: dict[int, int], own: int, launcher: int, ranks: int, quota: str, cores: float
) -> None:
    affinity.update({0: own, os.getppid(): launcher})
    files = {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": f"{quota} 100000"}
    assert tuner.usable_cores(ranks, put(tmp_path, files)) == cores


def test_a_system_without_affinity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "cpu_count", lambda: 12)
    assert tuner.usable_cores(ranks=3, root=tmp_path) == 4


def test_free_memory_is_the_machine_s_or_the_group_s(tmp_path: Path) -> None:
    assert tuner.free_memory(tmp_path) == math.inf, "this system does not tell"
    files = {"proc/meminfo": "MemTotal: 9 kB\nMemAvailable:   2000000 kB\n", "proc/self/cgroup": "0::/a/b\n"}
    assert tuner.free_memory(put(tmp_path, files)) == 2_048_000_000
    group = "sys/fs/cgroup/a/memory."
    put(tmp_path, {group + "max": "1000000000\n", group + "current": "400000000\n"})
    assert tuner.free_memory(tmp_path) == 600_000_000
    put(tmp_path, {group + "stat": "anon 1\nfile 300000000\nactive_file 100000000\ninactive_file 50000000\n"})
    assert tuner.free_memory(tmp_path) == 750_000_000, "copies of files make room"
    put(tmp_path, {group + "max": "max\n"})
    assert tuner.free_memory(tmp_path) == 2_048_000_000


def test_what_proc_tells_of_a_worker(tmp_path: Path) -> None:
    rollup = "0-1 ---p 0 00:00 0 [rollup]\nRss: 900 kB\nPss: 500 kB\nPrivate_Clean: 100 kB\nPrivate_Dirty: 200 kB\n"
    files = {"smaps_rollup": rollup, "io": "rchar: 1000\nread_bytes: 250\n", "schedstat": "7 2500000000 3\n"}
    put(tmp_path / "proc/7", files)
    assert tuner.memory_of(7, tmp_path) == (500 * 1024, 300 * 1024)
    assert tuner.share_from_disk(7, tmp_path) == 0.25
    assert tuner.seconds_without_a_core(7, tmp_path) == 2.5
    assert tuner.memory_of(8, tmp_path) == (0, 0)
    assert tuner.share_from_disk(8, tmp_path) == tuner.seconds_without_a_core(8, tmp_path) == 0


def test_free_memory_of_an_old_group(tmp_path: Path) -> None:
    """Of version 1, whose own counts leave out the groups below it."""
    files = {"proc/self/cgroup": "4:memory:/a\n", "sys/fs/cgroup/memory/a/memory.limit_in_bytes": "1000000000"}
    stat = "active_file 1\ninactive_file 2\ntotal_active_file 100000000\ntotal_inactive_file 50000000\n"
    files |= {"sys/fs/cgroup/memory/a/memory.usage_in_bytes": "900000000", "sys/fs/cgroup/memory/a/memory.stat": stat}
    assert tuner.free_memory(put(tmp_path, files)) == 250_000_000


@pytest.mark.parametrize(("text", "count"), [("16G", 16e9), ("500M", 5e8), ("1.5GiB", 1.5e9), ("7", 7)])
def test_sizes(text: str, count: float) -> None:
    assert tuner.number_of_bytes(text) == count
    with pytest.raises(tuner.TuneError, match="write a number of bytes"):
        tuner.number_of_bytes(f"about {text}")
    with pytest.raises(tuner.TuneError, match="write a number of bytes"):
        tuner.number_of_bytes("1..5G")
