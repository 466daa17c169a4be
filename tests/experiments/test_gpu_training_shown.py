"""What is claimed and said of gpu-training. Photos/s, on two cores: one process decodes 300, the step alone takes 900.

What it does not prove: any number.
"""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from snippets.experiments.gpu_training import augmentation, limits, show
from snippets.experiments.gpu_training.arms import DECODING, REPLAYED, arm, on_gpu, tried
from snippets.lab.figures.figure import Bars, Lines
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside, judge, outside
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .results import claim, plain, plain_values, result, statistics

RATES = {0: 280, 1: 270, 2: 510, 4: 500}


def trained_at(
    rates: Mapping[int, float],
    step: float = 900,
    moved: float = 1.1,
    cores: float = 2.0,
    one: float = 300,
    main_cpu: float = 0.3,
) -> Measured:
    arms = {
        arm(count): {"throughput": rate, "waited": 1 - rate / step, "main_cpu": main_cpu}
        for count, rate in rates.items()
    }
    arms |= {DECODING: {"throughput": one}, REPLAYED: {"throughput": step, "waited": 0.0}}
    arms |= {on_gpu(count): {"throughput": moved * rates[count], "waited": 0.4} for count in (1, max(rates))}
    made = result("throughput", arms, counts=[*rates])
    return replace(made, surroundings=[Surroundings([cores] * 7, 0.0, None)])


MEASURED = trained_at(RATES)
FOUR_CORES = replace(this_machine(), cores=4, affinity=4, quota=None)


def test_the_limits_are_those_of_workers_cores_and_step() -> None:
    assert [limits.decoding(MEASURED, count)[0] for count in RATES] == [300, 300, 600, 600]
    assert [limits.lower(trained_at(RATES, step=step))[0] for step in (450, 900)] == [450, 600]
    assert limits.decoding(trained_at(RATES, cores=1.5), 4)[0] == 450, "what the machine had to give"
    assert (limits.best(MEASURED), limits.most(MEASURED)) == (2, 4)


HELD_UP = {0: 280, 1: 290, 2: 280, 4: 270}
"""With four cores, which decode 1200, and the step at 900: more workers bring nothing."""


def test_cores_that_decode_more_than_the_best_count_asks_of_them_do_not_set_the_pace() -> None:
    """Where one worker is the best count, what it decodes is not what the cores can."""
    held_up = trained_at(HELD_UP, cores=4.0)
    assert limits.best(held_up) == 1 and limits.lower(held_up)[0] == 900
    assert limits.reached(held_up)[0] == pytest.approx(290 / 900) and limits.neither(held_up)


def test_a_pace_that_neither_limit_sets_is_the_main_process_s_if_it_is_busy() -> None:
    """Else something is wrong with the limits, and the claim is."""
    judged = claim("the-slower-side-sets-the-pace")
    with pytest.raises(NotHere, match="the main process set the pace: it was busy for 95"):
        judged.statistic.of(trained_at(HELD_UP, cores=4.0, main_cpu=0.95))
    assert outside(judged.bounds, estimate(judged.statistic.of(trained_at(HELD_UP, cores=4.0, main_cpu=0.3))))
    assert judged.statistic.of(trained_at(RATES, main_cpu=0.95))[0] == 510 / 600, "busy with waiting for the GPU"


def test_claims() -> None:
    assert statistics("gpu-training", MEASURED) == pytest.approx(
        {
            "the-slower-side-sets-the-pace": 510 / 600,
            "workers-feed-a-network": 510 / 280,
            "decoding-stays-in-the-workers": 1.1,
        }
    )


def theory(cores: float, one: float, step: float) -> Measured:
    """A machine with so many cores, of which each decodes `one` photos/s, and a GPU that trains on `step`."""
    rates = {count: min(min(max(1, count), cores) * one, step) for count in tried(cores)}
    return trained_at(rates, step=step, moved=1.0, cores=cores, one=one)


CARDS = {"T4": (4, 250, 900), "T4, slow cores": (3.2, 180, 600), "A100": (12, 300, 3000), "H100": (16, 350, 8000)}
"""Cores' worth of work, photos/s that one decodes, and photos/s of the step alone: from what others report of such
networks, and of libjpeg-turbo. Of an item's 2.9 ms on a core of an EPYC, 0.1 is augmentation, and as much is what the
larger photo takes more.
"""


