"""The short form: three rounds, which decide as often as five."""

from dataclasses import replace

from snippets.experiments.decoders import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=3)
