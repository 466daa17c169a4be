"""The short form measures nothing: other tuners take minutes, and no limit can be set for them."""

from dataclasses import replace

from snippets.experiments.other_tuners import measure

EXPERIMENT = replace(measure.EXPERIMENT, unavailable=lambda: "other tuners take minutes: only a full build runs them")
