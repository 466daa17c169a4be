"""What this machine is: the part of every result that says where it holds. Standard library only.

Its GPU is the one that torch can use, or none. Importing torch takes seconds, so a process of its own is asked, only
where something hints at a GPU, and who starts other processes may hand the answer down to them.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

DEVICES = ("nvidiactl", "nvidia[0-9]*", "nvhost-gpu", "dxg", "kfd")
"""In /dev: a GPU's driver, on Linux, on a Jetson, under Windows' subsystem for Linux, and AMD's."""

PROCESSOR = r"HKLM\HARDWARE\DESCRIPTION\System\CentralProcessor\0"
"""In the registry of Windows."""

GPU = "SNIPPETS_LAB_GPU"
"""Environment variable with what the process that started this one knows already, as JSON: name and driver."""

ASKING_SECONDS = 300
"""A first import of torch may take most of it, from a disk that is read for the first time."""


@dataclass(frozen=True)
class Machine:
    """Where a result was measured. `cores`: logical ones; `affinity`: of these, how many this process may run on;
    `quota`: in cores, None where none is set. `ram` and `shm` (the size of /dev/shm): in bytes, 0 and None where the
    system does not say. `gpu` and `driver`: None where torch can use no GPU.
    """

    system: str
    cpu: str
    cores: int
    affinity: int
    quota: float | None
    ram: int
    shm: int | None
    gpu: str | None
    driver: str | None

    @property
    def cores_usable(self) -> float:
        """Cores that this process may really use: its affinity mask, cut by the cgroup's CFS quota.

        torch's own warning looks at the affinity alone, `os.cpu_count()` at neither.
        """
        return min(self.affinity, self.quota) if self.quota else self.affinity


@dataclass(frozen=True)
class Software:
    """Versions of what is installed here; of what is not, "none" or None."""

    python: str
    torch: str
    numpy: str
    pillow: str | None


@cache
def this_machine() -> Machine:
    gpu, driver = _gpu()
    return Machine(
        system=f"{platform.system()} {platform.machine()}",
        cpu=_cpu_model(),
        cores=os.cpu_count() or 1,
        affinity=_affinity(),
        quota=_cgroup_quota(cgroup_folders()),
        ram=_ram(),
        shm=shutil.disk_usage("/dev/shm").total if os.path.isdir("/dev/shm") else None,
        gpu=gpu,
        driver=driver,
    )


def _affinity() -> int:
    """How many cores this process may run on; all, where a system ties no process to some of them."""
    affinity_of = getattr(os, "sched_getaffinity", None)
    return len(affinity_of(0)) if affinity_of else os.cpu_count() or 1


@cache
def this_software() -> Software:
    """Versions read from package metadata: importing torch for its version would take a second."""
    return Software(
        python=platform.python_version(),
        torch=_version("torch") or "none",
        numpy=_version("numpy") or "none",
        pillow=_version("pillow"),
    )


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cpu_model() -> str:
    """Its full name. Python knows a family, and of some systems nothing."""
    if sys.platform == "darwin":
        name = _answer(["sysctl", "-n", "machdep.cpu.brand_string"])
    elif sys.platform == "win32":
        name = (_answer(["reg", "query", PROCESSOR, "/v", "ProcessorNameString"]) or "").partition("REG_SZ")[2]
    else:
        name = _in_cpuinfo()
    return " ".join((name or platform.processor() or "unknown").split())


def _in_cpuinfo() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2] for line in lines if line.startswith("model name")), "")


def cgroup_folders(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> list[Path]:
    """The folders with the limits and counters of this process's cgroup, of those above it, and of version 1."""
    try:
        group = next(line[3:] for line in own.read_text().splitlines() if line.startswith("0::"))
    except (OSError, StopIteration):
        group = "/"
    folder = root / group.strip("/")
    ancestors = [parent for parent in folder.parents if parent.is_relative_to(root)]
    return [folder, *ancestors, root / "cpu"]


def _cgroup_quota(folders: Sequence[Path]) -> float | None:
    """The tightest CFS quota, in cores, that these cgroups set."""
    quotas = []
    for folder in folders:
        try:
            limit, period = (folder / "cpu.max").read_text().split()
            if limit != "max":
                quotas.append(int(limit) / int(period))
        except (OSError, ValueError, ZeroDivisionError):
            pass
        try:
            limit_v1 = int((folder / "cpu.cfs_quota_us").read_text())
            if limit_v1 > 0:
                quotas.append(limit_v1 / int((folder / "cpu.cfs_period_us").read_text()))
        except (OSError, ValueError, ZeroDivisionError):
            pass
    return min(quotas, default=None)


def _ram() -> int:
    if sys.platform != "win32" and "SC_PHYS_PAGES" in os.sysconf_names:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return 0


def handed_down() -> dict[str, str]:
    """Environment variables for processes that ask what this machine is, so that its GPU is asked for once."""
    here = this_machine()
    return {GPU: json.dumps([here.gpu, here.driver])}


def _gpu(devices: Path = Path("/dev")) -> tuple[str | None, str | None]:
    """Name and driver of the GPU that torch can use; None for what is not there."""
    if inherited := os.environ.get(GPU):
        name, driver = json.loads(inherited)
        return name, driver
    hinted = shutil.which("nvidia-smi") or any(any(devices.glob(pattern)) for pattern in DEVICES)
    name = _answer([sys.executable, "-m", "snippets.lab.instruments.cuda"]) if hinted else None
    return name, _driver() if name else None


def _driver() -> str | None:
    return _answer(["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"])


def _answer(command: list[str]) -> str | None:
    """The last line that a command prints; None where it prints nothing, or fails."""
    try:
        completed = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=ASKING_SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return completed.stdout.strip().rpartition("\n")[2] or None
