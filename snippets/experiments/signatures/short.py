"""The short form: two rounds, for waits hardly scatter, and the bounds are far away."""

from dataclasses import replace

from snippets.experiments.signatures import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
