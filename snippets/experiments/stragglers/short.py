"""The short form: two rounds, for waits hardly scatter."""

from dataclasses import replace

from snippets.experiments.stragglers import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
