"""Two panels on shared axes: a server that answers any number of requests at a time, and one that answers few."""

from snippets.experiments.network.arms import ANY, FEW, at_once, one_by_one
from snippets.lab.figures.figure import Figure, Limit, Lines, Panel, Point, Series, Table
from snippets.lab.numbers import duration, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

COUNTS = {ANY: "counts", FEW: "limited_counts"}
"""The parameter that has the counts of workers which ask one by one, for each kind of server."""


def title(result: Measured, server: str) -> str:
    return f"{result.params['places']} requests at a time" if server == FEW else server


def rate(result: Measured, arm: str) -> str:
    return number(result.estimate(arm).median, 2)


def values(result: Measured) -> dict[str, str]:
    twice = 2 * int(result.number("places"))
    return {
        "latency": duration(result.number("latency")),
        "batch_size": str(result.params["batch_size"]),
        "places": str(result.params["places"]),
        "twice": str(twice),
        "one_by_one_0": rate(result, one_by_one(0)),
        "one_by_one_8": rate(result, one_by_one(8)),
        "full": rate(result, one_by_one(twice, FEW)),
        "at_once_0": rate(result, at_once(0)),
        "at_once_1": rate(result, at_once(1)),
    }


def panel(result: Measured, server: str) -> Panel:
    counts, threaded = result.numbers(COUNTS[server]), result.numbers("threaded")
    series = (
        Series(
            "one by one",
            "wait",
            tuple(Point(count, result.estimate(one_by_one(count, server))) for count in counts),
        ),
        Series(
            "a batch at once",
            "fetch",
            tuple(Point(count, result.estimate(at_once(count, server))) for count in threaded),
        ),
    )
    most = result.number("places") / result.number("latency")
    steps = sorted({*result.numbers(COUNTS[ANY]), *threaded})
    limits = (Limit("places ÷ latency", ((steps[0], most), (steps[-1], most))),) if server == FEW else ()
    return Panel(title(result, server), series, limits)


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A server that answers after {say['latency']}. Asked one by one, it gives {say['one_by_one_0']} items/s "
        f"without workers and {say['one_by_one_8']} with eight. One worker that asks for the {say['batch_size']} "
        f"items of a batch at once gets {say['at_once_1']}. If the server answers {title(result, FEW)}, "
        f"{say['twice']} workers get {say['full']}."
    )
    chart = Lines("workers", "items/s", "higher", (panel(result, ANY), panel(result, FEW)), x_steps=True)
    rows = [
        (f"{title(result, server)}, {how}", f"{count}", interval(result.estimate(arm(count, server))))
        for server in (ANY, FEW)
        for how, arm, counts in (
            ("one by one", one_by_one, result.numbers(COUNTS[server])),
            ("a batch at once", at_once, result.numbers("threaded")),
        )
        for count in counts
    ]
    return Figure(
        message, chart, Table(("The server answers, the items are asked for", "Workers", "Items/s"), tuple(rows))
    )
