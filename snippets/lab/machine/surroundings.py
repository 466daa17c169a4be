"""What else happened on the machine during a pass: the reasons why a comparison may not be judged.

Standard library only. What a system does not report is None, never zero.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from snippets.lab.machine.machine import cgroup_folders


@dataclass(frozen=True)
class Surroundings:
    """One pass. `capacity`: cores' worth of parallel work, one number per round. `steal`: the share (0 to 1) of this
    machine's CPU time that its hypervisor gave to others. `throttled`: the share of this cgroup's CFS periods in
    which its quota was used up. None where the system does not say, or sets no quota.
    """

    capacity: list[float]
    steal: float | None
    throttled: float | None


@dataclass
class Watch:
    """A pass that is being watched: `capacity` grows round by round, the shares are set at its end."""

    capacity: list[float] = field(default_factory=list)
    steal: float | None = None
    throttled: float | None = None

    def seen(self) -> Surroundings:
        return Surroundings(self.capacity, self.steal, self.throttled)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watches the block: its shares are by how much the system's counters grew from its beginning to its end."""
    watch = Watch()
    steal, throttled = _steal(), _throttled()
    yield watch
    watch.steal = _share(steal, _steal())
    watch.throttled = _share(throttled, _throttled())


def _share(before: tuple[int, int] | None, after: tuple[int, int] | None) -> float | None:
    """Growth of the first counter over growth of the second, 0 to 1; a counter that ran back has not grown."""
    if before is None or after is None:
        return None
    part, whole = (late - early for early, late in zip(before, after, strict=True))
    return min(1.0, max(0, part) / whole) if whole > 0 else 0.0


def _steal(stat: Path = Path("/proc/stat")) -> tuple[int, int] | None:
    """Stolen and all ticks since boot (proc(5): user nice system idle iowait irq softirq steal)."""
    try:
        ticks = [int(word) for word in stat.read_text().splitlines()[0].split()[1:9]]
    except (OSError, ValueError, IndexError):
        return None
    return (ticks[7], sum(ticks)) if len(ticks) == 8 else None


def _throttled() -> tuple[int, int] | None:
    """Throttled and all CFS periods, summed over this cgroup and those above it; None without a quota."""
    cgroups = [counts for folder in cgroup_folders() if (counts := _periods(folder / "cpu.stat"))]
    return (sum(throttled for throttled, _ in cgroups), sum(periods for _, periods in cgroups)) if cgroups else None


def _periods(stat: Path) -> tuple[int, int] | None:
    try:
        counters = dict(line.split() for line in stat.read_text().splitlines())
        return int(counters["nr_throttled"]), int(counters["nr_periods"])
    except (OSError, ValueError, KeyError):
        return None
