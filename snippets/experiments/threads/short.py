"""The short form: two rounds, for the bound is far away."""

from dataclasses import replace

from snippets.experiments.threads import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
