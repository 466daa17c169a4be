"""Two lines over the size of a copy: GB/s from pageable and from pinned memory."""

from snippets.experiments.copies.arms import FLOAT32, MEMORIES, PAGEABLE, PINNED, UINT8, arm
from snippets.experiments.estimates import in_milliseconds
from snippets.lab.figures.figure import Figure, Lines, Panel, Point, Role, Series, Table
from snippets.lab.numbers import NBSP, duration, number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, estimate, interval

ROLES: dict[str, Role] = {PAGEABLE: "fetch", PINNED: "receive"}


def rate(result: Measured, memory: str, size: int) -> Estimate:
    """GB/s, of 10^9 bytes."""
    return estimate([size / seconds / 1e9 for seconds in result.samples_of(arm(memory, size))])


def binary(size: int) -> str:
    """`4096` → `4 KiB`."""
    return f"{size // 2**20}{NBSP}MiB" if size >= 2**20 else f"{size // 2**10}{NBSP}KiB"


def values(result: Measured) -> dict[str, str]:
    smallest, *_, largest = result.numbers("sizes")
    found = {"smallest": binary(smallest), "largest": binary(largest), "images": str(result.params["images"])}
    for memory in MEMORIES:
        for which, size in (("smallest", smallest), ("largest", largest)):
            found[f"{memory}_{which}"] = f"{number(rate(result, memory, size).median, 2)}{NBSP}GB/s"
    found["uint8"], found["float32"] = (duration(result.estimate(each).median) for each in (UINT8, FLOAT32))
    return found


def figure(result: Measured) -> Figure:
    say, sizes = values(result), result.numbers("sizes")
    message = (
        f"Copies of {say['largest']} come to the GPU at {say['pinned_largest']} from pinned memory and at "
        f"{say['pageable_largest']} from pageable memory; copies of {say['smallest']} at {say['pinned_smallest']} and "
        f"{say['pageable_smallest']}. A pinned batch of {say['images']} images takes {say['float32']} as float32, and "
        f"{say['uint8']} as uint8 that the GPU makes float32."
    )
    series = tuple(
        Series(memory, ROLES[memory], tuple(Point(size / 2**10, rate(result, memory, size)) for size in sizes))
        for memory in MEMORIES
    )
    chart = Lines("KiB in a copy", "GB/s", "higher", (Panel("", series),), x_steps=True, y_scale="log")
    rows = [(binary(size), *(interval(rate(result, memory, size), "GB/s") for memory in MEMORIES)) for size in sizes]
    rows += [
        (f"{each}, {say['images']} images", "", interval(in_milliseconds(result, each), "ms"))
        for each in (UINT8, FLOAT32)
    ]
    header = ("One copy", *(f"From {memory} memory" for memory in MEMORIES))
    return Figure(message, chart, Table(header, tuple(rows)))
