"""Names as Python objects and packed in an array: what is claimed of their growth and said."""

import sys

import pytest

from snippets.experiments.memory import show
from snippets.experiments.memory.arms import OBJECTS, PACKED
from snippets.experiments.memory.measure import EXPERIMENT, NAMES, WORKERS
from snippets.lab.figures.figure import Lines

from .dry_run import first_loader
from .results import claim, plain_values, result, statistics

GROWN = {OBJECTS: (200e6, 210e6, 230e6), PACKED: (180e6, 180e6, 181e6)}
ARMS = {
    arm: {f"{kind}_{look}": size / part for kind, part in (("pss", 1), ("uss", 2)) for look, size in enumerate(sizes)}
    for arm, sizes in GROWN.items()
}
MEASURED = result("pss_2", ARMS, looks=2, names=200_000, workers=2)


def test_each_arm_has_as_many_workers_as_the_parameters_say() -> None:
    if reason := EXPERIMENT.unavailable():
        pytest.skip(reason)
    with EXPERIMENT.prepared() as arms:
        assert {first_loader(run).num_workers for run in arms.values()} == {WORKERS}


def test_claims() -> None:
    assert statistics("memory", MEASURED) == pytest.approx(
        {"goblins-eat-objects": 3e7, "packed-arrays-feed-no-goblins": 1e6}
    )


def test_the_reason_is_arithmetic_of_the_parameters() -> None:
    name = f"sprites/goblin/{0:07}.png"
    pages = NAMES * sys.getsizeof(name) / 4096
    assert 0.8 < pages / 4000 < 1.25
    words = f"{NAMES:,} strings of {len(name)} characters lie on some 4,000 pages"
    assert words in claim("goblins-eat-objects").because


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["objects"], values["packed"]) == ("30 MB", "1 MB")
    assert (values["objects_uss"], values["start"], values["names"]) == ("15 MB", "200 MB", "200,000")


def test_figure() -> None:
    figure = show.figure(MEASURED)
    assert isinstance(figure.chart, Lines)
    assert [(point.x, point.y.median) for point in figure.chart.panels[0].series[0].points] == [
        (0, 0),
        (50, 10),
        (100, 30),
    ]
    assert [row[0] for row in figure.table.rows] == ["0 %", "50 %", "100 %"]
