"""The short form: what being watched costs, a loop that is fed, and two faults of a day; all take minutes."""

from dataclasses import replace
from datetime import UTC, date, datetime

from snippets.experiments import draws
from snippets.experiments.doctor import arms, measure
from snippets.experiments.doctor.measure import named
from snippets.lab.instruments.experiment import Experiment

DRAWN = 2
"""How many faults are tried beside the healthy loop that always is."""


def drawn(day: date) -> list[str]:
    """The loops of a day. Every fault has its turn before one is drawn again."""
    return draws.drawn([arms.FED, *arms.RIGHT], arms.FED, DRAWN, day)


def on(day: date) -> Experiment:
    """With the loops of that day alone, and the day among its parameters."""
    params = {**measure.EXPERIMENT.params, "drawn_on": day.isoformat()}
    return replace(measure.EXPERIMENT, arms=named(drawn(day)), params=params, rounds=1)


EXPERIMENT = on(datetime.now(UTC).date())
