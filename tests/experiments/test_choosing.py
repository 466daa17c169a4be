"""A chosen count beside those that were tried: what each arm loads and steps with, what is claimed and said.

What it does not prove: that the procedure chooses well. Each build measures and judges that.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from torch.utils.data import TensorDataset

from snippets.experiments.choosing import measure, show
from snippets.experiments.choosing.arms import CANNOT_TELL, as_chosen, tried
from snippets.experiments.workloads import DistantPhotos
from snippets.lab.figures.figure import Lines
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.results import Measured
from snippets.pages.helper_sprites.optional_num_workers import SlowSprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

from .dry_run import sleeps
from .results import plain_values, result, statistics

TRIED = {
    "waiting": (100, 200, 400, 380),
    "computing": (400, 300, 500, 450),
    "both": (80, 90, 140, 155),
    "in memory": (1000, 900, 800, 700),
    "large items": (60, 45, 40, 50),
    "many tensors": (800, 100, 200, 100),
}
CHOSEN = {
    "waiting": (3, 300),
    "computing": (3, 450),
    "both": (5, 186),
    "in memory": (0, 850),
    "large items": (2, 42),
    "many tensors": (0, 880),
}
STEPS = (0.01, 0.008, 0.02, 0.004, 0.05, 0.002)


def chosen() -> Measured:
    """Counts that were tried, and the one that was chosen with what it gives: 0.75, 0.9, 1.2, 0.85, 0.7 and 1.1 of
    the best.
    """
    arms: dict[str, dict[str, float]] = {
        tried(workload, count): {"throughput": rate}
        for workload, rates in TRIED.items()
        for count, rate in zip((0, 1, 2, 4), rates, strict=True)
    }
    arms |= {as_chosen(name): {"throughput": rate, "chosen": count} for name, (count, rate) in CHOSEN.items()}
    steps = {f"step_seconds, {name}": seconds for name, seconds in zip(TRIED, STEPS, strict=True)}
    sizes = {f"batch_size, {name}": 4 for name in TRIED}
    items = {"item_bytes, large items": 5_000_000, "tensors, many tensors": 7}
    return result("throughput", arms, counts=[0, 1, 2, 4], **steps, **sizes, **items)


MEASURED = chosen()
Timed = tuple[Any, int, Callable[[Any], None]]


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[Timed]:
    """What arms would time: loader, window and step. Nothing is loaded."""
    asked: list[Timed] = []

    def time_loader(*given: Any) -> Sample:
        asked.append(given)  # pyright: ignore[reportArgumentType]
        return Sample({"throughput": 5.0})

    monkeypatch.setattr(measure, "time_loader", time_loader)
    return asked


KINDS = {
    "waiting": SlowSprites,
    "computing": Photos,
    "both": DistantPhotos,
    "in memory": TensorDataset,
    "large items": measure.LargeItems,
    "many tensors": measure.ManyTensors,
}


@pytest.mark.parametrize("name", measure.SETTINGS)
def test_a_count_that_is_tried_has_its_step(name: str, timed: list[Timed]) -> None:
    size, seconds = measure.SETTINGS[name]
    with measure.EXPERIMENT.prepared() as arms:
        warmed = [(type(loader.dataset), loader.num_workers) for loader, _, _ in timed]
        assert warmed == [(kind, 0) for kind in KINDS.values()], "before the first arm the pages are warmed"
        for count in measure.COUNTS:
            timed.clear()
            arms[tried(name, count)]()
            ((loader, window, step),) = timed
            assert loader.batch_size == size and type(loader.dataset) is KINDS[name]
            assert (loader.collate_fn is measure.alone) == (size == 1)
            assert window >= measure.STEPS and window % max(1, count) == 0
            assert sleeps(lambda step=step: step(None)) == [seconds]


def test_what_is_chosen_once_is_loaded_with_in_each_round(timed: list[Timed], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time the answer is three."""
    choices: list[Any] = []
    monkeypatch.setattr(measure, "choose_num_workers", lambda *given, **settings: choices.append(given) or 3)
    with measure.EXPERIMENT.prepared() as arms:
        assert choices == [], "choosing takes seconds, and arms are asked for their names alone, too"
        timed.clear()
        samples = [arms[as_chosen("both")]() for _ in range(2)]
    for sample, (loader, window, step) in zip(samples, timed, strict=True):
        assert sample.values == {"throughput": 5.0, "chosen": 3.0}
        assert loader.num_workers == 3 and window % 3 == 0
        ((asked, step_asked),) = choices
        assert asked.dataset is loader.dataset and asked.num_workers == 0
        assert asked.batch_size == loader.batch_size and step_asked == step


