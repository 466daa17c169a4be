"""Bars of how fast each kind of item is loaded, and a step in Python is computed, over main alone."""

from snippets.experiments.estimates import in_milliseconds
from snippets.experiments.thread_loader.arms import (
    BESIDE_DECODING,
    BESIDE_THREAD,
    BESIDE_WORKER,
    IN_PYTHON,
    KINDS,
    LARGE,
    PHOTOS,
    UNDISTURBED,
    WAITS,
    alone,
    threads,
    workers,
)
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Table
from snippets.lab.numbers import duration, megabytes, times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import interval

TITLES = {
    WAITS: "items that wait",
    PHOTOS: "photos, decoded by Pillow",
    IN_PYTHON: "items of pure Python",
    LARGE: "large items",
}
BESIDE = {
    "beside a worker that runs Python": BESIDE_WORKER,
    "beside a thread that runs Python": BESIDE_THREAD,
    "beside a thread that decodes": BESIDE_DECODING,
}
"""What loads while the main process computes in Python, and the arm."""
NAMES = {WAITS: "waits", PHOTOS: "photos", IN_PYTHON: "python", LARGE: "large"}
"""Words for the kinds in the names of values."""


def values(result: Measured) -> dict[str, str]:
    found = {"large_size": megabytes(result.number("large_bytes"))}
    for kind, name in NAMES.items():
        found[f"{name}_workers"] = times(result.ratio(alone(kind), workers(kind)).median)
        found[f"{name}_threads"] = times(result.ratio(alone(kind), threads(kind)).median)
    for name, arm in {"workers": workers(WAITS), "threads": threads(WAITS)}.items():
        found[f"first_{name}"] = duration(result.estimate(arm, "first_batch").median)
    beside = {"alone": UNDISTURBED, "worker": BESIDE_WORKER, "thread": BESIDE_THREAD, "decoding": BESIDE_DECODING}
    for name, arm in beside.items():
        found[f"step_{name}"] = duration(result.estimate(arm).median)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"Over the main process alone, two threads load items that wait {say['waits_threads']} as fast, photos "
        f"{say['photos_threads']}, items of pure Python {say['python_threads']} and items of {say['large_size']} "
        f"{say['large_threads']}; two workers {say['waits_workers']}, {say['photos_workers']}, "
        f"{say['python_workers']} and {say['large_workers']}. A step in Python takes {say['step_alone']}, "
        f"{say['step_worker']} beside a worker that runs Python, and {say['step_thread']} beside a thread that does."
    )
    groups = [
        BarGroup(
            TITLES[kind],
            (
                Bar("2 workers", result.ratio(alone(kind), workers(kind)), "fetch"),
                Bar("2 threads", result.ratio(alone(kind), threads(kind)), "receive"),
            ),
        )
        for kind in KINDS
    ]
    steps = tuple(Bar(name, result.ratio(UNDISTURBED, arm), "step") for name, arm in BESIDE.items())
    groups.append(BarGroup("a step in Python", steps))
    rows = tuple(
        (arm, interval(in_milliseconds(result, arm)), interval(in_milliseconds(result, arm, "first_batch")))
        for kind in KINDS
        for arm in (alone(kind), workers(kind), threads(kind))
    ) + tuple((arm, interval(in_milliseconds(result, arm)), "") for arm in (UNDISTURBED, *BESIDE.values()))
    table = Table(("", "Per batch or step, ms", "First batch, ms"), rows)
    return Figure(message, Bars("times as fast as the main process alone", "higher", tuple(groups)), table)
