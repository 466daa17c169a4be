"""A new site takes the old one's place in one step. Of what MkDocs and the notebook's kernel say, complaints are passed
on, and nothing else.
"""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.site import mkdocs
from snippets.lab.site.mkdocs import complaints

PROGRESS = "INFO    -  Building documentation to directory: site\n"
KERNEL = "[IPKernelApp] WARNING | Kernel is running over TCP without encryption.\n"
HEARTBEAT = """Exception in thread Heartbeat:
Traceback (most recent call last):
  File "heartbeat.py", line 117, in run
    self._bind_socket()
zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:33625')
"""
WARNING = "WARNING -  Doc file 'index.md' contains a link 'nowhere.md', but the target is not found.\n"
OTHER = """Exception in thread Thread-1:
Traceback (most recent call last):
ValueError: ours
"""


def test_chatter_is_left_out() -> None:
    assert complaints(PROGRESS + KERNEL + HEARTBEAT + PROGRESS) == ""


def test_complaints_stay_as_they_are() -> None:
    assert complaints(PROGRESS + WARNING + KERNEL + OTHER + HEARTBEAT + WARNING) == WARNING + OTHER + WARNING


def test_a_site_that_is_interrupted_while_the_old_one_is_removed_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MkDocs is played: it writes one page."""
    site, cache = tmp_path / "site", tmp_path / "cache"
    site.mkdir()
    (site / "old.html").touch()

    def build(command: list[str], **settings: Any) -> "subprocess.CompletedProcess[str]":
        folder = Path(command[-1])
        folder.mkdir(parents=True)
        (folder / "new.html").touch()
        return subprocess.CompletedProcess(command, 0, "", "")

    def remove(folder: Path, ignore_errors: bool = False) -> None:
        if folder.exists():
            raise KeyboardInterrupt

    monkeypatch.setattr(mkdocs, "SITE", site)
    monkeypatch.setattr(mkdocs, "CACHE", cache)
    monkeypatch.setattr(subprocess, "run", build)
    monkeypatch.setattr(shutil, "rmtree", remove)
    with pytest.raises(KeyboardInterrupt):
        mkdocs.build_site()
    assert [path.name for path in site.iterdir()] == ["new.html"]
