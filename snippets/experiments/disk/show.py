"""Bars for sprites and photos, cold and warm, with 0 and 4 workers."""

from snippets.experiments.disk.arms import COUNTS, KINDS, PAGES, arm
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Role, Table
from snippets.lab.numbers import percent, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

ROLES: dict[str, Role] = {"cold": "receive", "warm": "fetch"}


def values(result: Measured) -> dict[str, str]:
    found = {}
    for kind in KINDS:
        for pages in PAGES:
            gain = result.ratio(arm(kind, pages, 4), arm(kind, pages, 0)).median
            found[f"{kind}_{pages}_speedup"] = times(gain)
        for count in COUNTS:
            kept = result.ratio(arm(kind, "cold", count), arm(kind, "warm", count)).median
            found[f"{kind}_cold_{count}"] = percent(kept)
    cached = result.estimate(arm("photos", "cold", 0), "cached").median
    found["cold_cached"] = percent(cached)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"From cold pages one process loads sprites at {say['sprites_cold_0']} of its speed from warm ones, and "
        f"photos at {say['photos_cold_0']}. Once they run, four workers load sprites "
        f"{say['sprites_warm_speedup']} as fast as none from warm pages and {say['sprites_cold_speedup']} as fast "
        f"from cold ones, photos {say['photos_warm_speedup']} and {say['photos_cold_speedup']}."
    )
    groups = tuple(
        BarGroup(
            kind,
            tuple(
                Bar(f"{pages}, {count} workers", result.estimate(arm(kind, pages, count)), ROLES[pages])
                for pages in PAGES
                for count in COUNTS
            ),
        )
        for kind in KINDS
    )
    rows = tuple(
        (
            kind,
            pages,
            str(count),
            interval(result.estimate(arm(kind, pages, count))),
            percent(result.estimate(arm(kind, pages, count), "cached").median),
        )
        for kind in KINDS
        for pages in PAGES
        for count in COUNTS
    )
    table = Table(("Files", "Pages", "Workers", "Samples/s", "In memory before"), rows)
    return Figure(message, Bars("samples/s", "higher", groups, "log"), table)
