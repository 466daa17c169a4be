"""Throughput at rising counts of workers, and what rules of thumb lose: on every machine each claim is judged or not
measured.

What it does not prove: that other experiments' claims meet every machine; only these count workers by the machine.
"""

import itertools
from dataclasses import replace
from functools import partial

import pytest

from snippets.experiments import rules_of_thumb as rules
from snippets.experiments.kinds import KINDS
from snippets.experiments.rules_of_thumb import Facts
from snippets.experiments.scaling import regret, show
from snippets.experiments.scaling.arms import COUNTS, arm
from snippets.experiments.workloads import WAIT_SECONDS, datasets
from snippets.lab.figures.figure import Bars, Lines
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import judge
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured

from .dry_run import sleeps
from .results import plain, plain_values, result, statistics

RATES = {
    "waiting": (100, 90, 180, 360, 720),
    "computing": (400, 320, 600, 700, 640),
    "both": (80, 80, 160, 240, 320),
    "in memory": (1000, 500, 800, 900, 700),
}


def scaled() -> Measured:
    """Two cores; a decoded photo takes 2.5 ms of CPU, and receiving it 0.5 ms."""
    arms = {
        arm(kind, count): {"throughput": rate, "main_cpu": 0.0025 if count == 0 else 0.0005}
        for kind, rates in RATES.items()
        for count, rate in zip(COUNTS, rates, strict=True)
    }
    facts = {"counts": [*COUNTS], "cpu_count": 2, "cores": 2, "gpus": 0, "batch_size": 4}
    return replace(result("throughput", arms, **facts), surroundings=[Surroundings([2.0] * 7, 0.0, None)])


MEASURED = scaled()


def test_what_waits_does_so_before_it_computes() -> None:
    waited = {kind: sleeps(partial(dataset.__getitem__, 0)) for kind, dataset in datasets().items()}
    assert waited == {"waiting": [WAIT_SECONDS], "computing": [], "both": [WAIT_SECONDS], "in memory": []}


def test_claims() -> None:
    assert statistics("scaling", MEASURED) == pytest.approx(
        {
            "waiting-scales-to-8": 7.2,
            "waiting-scales-to-4": 3.6,
            "two-decode-faster": 1.5,
            "decoding-per-core": 0.8,
            "eight-decode-on-fewer-cores": 640 / 600,
            "waiting-outscales-decoding": 4.5,
            "no-rule-is-right-everywhere": 0.5,
            "default-loses-most-of-waiting": 1 - 100 / 720,
            "four-lose-in-memory": 0.1,
            "half-the-cpus-lose-on-waiting": 0.875,
        }
    )


MACHINES = [
    Facts(cpus, cores, gpus, 4)
    for cpus, cores, gpus in itertools.product((1, 2, 4, 16, 64, 66, 96, 192, 512), (1, 2, 4, 7, 8, 64), (0, 1, 8))
    if cores <= cpus
]


@pytest.mark.parametrize("facts", MACHINES, ids=lambda facts: f"{facts.cores} of {facts.cpu_count}, {facts.gpus} GPUs")
def test_on_every_machine_each_claim_is_judged_or_not_measured(facts: Facts) -> None:
    tried = sorted({*COUNTS, *rules.counts(facts)})
    arms = {
        arm(kind, count): {"throughput": 100.0 + 10 * count, "main_cpu": 0.001} for kind in KINDS for count in tried
    }
    params = {"counts": tried, "cpu_count": facts.cpu_count, "cores": facts.cores}
    measured = result("throughput", arms, **params, gpus=facts.gpus, batch_size=facts.batch_size)
    machine = replace(this_machine(), cores=facts.cpu_count, affinity=facts.cores, quota=None)
    for claim in claims("scaling"):
        assert judge(claim, measured, machine).verdict != "errored", claim.id
    assert regret.figure(measured).message


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert values["waiting_8"] == "7.2 times"
    speedups = tuple(values[f"computing_{count}"] for count in (1, 2, 8))
    assert speedups == ("0.8 times", "1.5 times", "1.6 times")
    assert (values["photo_ms"], values["photo_rate"]) == ("2.5 ms", "400")
    assert values["cores"] == "2"


