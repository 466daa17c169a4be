"""What a place gives to a loader: cores, a quota, shared memory."""

# prints: start method: \w+
# prints: CPUs of the machine: \d+(?s:.*)

# --8<-- [start:code]
import multiprocessing
import os
import shutil
import sys
from pathlib import Path

print("start method:", multiprocessing.get_start_method())
print("CPUs of the machine:", os.cpu_count())
if sys.platform == "linux":
    print("CPUs of this process:", len(os.sched_getaffinity(0)))
quota = Path("/sys/fs/cgroup/cpu.max")
if quota.exists():
    print("quota and period, in µs:", quota.read_text().strip())
shared = Path("/dev/shm")
if shared.exists():
    print(f"shared memory: {shutil.disk_usage(shared).total / 2**20:.0f} MiB")
# --8<-- [end:code]
