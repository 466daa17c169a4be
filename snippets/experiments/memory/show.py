"""Growth of the proportional set size of main and workers over an epoch, for two ways to hold names."""

from snippets.experiments.memory.arms import OBJECTS, PACKED
from snippets.lab.figures.figure import Figure, Lines, Panel, Point, Role, Series, Table
from snippets.lab.numbers import megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

ARMS: dict[str, Role] = {OBJECTS: "fetch", PACKED: "receive"}


def grown(result: Measured, arm: str, kind: str = "pss") -> list[float]:
    """Bytes more at the epoch's end than at its first batch, round by round."""
    last = int(result.number("looks"))
    pairs = zip(result.samples_of(arm, f"{kind}_0"), result.samples_of(arm, f"{kind}_{last}"), strict=True)
    return [after - before for before, after in pairs]


def growth(result: Measured, arm: str, kind: str, look: int) -> Estimate:
    """MB more than at the epoch's first batch."""
    start = result.samples_of(arm, f"{kind}_0")
    now = result.samples_of(arm, f"{kind}_{look}")
    return estimate([(after - before) / 1e6 for before, after in zip(start, now, strict=True)])


def values(result: Measured) -> dict[str, str]:
    last = int(result.number("looks"))
    objects, packed = (growth(result, arm, "pss", last).median * 1e6 for arm in ARMS)
    return {
        "objects": megabytes(objects),
        "packed": megabytes(packed),
        "objects_uss": megabytes(growth(result, OBJECTS, "uss", last).median * 1e6),
        "packed_uss": megabytes(growth(result, PACKED, "uss", last).median * 1e6),
        "names": f"{result.params['names']:,}",  # pyrefly: ignore[invalid-format-spec]: it is a number
        "workers": str(result.params["workers"]),
        "start": megabytes(result.estimate(OBJECTS, "pss_0").median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Reading {say['names']} names once with {say['workers']} forked workers: as Python objects, main and workers "
        f"together grow by {say['objects']}; packed in an array, by {say['packed']}."
    )
    looks = int(result.number("looks"))
    series = tuple(
        Series(
            arm,
            role,
            tuple(Point(100 * k / looks, growth(result, arm, "pss", k)) for k in range(looks + 1)),
        )
        for arm, role in ARMS.items()
    )
    rows = tuple(
        (
            f"{100 * k // looks} %",
            *(interval(growth(result, arm, kind, k)) for arm in ARMS for kind in ("pss", "uss")),
        )
        for k in range(looks + 1)
    )
    header = ("Epoch read", *(f"{arm}: {kind}, MB" for arm in ARMS for kind in ("PSS, all", "USS, workers")))
    chart = Lines("share of the epoch read, %", "growth of PSS, MB", "lower", (Panel("", series),))
    return Figure(message, chart, Table(header, rows))