@pytest.mark.parametrize(("answers", "chosen"), [([None, None], CANNOT_TELL), ([None, 0], 0), ([2], 2)])
def test_where_the_function_cannot_tell_twice_a_number_stands_for_it(
    answers: list[int | None], chosen: int, timed: list[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measure, "choose_num_workers", lambda *given, **settings: answers.pop(0))
    with measure.EXPERIMENT.prepared() as arms:
        assert arms[as_chosen("both")]().values == {"throughput": 5.0, "chosen": chosen}
    assert timed[-1][0].num_workers == max(0, chosen) and not answers


def test_items_that_do_not_pay() -> None:
    """What their names and the parameters say of them."""
    number = measure.EXPERIMENT.number
    assert measure.LargeItems()[0].nbytes == number("item_bytes, large items") > 10**7
    assert len(measure.ManyTensors()[0]) == number("tensors, many tensors")


def test_it_does_not_race_where_workers_can_only_be_spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    for method, runs in (("fork", True), ("forkserver", True), ("spawn", False)):
        monkeypatch.setattr(measure, "cheapest", lambda method=method: method)
        assert (measure.EXPERIMENT.unavailable() is None) == runs


def test_claims() -> None:
    assert statistics("choosing", MEASURED) == pytest.approx(
        {
            "the-choice-reaches-four-fifths-waiting": 0.75,
            "the-choice-reaches-four-fifths-computing": 0.9,
            "the-choice-reaches-four-fifths-both": 1.2,
            "the-choice-reaches-four-fifths-in-memory": 0.85,
            "the-choice-reaches-four-fifths-large-items": 0.7,
            "the-choice-reaches-four-fifths-many-tensors": 1.1,
            "no-worker-is-chosen-for-large-items": 2,
            "no-worker-is-chosen-for-many-tensors": 0,
            "two-workers-lose-on-large-items": 1.5,
            "two-workers-lose-on-many-tensors": 4,
        }
    )


def test_the_best_count_is_best_by_its_median() -> None:
    """One round in which another was faster makes no other count the best one."""
    lucky = [
        replace(s, values={"throughput": 900.0}) if (s.arm, s.round) == (tried("waiting", 1), 3) else s
        for s in MEASURED.samples
    ]
    found = statistics("choosing", replace(MEASURED, samples=lucky))
    assert found["the-choice-reaches-four-fifths-waiting"] == 0.75


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    names = ("waiting", "computing", "both", "in_memory", "large_items", "many_tensors")
    assert [values[f"{name}_chosen"] for name in names] == ["3", "3", "5", "0", "2", "0"]
    assert [values[f"{name}_enough"] for name in names] == ["2", "2", "5", "0", "0", "0"], "what was chosen is tried"
    assert [values[f"{name}_step"] for name in names] == ["10 ms", "8 ms", "20 ms", "4 ms", "50 ms", "2 ms"]
    assert (values["item"], values["pieces"]) == ("5 MB", "7")


def test_where_the_function_cannot_tell_no_count_is_shown() -> None:
    """And nothing is claimed of it."""
    unsure = [
        replace(s, values={**s.values, "chosen": CANNOT_TELL}) if s.arm == as_chosen("waiting") else s
        for s in MEASURED.samples
    ]
    measured = replace(MEASURED, samples=unsure)
    values = plain_values(show.values(measured))
    assert (values["waiting_chosen"], values["waiting_enough"], values["computing_chosen"]) == ("no count", "2", "3")
    figure = show.figure(measured)
    assert "waiting: no count chosen, 2 within a tenth" in figure.message
    assert isinstance(figure.chart, Lines)
    assert [len(panel.series) for panel in figure.chart.panels] == [1, 2, 2, 2, 2, 2]
    assert "no count" not in str(figure.table.rows)
    with pytest.raises(NotHere, match="cannot tell"):
        show.share_of_best(measured, "waiting")


def test_a_count_that_was_chosen_in_half_of_the_rounds_is_a_count() -> None:
    arms = {as_chosen("waiting"): {"throughput": 1.0, "chosen": 3.0}}
    measured = result("throughput", arms, rounds=4)
    mixed = [replace(s, values={**s.values, "chosen": 3.0 + s.round % 2}) for s in measured.samples]
    assert show.chosen(replace(measured, samples=mixed), "waiting") == 3


def test_figure() -> None:
    """In percent of what the step allows: 4 items in 10 ms are 400/s."""
    figure = show.figure(MEASURED)
    message = "waiting: 3 chosen, 2 within a tenth; computing: 3 chosen, 2 within a tenth; both: 5 chosen"
    assert message in figure.message
    assert isinstance(figure.chart, Lines) and len(figure.chart.panels) == 6
    waiting, _, both, memory, *_ = figure.chart.panels
    points, picked = waiting.series
    assert [(point.x, point.y.median) for point in points.points] == [(0, 25), (1, 50), (2, 100), (4, 95)]
    assert [(point.x, point.y.median) for point in picked.points] == [(3, 75)]
    assert [(point.x, point.y.median) for point in both.series[1].points] == [(5, 93)]
    ends = [limit.points[-1] for panel in (waiting, both, memory) for limit in panel.limits]
    assert ends == [(4, 100), (5, 100), (4, 100)]
    assert [row[1] for row in figure.table.rows[:5]] == ["0", "1", "2", "4", "3, chosen"]
    assert figure.table.rows[4][2] == "300 (300 to 300)"
