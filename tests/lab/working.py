"""Which processes a test has left behind."""

from contextlib import suppress
from pathlib import Path

import psutil


def working_in(folder: Path) -> list[str]:
    """The command lines of all processes whose current folder is this one or lies in it; zombies do not count."""
    lines = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if (place := process.cwd()) and Path(place).is_relative_to(folder.resolve()):
                lines.append(" ".join(process.cmdline()))
    return [line for line in lines if line]
