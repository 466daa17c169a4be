"""The opening picture's loader for the simulator: its epoch with workers, and what its parts cost."""

from snippets.experiments.sprites_overlap.arms import HELPED
from snippets.lab.figures.simulated import SimulatedRun, first_epoch, settings_of
from snippets.lab.results.results import Measured


def runs(result: Measured, cores: float) -> list[SimulatedRun]:
    """`cores`: of the machine that measured."""
    spans = first_epoch(result.traces[HELPED])
    return [SimulatedRun("sprites", "Sprites", spans, settings_of(spans, cores, computes=False))]
