"""Three panels on shared axes: items that wait, that compute, that do both; each with its limit."""

from snippets.experiments.kinds import KINDS
from snippets.experiments.scaling.arms import COUNTS, arm
from snippets.lab import loader_model
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Series, Table
from snippets.lab.loader_model import Batch, Loader
from snippets.lab.numbers import duration, number, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, interval

DRAWN = ("waiting", "computing", "both")


def speedup(result: Measured, kind: str, count: int) -> Estimate:
    """Samples/s with `count` workers over those with none, round by round."""
    return result.ratio(arm(kind, count), arm(kind, 0))


def limit(result: Measured, kind: str, count: int) -> float:
    """The speed-up that `count` workers cannot exceed, calibrated on 0 and 1 workers of this pass.

    By the model of the loader, for a sample instead of a batch: the CPU-seconds to load it are those without workers,
    to receive it those of the main process with one, and the rest of what one worker takes is waiting.
    """
    one_worker = 1 / result.estimate(arm(kind, 1)).median
    load = result.estimate(arm(kind, 0), "main_cpu").median
    receive = result.estimate(arm(kind, 1), "main_cpu").median
    sample = Batch(max(0.0, one_worker - load), min(load, one_worker))
    most = loader_model.limit(sample, Loader(count, receive=receive, cores=result.capacity))
    return most / result.estimate(arm(kind, 0)).median


def values(result: Measured) -> dict[str, str]:
    found = {"cores": number(result.capacity, 2)}
    for kind in DRAWN:
        for count in COUNTS[1:]:
            found[f"{kind}_{count}"] = times(speedup(result, kind, count).median)
    one = result.estimate(arm("computing", 0)).median
    found["photo_ms"] = duration(float(number(1 / one, 2)))
    found["photo_rate"] = number(one, 2)
    found["limit"] = times(limit(result, "computing", COUNTS[-1]))
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Eight workers fetch waiting items {say['waiting_8']} as fast as none, and decode photos "
        f"{say['computing_8']} as fast; this machine had {say['cores']} cores’ worth of work to give. The dashed "
        "line is the limit by the loader’s model: of the workers, the cores and the main process."
    )
    panels = tuple(_panel(result, kind) for kind in DRAWN)
    rows = tuple((str(count), *(interval(result.estimate(arm(kind, count))) for kind in DRAWN)) for count in COUNTS)
    header = ("Workers", *(f"{KINDS[kind][0]}, samples/s" for kind in DRAWN))
    chart = Lines("workers", "times as fast as 0 workers", "higher", panels, x_steps=True)
    return Figure(message, chart, Table(header, rows))


def _panel(result: Measured, kind: str) -> Panel:
    title, role = KINDS[kind]
    points = tuple(Point(count, speedup(result, kind, count)) for count in COUNTS)
    bound = tuple((float(count), limit(result, kind, count)) for count in COUNTS[1:])
    return Panel(title, (Series("measured", role, points),), (Limit("limit", bound),))
