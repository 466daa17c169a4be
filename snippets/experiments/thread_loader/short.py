"""The short form: two rounds, which decide as often as three."""

from dataclasses import replace

from snippets.experiments.thread_loader import measure

EXPERIMENT = replace(measure.EXPERIMENT, rounds=2)
