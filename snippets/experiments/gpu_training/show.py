"""Photos/s of training over the count of workers, below two lines: what the cores decode, and the step alone."""

from statistics import median

from snippets.experiments.gpu_training import limits
from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Series, Table
from snippets.lab.numbers import counted, number, percent
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval


def values(result: Measured) -> dict[str, str]:
    best = limits.best(result)
    return {
        "best": str(best),
        "none_rate": number(result.estimate(arm(0)).median),
        "best_rate": number(result.estimate(arm(best)).median),
        "step_rate": number(result.estimate(REPLAYED).median),
        "process_rate": number(result.estimate(DECODING).median),
        "cores_rate": number(median(limits.decoding(result, limits.most(result)))),
        "cores": number(result.capacity, 2),
        "fed": percent(median(limits.fed(result))),
        "waited": percent(result.estimate(arm(best), "waited").median),
        "main_cpu": percent(limits.main_cpu(result)),
    }


def pace(result: Measured) -> str:
    """What sets it, in words."""
    if limits.neither(result):
        busy = percent(limits.main_cpu(result))
        return f"Neither sets the pace; the main process is busy for {busy} of the time"
    if median(limits.decoding(result, limits.most(result))) < result.estimate(REPLAYED).median:
        return "The cores set the pace, and do not feed this GPU"
    return "The step sets the pace"


def figure(result: Measured) -> Figure:
    say, counts = values(result), result.numbers("counts")
    step = result.estimate(REPLAYED).median
    cores = {count: median(limits.decoding(result, count)) for count in counts}
    message = (
        f"A residual network learns from photos: {say['none_rate']} photos/s without workers, and {say['best_rate']} "
        f"with {counted(limits.best(result), 'worker')}. One dashed line is what the cores decode, {say['cores_rate']} "
        f"photos/s with {limits.most(result)} workers; the other is the step alone, one batch replayed: "
        f"{say['step_rate']}. {pace(result)}."
    )
    points = tuple(Point(count, result.estimate(arm(count))) for count in counts)
    most = float(counts[-1])
    panel = Panel(
        "",
        (Series("training", "step", points),),
        (
            Limit("what the cores decode", tuple((float(count), each) for count, each in cores.items())),
            Limit("the step alone", ((0.0, step), (most, step))),
        ),
    )
    rows = [
        (str(count), interval(result.estimate(arm(count))), number(cores[count]), _waited(result, count))
        for count in counts
    ]
    rows.append((REPLAYED, interval(result.estimate(REPLAYED)), "", ""))
    header = ("Workers", "Trained, photos/s", "The cores’ limit", "GPU without a batch")
    chart = Lines("workers", "photos/s", "higher", (panel,), x_steps=True)
    return Figure(message, chart, Table(header, tuple(rows)))


def _waited(result: Measured, count: int) -> str:
    return percent(result.estimate(arm(count), "waited").median)
