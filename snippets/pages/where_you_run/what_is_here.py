"""What a place gives to a loader: cores, a quota, shared memory."""

# prints: start method: \w+
# prints: CPUs of the machine: \d+(?s:.*)

# --8<-- [start:code]
import multiprocessing
import os
import shutil
from pathlib import Path


def usable_cpus():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


print("start method:", multiprocessing.get_start_method())
print("CPUs of the machine:", os.cpu_count())
print("CPUs of this process:", usable_cpus())
quota = Path("/sys/fs/cgroup/cpu.max")
if quota.exists():
    print("quota and period, in µs:", quota.read_text().strip())
shared = Path("/dev/shm")
if shared.exists():
    print(f"shared memory: {shutil.disk_usage(shared).total / 2**20:.0f} MiB")
# --8<-- [end:code]
