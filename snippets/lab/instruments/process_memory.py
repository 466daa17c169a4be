"""PSS and USS of a process, from the kernel's own sum (`/proc/PID/smaps_rollup`, Linux 4.14 and later)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProcessMemory:
    """Bytes. `pss` splits each shared page among those who hold it, so it adds up over processes; `uss` is
    what only this process holds, so what ending it would give back."""

    pss: int
    uss: int


def process_memory(pid: int) -> ProcessMemory:
    kilobytes: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, _ = line.split()
        kilobytes[name.rstrip(":")] = int(value)
    private = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return ProcessMemory(kilobytes["Pss"] * 1024, private * 1024)