def test_figure() -> None:
    chart = show.figure(MEASURED).chart
    assert isinstance(chart, Lines)
    assert [panel.title.split()[0] for panel in chart.panels] == ["waiting", "computing", "both"]
    points = chart.panels[1].series[0].points
    assert {point.x: point.y.median for point in points} == {0: 1.0, 1: 0.8, 2: 1.5, 4: 1.75, 8: 1.6}


def test_the_limit_is_the_smaller_of_workers_and_cores() -> None:
    """At most N / t = 320 N samples/s and C / (c + m) = 2 / 3 ms = 667, over the 400 of no worker."""
    limits = [show.limit(MEASURED, "computing", count) for count in (1, 2, 8)]
    assert limits == pytest.approx([320 / 400, 640 / 400, 2 / 0.003 / 400])


def test_regret() -> None:
    """Of the counts that rules give here, 0, 1, 2 and 4, each loses most where another is best."""
    assert regret.best_counts(MEASURED) == {"waiting": 8, "computing": 4, "both": 8, "in memory": 0}
    lost = {kind: {count: each[0] for count, each in regret.lost(MEASURED, kind).items()} for kind in KINDS}
    assert lost["waiting"] == pytest.approx({0: 1 - 100 / 720, 1: 0.875, 2: 0.75, 4: 0.5, 8: 0})
    assert lost["in memory"] == pytest.approx({0: 0, 1: 0.5, 2: 0.2, 4: 0.1, 8: 0.3})
    worst = {count: each[0] for count, each in regret.worst(MEASURED).items()}
    assert worst == pytest.approx({0: 1 - 100 / 720, 1: 0.875, 2: 0.75, 4: 0.5})
    assert regret.least_wrong(MEASURED) == [0.5] * 7
    values = plain_values(regret.values(MEASURED))
    assert (values["least_wrong"], values["least_lost"], values["worst_2"]) == ("4", "50 %", "75 %")


def test_regret_drawn() -> None:
    figure = regret.figure(MEASURED)
    assert plain(figure.message).endswith(
        "suits them least: 86 % with 0 workers, 88 % with 1 worker, 75 % with 2 workers and 50 % with 4 workers."
    )
    assert isinstance(figure.chart, Bars)
    assert [bar.value.median for bar in figure.chart.groups[3].bars] == pytest.approx([0, 50, 20, 10])
    assert figure.chart.groups[1].label == "computing (decode a photo): best with 4 workers"
    assert figure.chart.groups[0].bars[3].label == "4: start with 4"
    drawn = [
        (group.label.partition(":")[0], bar.label.partition(":")[0])
        for group in figure.chart.groups
        for bar in group.bars
    ]
    assert [row[:2] for row in figure.table.rows[: len(drawn)]] == drawn
    unspoken = [row[2].partition(" (")[0] for row in figure.table.rows if row[1] == "none here"]
    assert unspoken == ["4 per GPU", "2 to 4 per GPU", "an eighth of the cores"]


FACTS = {
    "2 cores": (Facts(2, 2, 0, 4), [0, 1, 1, 2, 2, 2, 2, 4, None, None, None]),
    "16 cores, 1 GPU": (Facts(16, 16, 1, 64), [0, 8, 15, 16, 8, 16, 16, 4, 4, 2, 2]),
    "4 of 64 cores": (Facts(64, 4, 0, 64), [0, 32, 63, 64, 8, 16, 4, 4, None, None, None]),
}


@pytest.mark.parametrize("machine", FACTS)
def test_what_the_rules_say(machine: str) -> None:
    facts, expected = FACTS[machine]
    assert [rule.count(facts) for rule in rules.RULES] == expected
    assert rules.counts(facts) == sorted({count for count in expected if count is not None and count <= rules.MOST})
