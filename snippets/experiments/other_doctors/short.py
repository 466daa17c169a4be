"""The short form measures nothing: a tool needs its own process for each loop, which together take minutes."""

from dataclasses import replace

from snippets.experiments.other_doctors import measure

EXPERIMENT = replace(measure.EXPERIMENT, unavailable=lambda: "other tools take minutes: only a full build runs them")
