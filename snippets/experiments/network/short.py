"""The short form: a server that answers sooner and has fewer places, and the counts that are claimed of."""

from snippets.experiments.network.measure import experiment

EXPERIMENT = experiment(latency=0.01, places=4, counts=(0, 4, 8), limited=(4, 8), threaded=(0, 1), rounds=2)
