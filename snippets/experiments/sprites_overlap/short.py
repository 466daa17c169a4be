"""The short form: two rounds, for waits hardly scatter."""

from dataclasses import replace

from snippets.experiments.sprites_overlap import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
