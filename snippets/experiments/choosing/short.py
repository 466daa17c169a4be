"""The short form: the workloads of a day, with some of the counts, and the function alone chooses."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from snippets.experiments import draws
from snippets.experiments.choosing import measure
from snippets.experiments.choosing.arms import FUNCTION, WAITING, tried
from snippets.experiments.choosing.measure import ALWAYS, CORES, arms, by_the_function
from snippets.experiments.varied_workloads import WORKLOADS
from snippets.lab.instruments.experiment import Arm, Experiment

DRAWN = 3
"""How many workloads are measured beside the one that always is."""
LEFT_OUT = (5, 6, 7, 12)
"""Counts that are not tried. The more workers, the longer it takes until a loader is in its steady state: these are
half of the workers that would have to start. The count that is chosen runs in any case.
"""
FEW_CORES = 4
"""Up to so many, 8 workers are not tried either where items compute: they take turns, and start for a second."""


def left_out(workload: str) -> tuple[int, ...]:
    return LEFT_OUT if workload in WAITING or CORES > FEW_CORES else (*LEFT_OUT, 8)


def drawn(day: date) -> list[str]:
    return draws.drawn([*WORKLOADS], ALWAYS, DRAWN, day)


@contextmanager
def fewer_arms(names: Sequence[str]) -> Iterator[Mapping[str, Arm]]:
    not_tried = {tried(name, count) for name in names for count in left_out(name)}
    with arms(names, {FUNCTION: by_the_function}) as runs:
        yield {arm: run for arm, run in runs.items() if arm not in not_tried}


def on(day: date) -> Experiment:
    """With the workloads of that day alone, and the day among its parameters."""
    params = {**measure.EXPERIMENT.params, "drawn_on": day.isoformat()}
    return replace(measure.EXPERIMENT, arms=partial(fewer_arms, drawn(day)), params=params)


EXPERIMENT = on(datetime.now(UTC).date())
