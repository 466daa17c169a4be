"""The cores that this process may use, shared among this machine's ranks."""

# prints: (?s:.+)\d+ cores for each of 1 ranks, the training loop included

# --8<-- [start:code]
import os
import sys
from pathlib import Path

VERSION_2 = ["cpu.max"]
VERSION_1 = ["cpu.cfs_quota_us", "cpu.cfs_period_us"]


def allowed(process=0):
    if sys.platform == "linux":
        return len(os.sched_getaffinity(process))
    return os.cpu_count() or 1


def quotas():
    own = Path("/proc/self/cgroup")
    for line in own.read_text().splitlines() if own.exists() else ():
        _, kinds, group = line.split(":", 2)
        if not kinds:
            folder, files = Path("/sys/fs/cgroup" + group), VERSION_2
        elif "cpu" in kinds.split(","):
            folder, files = Path("/sys/fs/cgroup/cpu" + group), VERSION_1
        else:
            continue
        for place in (folder, *folder.parents):
            try:
                texts = [(place / file).read_text() for file in files]
            except OSError:
                continue
            quota, period = " ".join(texts).split()
            if quota not in ("max", "-1"):
                yield int(quota) / int(period)


def usable_cores():
    return min([allowed(), *quotas()])


def cores_per_rank(ranks):
    launcher = os.getppid()
    return min(allowed(), min([allowed(launcher), *quotas()]) / ranks)


ranks = int(os.environ.get("LOCAL_WORLD_SIZE", 1))
per_rank = max(1, int(cores_per_rank(ranks)))
print(f"{os.cpu_count()} cores, of which {usable_cores():g} may be used here")
print(
    f"{per_rank} cores for each of {ranks} ranks, the training loop included"
)
# --8<-- [end:code]
