"""Three panels on shared axes: items that wait, that compute, that do both; each with its limit."""

from snippets.lab.figure import Figure, Limit, Lines, Panel, Point, Role, Series, Table
from snippets.lab.numbers import interval, number, times
from snippets.lab.results import Measured

COUNTS = (0, 1, 2, 4, 8)
KINDS: dict[str, tuple[str, Role]] = {
    "waiting": ("waiting (sleep)", "wait"),
    "computing": ("computing (decode a photo)", "fetch"),
    "both": ("both (wait, then decode)", "collate"),
}


def arm(kind: str, count: int) -> str:
    return f"{kind}, {count} workers"


def cores(result: Measured) -> float:
    """Cores' worth of parallel work, measured in the same rounds."""
    return result.estimate("capacity", "cores").median


def limit(result: Measured, kind: str, count: int) -> float:
    """Samples/s that `count` workers cannot exceed, calibrated on 0 and 1 workers of this pass.

    min(N / t, C / (c + m)): N workers of t seconds per sample, C cores' worth of capacity, c CPU-seconds per
    sample to load it (0 workers) and m to receive it (1 worker). From the loader's discrete-event model: the
    step does not limit here, for there is none.
    """
    one_worker = result.estimate(arm(kind, 1)).median
    load = result.estimate(arm(kind, 0), "main_cpu").median
    receive = result.estimate(arm(kind, 1), "main_cpu").median
    return min(count * one_worker, cores(result) / (load + receive))


def values(result: Measured) -> dict[str, str]:
    found = {"cores": number(cores(result), 2)}
    for kind in KINDS:
        for count in COUNTS[1:]:
            found[f"{kind}_{count}"] = times(result.ratio(arm(kind, count), arm(kind, 0)).median)
    one = result.estimate(arm("computing", 0)).median
    found["photo_ms"] = f"{number(1000 / one, 2)}\u00a0ms"
    found["photo_rate"] = number(one, 2)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Eight workers fetch waiting items {say['waiting_8']} as fast as none, but decode photos only "
        f"{say['computing_8']} as fast: a wait uses no core, and this machine had {say['cores']} cores’ worth "
        "of work to give. The dashed line is the limit that cores and worker count set."
    )
    panels = tuple(_panel(result, kind) for kind in KINDS)
    rows = tuple(
        (
            str(count),
            *(interval(result.estimate(arm(kind, count))) for kind in KINDS),
        )
        for count in COUNTS
    )
    header = ("Workers", *(f"{title}, samples/s" for title, _ in KINDS.values()))
    chart = Lines("workers", "samples/s", "higher", panels, x_steps=True)
    return Figure(message, chart, Table(header, rows))


def _panel(result: Measured, kind: str) -> Panel:
    title, role = KINDS[kind]
    points = tuple(Point(count, result.estimate(arm(kind, count))) for count in COUNTS)
    bound = tuple((float(count), limit(result, kind, count)) for count in COUNTS[1:])
    return Panel(title, (Series("measured", role, points),), Limit("limit", bound))
