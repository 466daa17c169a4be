"""Some batches take ten times as long: which, how an epoch is timed, what the model predicts, what is claimed and said.

What it does not prove: that a loader takes so long. Each build measures and judges that; test_loader_model looks at the
model.
"""

import threading
import time
from types import SimpleNamespace

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.stragglers import costs, measure, show
from snippets.experiments.stragglers.arms import ARMS, FACTORS, arm
from snippets.experiments.stragglers.show import predicted
from snippets.lab.figures.figure import Lines
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .dry_run import clock, first_loader, sleeps
from .results import claim, plain, plain_values, result, statistics

HANGS_AFTER = 30.0


def straggled(factor: float, **factors: float) -> Measured:
    """So many times as long as the model predicts; `factors` of arms, by prefetch_factor where no batch is slow."""
    times = {arm("none slow", int(name[1:]), True): each for name, each in factors.items()}
    arms = {arm(*each): {"total": predicted(*each) * times.get(arm(*each), factor)} for each in ARMS}
    return result("total", arms, workers=4, batches=96, slow=6)


MEASURED = straggled(1.5)


@pytest.mark.parametrize("each", ARMS, ids=lambda each: arm(*each))
def test_an_arm_is_set_as_named(each: tuple[str, int, bool]) -> None:
    with measure.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[arm(*each)])
    assert isinstance(loader.dataset, measure.Batches) and loader.dataset.case == each[0]
    assert loader.num_workers == costs.WORKERS == 4


@pytest.mark.parametrize("case", costs.CASES)
def test_a_batch_costs_what_the_model_is_told(case: str) -> None:
    waited = sleeps(lambda: [measure.Batches(case)[batch] for batch in range(costs.BATCHES)])
    assert waited == [costs.seconds(case, batch) for batch in range(costs.BATCHES)]
    slow = [batch for batch, seconds in enumerate(waited) if seconds == costs.SLOW_SECONDS]
    assert len(slow) == (0 if case == "none slow" else costs.SLOW)
    assert {*waited} <= {costs.SECONDS, costs.SLOW_SECONDS} and costs.SLOW_SECONDS == 10 * costs.SECONDS
    apart = [later - batch for batch, later in zip(slow, slow[1:], strict=False)]
    assert case != "every 16th slow" or apart == [16] * 5
    assert case != "some slow" or len({batch % costs.WORKERS for batch in slow}) > 1, "several workers get them"


def test_an_epoch_has_all_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := measure.EXPERIMENT.unavailable():
        pytest.skip(reason)
    monkeypatch.setattr(measure, "seconds", lambda case, batch: 0.0)
    assert measure.epoch("some slow", 2, False).values["total"] > 0
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([*range(95), 0]))
    with pytest.raises(ValueError, match="a batch is missing or came twice"):
        measure.epoch("some slow", 2, False)


def test_an_epoch_lasts_from_the_workers_begin_to_the_last_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "time", clock(*range(10, 200)))
    monkeypatch.setattr(measure, "Together", lambda: SimpleNamespace(began=SimpleNamespace(value=4)))
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter(range(96)))
    assert measure.epoch("none slow", 1, True).values == {"total": 10 + 95 - 4}


def test_no_worker_begins_before_all_are_there() -> None:
    together = measure.Together()
    workers = [threading.Thread(target=together, args=(number,)) for number in range(costs.WORKERS)]
    for worker in workers[:-1]:
        worker.start()
    deadline = time.monotonic() + HANGS_AFTER
    while together.barrier.n_waiting < costs.WORKERS - 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert together.began.value == 0
    workers[-1].start()
    for worker in workers:
        worker.join(HANGS_AFTER)
    assert together.began.value > 0


