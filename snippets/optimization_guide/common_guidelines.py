"""The cores that this process may use, shared among this machine's ranks."""

# --8<-- [start:code]
import os
from pathlib import Path


def usable_cores():
    cores = os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        cores = len(os.sched_getaffinity(0))
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
        return (
            cores if quota == "max" else min(cores, int(quota) / int(period))
        )
    except OSError:
        return cores


ranks = int(os.environ.get("LOCAL_WORLD_SIZE", 1))
per_rank = max(1, int(usable_cores()) // ranks)
print(f"{os.cpu_count()} cores, of which {usable_cores():g} may be used here")
print(f"start from num_workers={per_rank} in each of the {ranks} ranks")
# --8<-- [end:code]
