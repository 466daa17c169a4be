"""How much memory a process may have here: all of the machine's, or what its cgroups leave of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from snippets.lab.machine.machine import Machine, cgroup_folders


def limited(machine: Machine, folders: Sequence[Path] | None = None) -> Machine:
    """The machine with as much RAM as the cgroups in `folders` leave of it, this process's own if none are given."""
    limits = [limit for folder in folders or cgroup_folders() if (limit := _limit(folder))]
    return replace(machine, ram=min([*limits, *([machine.ram] if machine.ram else [])], default=0))


def _limit(folder: Path) -> int | None:
    """In bytes; None where the group sets none."""
    try:
        return int((folder / "memory.max").read_text())
    except (OSError, ValueError):  # "max", where there is none
        return None