def test_claims() -> None:
    """A tenth longer than predicted, by the geometric mean: two of the arms twice as long as that, and half.

    By the model, in order a slow batch is waited for: 0.462, 0.39 and 0.264 s with prefetch_factor 1, 2 and 8.
    """
    assert statistics("stragglers", straggled(1.1, _1=2.2, _8=0.55)) == pytest.approx(
        {
            "the-model-predicts-stragglers": 1.1,
            "prefetching-hides-stragglers": 0.462 / 0.264,
            "out-of-order-passes-stragglers": 0.39 / 0.264,
            "prefetching-where-batches-are-alike": 4.0,
            "a-period-hits-one-worker": 0.468 / 0.39,
        }
    )


def test_what_the_model_predicts_is_what_is_claimed() -> None:
    for each in claims("stragglers"):
        assert inside(each.bounds, estimate(each.statistic.of(straggled(1.0)))), each.id


def test_reasons_are_arithmetic_of_the_costs() -> None:
    model = claim("the-model-predicts-stragglers")
    assert f"a millisecond in a batch of {1000 * costs.SECONDS:g} would be a sixth" in model.because
    assert model.bounds.high > 1 + 0.001 / costs.SECONDS
    period, once = costs.BATCHES // costs.SLOW, claim("a-period-hits-one-worker")
    assert once.because == f"{period} is a multiple of four workers, so one of them gets every slow batch."
    assert costs.WORKERS == 4 and period % costs.WORKERS == 0
    assert len({batch % costs.WORKERS for batch in costs.PERIODIC}) == 1
    assert f"every {period}th batch" in once.statistic.words
    ends = f"prefetch_factor={FACTORS[0]} over that with {FACTORS[-1]}"
    assert ends in claim("prefetching-hides-stragglers").statistic.words


def test_the_least_possible_time() -> None:
    """90 batches of 6 ms and 6 of 60, by 4 workers; the model reaches it where no batch is slow."""
    assert costs.lower_bound("some slow") == pytest.approx((90 * 0.006 + 6 * 0.06) / 4) == pytest.approx(0.225)
    assert costs.lower_bound("every 16th slow") == pytest.approx(0.225)
    assert costs.lower_bound("none slow") == pytest.approx(0.144)
    assert predicted("none slow", 1, True) == pytest.approx(0.144)
    alone = 18 * 0.006 + 6 * 0.06
    assert predicted("every 16th slow", 2, True) == pytest.approx(alone), "all slow ones, of one worker"


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["workers"], values["batches"], values["slow"]) == ("4", "96", "6")
    for order, in_order in (("in_order", True), ("out_of_order", False)):
        for factor in FACTORS:
            times = predicted("some slow", factor, in_order) / 0.225
            assert values[f"{order}_{factor}_predicted"] == f"{times:.1f} times"
            assert values[f"{order}_{factor}"] == f"{1.5 * times:.1f} times"
    ends = [values[name] for name in ("in_order_1", "in_order_8", "out_of_order_1")]
    assert ends == ["3.1 times", "1.8 times", "1.7 times"]
    assert values["periodic"] == "3.1 times", "1.5 times 0.468 over 0.225"
    assert (values["none_1"], values["none_8"]) == ("1.5 times", "1.5 times")


def test_figure() -> None:
    figure = show.figure(MEASURED)
    message = plain(figure.message)
    assert "takes 3.1 times the least possible time with prefetch_factor=1 and 1.8 times with 8" in message
    assert "out of order, 1.7 times and 1.9 times" in message
    assert isinstance(figure.chart, Lines)
    in_order, out_of_order = figure.chart.panels
    assert (in_order.title, out_of_order.title) == ("in order", "out of order")
    for panel in figure.chart.panels:
        (limit,) = panel.limits
        assert [x for x, _ in limit.points] == [*FACTORS]
        model = [y for _, y in limit.points]
        assert [point.y.median for point in panel.series[0].points] == pytest.approx([1.5 * y for y in model])
    assert in_order.limits[0].points[0][1] == pytest.approx(0.462 / 0.225)
    assert [row[0] for row in figure.table.rows] == [arm(*each) for each in ARMS]
    assert figure.table.rows[0][1:] == ("3.08 (3.08 to 3.08)", "2.05")
