"""The short form: three counts, of which the outer ones are claimed of."""

from snippets.experiments.quick_benchmark.measure import experiment

EXPERIMENT = experiment((0, 2, 16))
