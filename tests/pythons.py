"""Later Pythons that are installed here, without torch."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

LATER = ("3.12", "3.13", "3.14")


@cache
def found(version: str) -> str:
    """The Python of that version, or "": on the path, or one of pyenv's."""
    of_pyenv = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for command in (shutil.which(f"python{version}"), *map(str, of_pyenv)):
        if command and subprocess.run([command, "-c", ""], capture_output=True).returncode == 0:
            return command
    return ""
