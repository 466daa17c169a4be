"""python under.py forkserver script.py [arguments]: runs a script as the main program, under a start method.

As `python script.py` does, but for the start method; the script is not touched, and its workers import it again.
The file `workers`, in the folder that it runs in, has a line for each loader that began to load: its num_workers.
"""

import multiprocessing
import os
import runpy
import sys
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing import forkserver, resource_tracker, util
from pathlib import Path
from typing import Any

from torch.utils.data import DataLoader


def begin_server() -> None:
    """A fork server that has torch, as one that was told to preload it, and nothing of the script.

    It is forked here, before the script begins. Started as Python does it, it would import torch for each script anew.
    """

    def forked(path: Any, args: Any, passfds: Any) -> int:
        assert hasattr(os, "fork") and hasattr(os, "sysconf")
        if server := os.fork():
            return server
        bounds = [2, *sorted(passfds), os.sysconf("SC_OPEN_MAX")]
        for last, first in pairwise(bounds):
            os.closerange(last + 1, first)
        try:
            exec(args[-1], {})
        finally:
            os._exit(0)

    resource_tracker.ensure_running()
    multiprocessing.set_forkserver_preload(["torch"])
    started = util.spawnv_passfds
    util.spawnv_passfds = forked
    try:
        forkserver.ensure_running()
    finally:
        util.spawnv_passfds = started


def note_workers() -> None:
    begin = DataLoader.__iter__

    def noted(loader: Any) -> Iterator[Any]:
        with open("workers", "a", encoding="utf-8") as file:
            file.write(f"{loader.num_workers}\n")
        return begin(loader)

    DataLoader.__iter__ = noted  # pyrefly: ignore[bad-assignment, method-assign]


if __name__ == "__main__":
    _, method, script, *arguments = sys.argv
    multiprocessing.set_start_method(method)
    if method == "forkserver":
        begin_server()
    sys.argv = [script, *arguments]
    sys.path[0] = str(Path(script).parent)
    note_workers()
    runpy.run_path(script, run_name="__main__")
