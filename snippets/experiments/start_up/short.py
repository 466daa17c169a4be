"""The short form: without an arm of which nothing is claimed (workers that all import torch, one after the other), and
two rounds, for the bounds are far away.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from snippets.experiments.start_up import measure
from snippets.experiments.start_up.arms import large
from snippets.lab.instruments.experiment import Arm


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    with measure.arms() as runs:
        yield {name: run for name, run in runs.items() if name != large("forkserver")}


EXPERIMENT = replace(measure.EXPERIMENT, arms=arms, rounds=2)
