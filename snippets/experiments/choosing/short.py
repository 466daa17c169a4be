"""The short form: the workloads of a day, and the function alone chooses."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from snippets.experiments import draws
from snippets.experiments.choosing import measure
from snippets.experiments.choosing.arms import FUNCTION
from snippets.experiments.choosing.measure import ALWAYS, arms, by_the_function
from snippets.experiments.varied_workloads import WORKLOADS
from snippets.lab.instruments.experiment import Experiment

DRAWN = 3
"""How many workloads are measured beside the one that always is."""


def drawn(day: date) -> list[str]:
    return draws.drawn([*WORKLOADS], ALWAYS, DRAWN, day)


def on(day: date) -> Experiment:
    """With the workloads of that day alone, and the day among its parameters."""
    params = {**measure.EXPERIMENT.params, "drawn_on": day.isoformat()}
    return replace(measure.EXPERIMENT, arms=partial(arms, drawn(day), {FUNCTION: by_the_function}), params=params)


EXPERIMENT = on(datetime.now(UTC).date())
