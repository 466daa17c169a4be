"""Bars, three for each scale."""

from snippets.experiments.decoders.arms import ARRAY, IMAGE, SIMPLEJPEG, SMALL_ARRAY, SMALL_IMAGE, SMALL_SIMPLEJPEG
from snippets.experiments.estimates import in_milliseconds
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

WAYS = ("Pillow, to an image", "Pillow, to an array", "simplejpeg, to an array")
SCALES = {
    "at full scale": (IMAGE, ARRAY, SIMPLEJPEG),
    "at a smaller scale": (SMALL_IMAGE, SMALL_ARRAY, SMALL_SIMPLEJPEG),
}
VALUES = {
    **{"image": IMAGE, "array": ARRAY, "simplejpeg": SIMPLEJPEG},
    **{"small_image": SMALL_IMAGE, "small_array": SMALL_ARRAY, "small_simplejpeg": SMALL_SIMPLEJPEG},
}


def values(result: Measured) -> dict[str, str]:
    return {name: duration(result.estimate(arm).median) for name, arm in VALUES.items()}


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"CPU time to decode one photo. At full scale: {say['image']} by Pillow to an image, {say['array']} to an "
        f"array, {say['simplejpeg']} by simplejpeg to an array. At a smaller scale: {say['small_image']}, "
        f"{say['small_array']} and {say['small_simplejpeg']}."
    )
    groups = tuple(
        BarGroup(
            scale, tuple(Bar(way, in_milliseconds(result, arm), "fetch") for way, arm in zip(WAYS, arms, strict=True))
        )
        for scale, arms in SCALES.items()
    )
    rows = tuple(
        (f"{way}, {scale}", interval(in_milliseconds(result, arm)))
        for scale, arms in SCALES.items()
        for way, arm in zip(WAYS, arms, strict=True)
    )
    return Figure(message, Bars("ms of CPU per photo", "lower", groups), Table(("", "CPU time per photo, ms"), rows))