@pytest.mark.parametrize("card", CARDS)
def test_bounds_lie_a_fifth_or_more_from_what_theory_gives(card: str) -> None:
    measured = theory(*CARDS[card])
    for one in claims("gpu-training"):
        (found,) = {*one.statistic.of(measured)}
        assert one.bounds.low * 1.2 <= found <= one.bounds.high / 1.2 + 1e-9, (one.id, found)


def held(measured: Measured) -> list[str]:
    return [one.id for one in claims("gpu-training") if inside(one.bounds, estimate(one.statistic.of(measured)))]


def test_bounds_can_be_missed() -> None:
    """No machine without a GPU judges these. Workers that bring nothing; decoding that leaves with the augmentation; a
    line that training crosses.
    """
    flat = dict.fromkeys(RATES, 140.0)
    assert held(trained_at(flat, moved=2.0)) == []
    assert "the-slower-side-sets-the-pace" not in held(trained_at({**RATES, 4: 800}))


def test_a_gpu_that_is_no_faster_than_a_decoding_process_tells_nothing_of_workers() -> None:
    slow = trained_at({count: 250 for count in RATES}, step=400)
    told = {claim.id: judge(claim, slow, FOUR_CORES) for claim in claims("gpu-training")}
    not_here = {name: one.reason for name, one in told.items() if one.verdict == "not measured here"}
    assert {*not_here} == {"workers-feed-a-network", "decoding-stays-in-the-workers"}
    assert set(not_here.values()) == {"this GPU’s step takes nearly as long as decoding its photos in one process"}


def test_values() -> None:
    assert plain_values(show.values(MEASURED)) == {
        "best": "2",
        "none_rate": "280",
        "best_rate": "510",
        "step_rate": "900",
        "process_rate": "300",
        "cores_rate": "600",
        "cores": "2",
        "fed": "57 %",
        "waited": "43 %",
        "main_cpu": "30 %",
    }
    assert augmentation.values(MEASURED) == {
        "one_in_worker": "270",
        "one_on_gpu": "297",
        "most": "4",
        "most_in_workers": "500",
        "most_on_gpu": "550",
    }


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "280 photos/s without workers, and 510 with 2 workers" in message
    assert "what the cores decode, 600 photos/s with 4 workers; the other is the step alone" in message
    assert isinstance(figure.chart, Lines)
    (panel,) = figure.chart.panels
    (line,) = panel.series
    assert [(point.x, point.y.median) for point in line.points] == [*RATES.items()]
    cores, step = panel.limits
    assert cores.points == ((0, 300), (1, 300), (2, 600), (4, 600))
    assert step.points == ((0, 900), (4, 900))
    assert [row[0] for row in figure.table.rows] == ["0", "1", "2", "4", REPLAYED]
    assert plain(figure.table.rows[2][3]) == "43 %"


@pytest.mark.parametrize(
    ("measured", "pace"),
    [
        (MEASURED, "The cores set the pace, and do not feed this GPU."),
        (trained_at(RATES, step=550), "The step sets the pace."),
        (
            trained_at(HELD_UP, cores=4.0, main_cpu=0.95),
            "Neither sets the pace; the main process is busy for 95 % of the time.",
        ),
    ],
)
def test_the_figure_says_what_sets_the_pace(measured: Measured, pace: str) -> None:
    assert plain(show.figure(measured).message).endswith(pace)


def test_the_figure_of_augmentation() -> None:
    figure = augmentation.figure(MEASURED)
    assert "With one worker, 270 photos/s where it crops" in figure.message
    assert isinstance(figure.chart, Bars)
    assert [group.label for group in figure.chart.groups] == ["1 worker", "4 workers"]
    bars = [(bar.role, bar.value.median) for group in figure.chart.groups for bar in group.bars]
    assert bars == [("fetch", 270), ("step", 297), ("fetch", 500), ("step", pytest.approx(550))]
    assert [row[0] for row in figure.table.rows] == ["1 worker", "4 workers"]
    assert [row[1:] for row in figure.table.rows][0] == ("270 (270 to 270)", "297 (297 to 297)")
