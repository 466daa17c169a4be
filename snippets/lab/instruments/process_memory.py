"""PSS and USS of a process, from the kernel's own sum (`/proc/PID/smaps_rollup`, Linux 4.14 and later)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessMemory:
    """Bytes. `pss` splits each shared page among the processes that have it mapped, so it adds up over them; `uss`
    counts the pages of this process alone, which are what ending it would give back.
    """

    pss: int
    uss: int


def process_memory(pid: int) -> ProcessMemory:
    """Of a running process, by its id. Raises OSError where it has ended, or where another user started it."""
    kilobytes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, _ = line.split()
        kilobytes[name.rstrip(":")] = int(value)
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return ProcessMemory(kilobytes["Pss"] * 1024, private * 1024)
