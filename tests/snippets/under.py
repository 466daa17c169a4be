"""python under.py spawn script.py [arguments]: runs a script as the main program, under a start method.

As `python script.py` does, but for the start method; the script is not touched, and its workers import it again.
The file `workers`, in the folder that it runs in, has a line for each loader that began to load: its num_workers.
"""

import multiprocessing
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def note_workers() -> None:
    from torch.utils.data import DataLoader

    begin = DataLoader.__iter__

    def noted(loader: Any) -> Iterator[Any]:
        with open("workers", "a", encoding="utf-8") as file:
            file.write(f"{loader.num_workers}\n")
        return begin(loader)

    DataLoader.__iter__ = noted  # pyright: ignore[reportAttributeAccessIssue]


if __name__ == "__main__":
    _, method, script, *arguments = sys.argv
    multiprocessing.set_start_method(method)
    if method == "forkserver":
        multiprocessing.set_forkserver_preload(["torch"])
    sys.argv = [script, *arguments]
    sys.path[0] = str(Path(script).parent)
    note_workers()
    runpy.run_path(script, run_name="__main__")
