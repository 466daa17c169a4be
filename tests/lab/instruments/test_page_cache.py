"""Pages of a file go out of memory when told to, and come back when the file is read."""

import mmap
import os
import sys
import time
from pathlib import Path

import pytest

from snippets.lab.instruments.page_cache import cached_share, evict

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="posix_fadvise is not on every system")

IN_MEMORY = {"tmpfs", "ramfs", "devtmpfs"}
DISKS = {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs"}


def file_system(path: Path) -> str:
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines()]
    return max((len(at), kind) for at, kind in mounts if path.is_relative_to(at))[1]


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Files on a disk, not in memory."""
    kind = file_system(tmp_path)
    if kind in IN_MEMORY:
        pytest.skip(f"{tmp_path} is in memory ({kind}); give a folder on a disk with --basetemp")
    made = [tmp_path / f"{number}.bin" for number in range(20)]
    for path in made:
        path.write_bytes(bytes(100_000))
    evict(made)
    if kind not in DISKS and cached_share(made) == 1.0:
        pytest.skip(f"{tmp_path} is on {kind}, which drops no pages")
    return made


def test_what_was_read_is_in_memory_until_it_is_evicted(files: list[Path]) -> None:
    assert cached_share(files) == 0.0
    for path in files:
        assert path.read_bytes() == bytes(100_000)
    assert cached_share(files) == 1.0
    evict(files)
    assert cached_share(files) == 0.0
    assert files[0].read_bytes() == bytes(100_000), "the bytes are still there"


def test_a_share_is_a_share(files: list[Path]) -> None:
    for path in files[:5]:
        path.read_bytes()
    assert cached_share(files) == 0.25


def test_every_page_counts(files: list[Path]) -> None:
    """100,000 bytes are 25 pages of 4,096; read without read-ahead, one of them comes into memory."""
    assert sys.platform == "linux"
    handle = os.open(files[0], os.O_RDONLY)
    try:
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_RANDOM)  # type: ignore  (Linux)
        os.pread(handle, 1, 50_000)  # type: ignore  (POSIX)
    finally:
        os.close(handle)
    assert cached_share(files[:1]) == pytest.approx(1 / -(-100_000 // mmap.PAGESIZE))


def test_looking_brings_nothing_into_memory(files: list[Path]) -> None:
    """A read with RWF_NOWAIT would: it starts reading ahead, and the second look finds all pages."""
    assert cached_share(files) == 0.0
    time.sleep(0.5)
    assert cached_share(files) == 0.0


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for ask in (evict, cached_share):
        with pytest.raises(FileNotFoundError, match="lost"):
            ask([tmp_path / "lost"])
