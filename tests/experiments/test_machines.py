"""No machine makes a claim of `scaling` an error, however many CPUs, cores and GPUs it has: what was not tried there is
not measured there.

What it does not prove: that other experiments' claims meet every machine; only these count workers by the machine.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from snippets.experiments.scaling.claims import CLAIMS
from snippets.experiments.scaling.regret import WORKLOADS, figure
from snippets.experiments.scaling.rules import Facts, counts
from snippets.lab.judging.judge import judge
from snippets.lab.machine.machine import this_machine

from .made import told

MACHINES = [
    Facts(cpus, cores, gpus, 4)
    for cpus, cores, gpus in itertools.product((1, 2, 4, 16, 64, 66, 96, 192, 512), (1, 2, 4, 7, 8, 64), (0, 1, 8))
    if cores <= cpus
]


@pytest.mark.parametrize("facts", MACHINES, ids=lambda facts: f"{facts.cores} of {facts.cpu_count}, {facts.gpus} GPUs")
def test_each_claim_is_judged_or_not_measured(facts: Facts) -> None:
    tried = sorted({0, 1, 2, 4, 8, *counts(facts)})
    arms = {
        f"{workload}, {count} workers": {"throughput": 100.0 + 10 * count, "main_cpu": 0.001}
        for workload in WORKLOADS
        for count in tried
    }
    params = {"counts": [*tried], "cpu_count": facts.cpu_count, "cores": facts.cores}
    measured = told("throughput", arms, **params, gpus=facts.gpus, batch_size=facts.batch_size)
    machine = replace(this_machine(), cores=facts.cpu_count, affinity=facts.cores, quota=None)
    for claim in CLAIMS:
        assert judge(claim, measured, machine).verdict != "errored", claim.id
    assert figure(measured).message
