"""The short form: two workloads of a day, and two counts of workers."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from snippets.experiments import draws
from snippets.experiments.predictions import measure
from snippets.experiments.predictions.measure import ALWAYS, arms
from snippets.experiments.varied_workloads import WORKLOADS
from snippets.lab.instruments.experiment import Experiment

DRAWN = 1
"""How many workloads are measured beside the one that always is."""
COUNTS = (2, 4)


def on(day: date) -> Experiment:
    """With the workloads of that day alone, and the day among its parameters."""
    params = {**measure.EXPERIMENT.params, "drawn_on": day.isoformat(), "counts": [*COUNTS]}
    names = draws.drawn([*WORKLOADS], ALWAYS, DRAWN, day)
    return replace(measure.EXPERIMENT, arms=partial(arms, names, COUNTS), rounds=2, params=params)


EXPERIMENT = on(datetime.now(UTC).date())
