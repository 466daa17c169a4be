"""The short form: two rounds, for the bounds are far away."""

from dataclasses import replace

from snippets.experiments.handing_over import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
