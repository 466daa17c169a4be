"""Charts like those of the site, each drawn once."""

from functools import cache

from snippets.lab.figures import timelines
from snippets.lab.figures.draw.style import ROLES
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import (
    Bar,
    BarGroup,
    Bars,
    Chart,
    Dots,
    Lane,
    Limit,
    Lines,
    Panel,
    Point,
    Role,
    Run,
    Scale,
    Series,
    Span,
    Timeline,
)
from snippets.lab.results.results import TraceSpan
from snippets.lab.results.stats import Estimate
from tests.lab.made import measured

COUNTS = (0, 1, 2, 4, 8)


def around(median: float) -> Estimate:
    return Estimate(median, median * 0.94, median * 1.08, 7)


def timeline(batches: int = 12, workers: int = 4) -> Timeline:
    alone = [
        span
        for batch in range(batches)
        for span in (
            Span("fetch", 0.09 * batch, 0.09 * batch + 0.05, batch),
            Span("collate", 0.09 * batch + 0.05, 0.09 * batch + 0.06, batch),
            Span("step", 0.09 * batch + 0.06, 0.09 * batch + 0.09, batch),
        )
    ]
    main = [Span("start-up", 0, 0.02), Span("wait", 0.02, 0.1, 0)]
    for batch in range(batches):
        main.append(Span("receive", 0.1 + 0.03 * batch, 0.102 + 0.03 * batch, batch))
        main.append(Span("step", 0.102 + 0.03 * batch, 0.13 + 0.03 * batch, batch))
    end = 0.1 + 0.03 * batches
    main.append(Span("shutdown", end, end + 0.02))
    lanes = [Lane("main", tuple(main))]
    for worker in range(workers):
        mine = range(worker, batches, workers)
        spans = (Span("fetch", 0.03 + 0.06 * i, 0.08 + 0.06 * i, batch) for i, batch in enumerate(mine))
        lanes.append(Lane(f"worker {worker}", (Span("start-up", 0, 0.03), *spans)))
    none = Run("num_workers=0", (Lane("main", tuple(alone)),), 0.09 * batches)
    some = Run(f"num_workers={workers}, persistent_workers=True", tuple(lanes), end + 0.02)
    return Timeline((none, some), (("step", "step (a timed wait, for a GPU’s)"),))


def gpu_trace(step_waited_for: bool, workers: int = 0, batches: int = 4) -> list[TraceSpan]:
    """Of a GPU's step that takes half as long as decoding a batch, which a worker does, or else main."""
    spans, over = [], 0.0
    for batch in range(batches):
        lane = f"worker {batch % workers}" if workers else "main"
        at = 0.1 if workers else over
        spans.append(TraceSpan(lane, "fetch", at, at + 0.1, batch))
        launched = max(over, at + 0.1)
        end = launched + 0.05
        over = end if step_waited_for else launched + 0.005
        spans += [TraceSpan("main", "step", launched, over, batch), TraceSpan("GPU", "step", launched, end, batch)]
    return spans


def on_a_gpu() -> Timeline:
    """From the spans of three runs, the last one with workers of two digits."""
    traces = {
        "waiting": gpu_trace(True),
        "not waiting": gpu_trace(False),
        "fed": gpu_trace(True, workers=11, batches=11),
    }
    titles = {arm: f"num_workers=0, {arm}" for arm in traces}
    return timelines.timeline(measured(traces=traces), titles, step="step (main launches it, the GPU runs it)")


def scaling(y_scale: Scale = "linear") -> Lines:
    panels = tuple(
        Panel(
            title,
            (Series("measured", "fetch", tuple(map(Point, COUNTS, map(around, rates)))),),
            (Limit("the slower of items and cores", ((0, 820), (8, 820))),),
        )
        for title, rates in (
            ("waiting (sleep)", (198, 195, 388, 771, 1490)),
            ("computing (decode a photo)", (410, 402, 760, 745, 700)),
            ("both (wait, then decode)", (133, 131, 260, 510, 640)),
        )
    )
    return Lines("num_workers", "samples/s", "higher", panels, x_steps=True, y_scale=y_scale)


def two_limits() -> Lines:
    """Lines that cross, and end close to each other."""
    rates = (310, 305, 600, 1190, 2300, 3600)
    points = tuple(map(Point, (*COUNTS, 16), map(around, rates)))
    limits = (
        Limit("what the cores decode", ((0, 310), (1, 310), (2, 620), (4, 1240), (8, 2480), (16, 4900))),
        Limit("the step alone", ((0, 4600), (16, 4600))),
    )
    panel = Panel("", (Series("training", "step", points),), limits)
    return Lines("workers", "photos/s", "higher", (panel,), x_steps=True)


def memory() -> Lines:
    xs = [25_000 * look for look in range(21)]
    series = (
        Series("Python objects", "fetch", tuple(Point(x, around(120 + x / 900)) for x in xs)),
        Series("packed array", "fetch", tuple(Point(x, around(118 + x / 1e5)) for x in xs)),
    )
    return Lines("names read", "PSS of main and workers, MB", "lower", (Panel("", series),))


def start_up() -> Bars:
    groups = (("fork", 0.021), ("forkserver", 0.42), ("spawn", 3.4))
    return Bars(
        "s",
        "lower",
        tuple(
            BarGroup(
                name,
                (
                    Bar("new workers each epoch", around(seconds), "start-up"),
                    Bar("persistent_workers=True, second and later epochs", around(0.0021), "receive"),
                ),
            )
            for name, seconds in groups
        ),
    )


def slicing() -> Bars:
    rates = {"slices of whole batches": 12.4e6, "DataLoader, 0 workers": 182e3, "DataLoader, 4 workers": 212}
    bars = tuple(Bar(name, around(rate), "fetch") for name, rate in rates.items())
    return Bars("samples/s", "higher", (BarGroup("A tensor in memory", bars),), "log")


def every_role() -> Bars:
    bars = tuple(Bar(role, around(100 * (index + 1)), role) for index, role in enumerate(ROLES))
    return Bars("% of pairs in the right order", "higher", (BarGroup("", bars),))


def neither_better() -> Bars:
    bars = (Bar("utilised", around(50), "step"), Bar("waited", around(48), "wait"))
    return Bars("% of the time", None, (BarGroup("a loop that waits", bars),))


def choosers() -> Dots:
    """Two that reach the same, and a row that lacks one."""
    rows = {"decoded photos": (32, 98, 98), "one item in eight waits ten times as long": (9, 41, 88), "rows": (71, 99)}
    who: tuple[tuple[str, Role], ...] = (("the default", "wait"), ("the function", "step"), ("all CPUs", "collate"))
    return Dots(
        "% of the best count’s throughput",
        "higher",
        tuple(
            BarGroup(label, tuple(Bar(name, around(share), role) for share, (name, role) in zip(shares, who)))  # noqa: B905
            for label, shares in rows.items()
        ),
    )


CHARTS: dict[str, Chart] = {
    "overlap": timeline(),
    "on-a-gpu": on_a_gpu(),
    "scaling": scaling(),
    "scaling-log": scaling("log"),
    "two-limits": two_limits(),
    "memory": memory(),
    "start-up": start_up(),
    "slicing": slicing(),
    "every-role": every_role(),
    "neither-better": neither_better(),
    "choosers": choosers(),
}
ALT = 'The <b> & "so" it\'s'


@cache
def markup_of(name: str) -> str:
    return draw(name, CHARTS[name], ALT)
