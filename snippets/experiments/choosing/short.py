"""The short form: the workloads of a day, for all of them take minutes."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial

from snippets.experiments.choosing import measure
from snippets.experiments.choosing.measure import ALWAYS, arms
from snippets.experiments.choosing.workloads import WORKLOADS
from snippets.lab.instruments.experiment import Experiment

DRAWN = 3
"""How many workloads are measured beside the one that always is."""


def drawn(day: date) -> list[str]:
    """The workloads of a day. Every workload has its turn before one is drawn again."""
    others = [name for name in WORKLOADS if name != ALWAYS]
    deal, turn = divmod(day.toordinal(), -(-len(others) // DRAWN))
    random.Random(deal).shuffle(others)
    return [ALWAYS, *others[turn * DRAWN : (turn + 1) * DRAWN]]


def on(day: date) -> Experiment:
    """With the workloads of that day alone, and the day among its parameters."""
    params = {**measure.EXPERIMENT.params, "drawn_on": day.isoformat()}
    return replace(measure.EXPERIMENT, arms=partial(arms, drawn(day)), params=params)


EXPERIMENT = on(datetime.now(UTC).date())
