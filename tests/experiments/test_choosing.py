"""What each experiment says of its samples, where items wait: signatures, stragglers, one batch's life, a chosen count.

The samples are made up so that each share is another number.
"""

import importlib
from dataclasses import replace

import pytest

from snippets.experiments.choosing import show as choosing
from snippets.experiments.life_of_a_batch import measure as life_measured
from snippets.experiments.life_of_a_batch import show as life
from snippets.experiments.signatures import show as signatures
from snippets.experiments.signatures import waits
from snippets.experiments.stragglers import costs
from snippets.experiments.stragglers import show as stragglers
from snippets.lab.figures.figure import Bars, Figure, Lines, Timeline
from snippets.lab.results.results import Measured, TraceSpan

from .made import WAITS, chosen, plain, said, signed, told


def test_a_chosen_count() -> None:
    values = said(choosing.values(chosen()))
    names = ("waiting", "computing", "both", "in_memory", "large_items", "many_tensors")
    assert [values[f"{name}_chosen"] for name in names] == ["3", "3", "5", "0", "2", "0"]
    assert [values[f"{name}_enough"] for name in names] == ["2", "2", "5", "0", "0", "0"], "what was chosen is tried"
    assert [values[f"{name}_step"] for name in names] == ["10 ms", "8 ms", "20 ms", "4 ms", "50 ms", "2 ms"]
    assert [values[f"{name}_speedup"] for name in names] == ["3", "1.1", "2.3", "0.85", "0.7", "1.1"]
    assert (values["item"], values["pieces"]) == ("5 MB", "7")


def test_a_count_that_was_chosen_in_half_of_the_rounds_is_a_count() -> None:
    arms = {"waiting, as chosen": {"throughput": 1.0, "chosen": 3.0}}
    result = told("throughput", arms, rounds=4)
    mixed = [replace(s, values={**s.values, "chosen": 3.0 + s.round % 2}) for s in result.samples]
    assert choosing.chosen(replace(result, samples=mixed), "waiting") == 3


def test_a_chosen_count_drawn() -> None:
    """In percent of what the step allows: 4 items in 10 ms are 400/s."""
    figure = choosing.figure(chosen())
    assert (
        "waiting: 3 chosen, 2 within a tenth; computing: 3 chosen, 2 within a tenth; both: 5 chosen" in figure.message
    )
    assert isinstance(figure.chart, Lines) and len(figure.chart.panels) == 6
    waiting, _, both, memory, *_ = figure.chart.panels
    tried, picked = waiting.series
    assert [(point.x, point.y.median) for point in tried.points] == [(0, 25), (1, 50), (2, 100), (4, 95)]
    assert [(point.x, point.y.median) for point in picked.points] == [(3, 75)]
    assert [(point.x, point.y.median) for point in both.series[1].points] == [(5, 93)]
    assert [panel.limit.points[-1] for panel in (waiting, both, memory) if panel.limit] == [
        (4, 100),
        (5, 100),
        (4, 100),
    ]
    assert [row[1] for row in figure.table.rows[:5]] == ["0", "1", "2", "4", "3, chosen"]
    assert figure.table.rows[4][2] == "300 (300 to 300)"


def test_signatures() -> None:
    values = said(signatures.values(signed()))
    assert values["headspace"] == "5.0 times"
    slugs = ("fed", "slow_first_batch", "straggler", "busy_neighbour", "bursts", "starved")
    assert [values[f"{slug}_waited"] for slug in slugs] == ["25 %", "60 %", "50 %", "40 %", "75 %", "80 %"]
    assert [values[f"{slug}_waited_after_first"] for slug in slugs] == ["8 %", "55 %", "45 %", "35 %", "70 %", "77 %"]
    assert [values[f"{slug}_longest"] for slug in slugs] == ["50 ms", "300 ms", "5 s", "30 ms", "9 s", "100 ms"]


def test_signatures_drawn() -> None:
    figure = signatures.figure(signed())
    assert "it is 25 % of the whole run, start-up included, and 8 % from the first batch on" in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    whole, after = ({bar.label: bar.value.median for bar in group.bars} for group in figure.chart.groups)
    assert (whole["fed"], after["fed"]) == (25, 8)
    assert (whole["starved"], after["starved"]) == (80, 77)
    assert [row[0] for row in figure.table.rows] == [*whole] == [*signatures.SIGNATURES]


SAYS = {
    "fed": ({"first": "50 ms", "later": "4 ms"}, "The first batch is waited for, 50 ms; after it no wait is longer"),
    "starved": ({"each": "20 ms"}, "Every batch is waited for, 20 ms each."),
    "bursts": ({"on_one_in_four": "55 %"}, "of the waiting after the first burst, 55 % is for one batch in four"),
    "slow_first_batch": ({"on_first": "78 %"}, "Of the waiting in two epochs, 78 % is for the first batch of each"),
    "straggler": ({"on_one": "75 %"}, "Of the waiting after the first batch, 75 % is for one."),
    "busy_neighbour": (
        {"longer": "1.5 times", "waited_alone": "20 %", "waited": "40 %"},
        "The same epoch takes 1.5 times as long beside 2 processes that compute: the step waits for 40 % of it instead "
        "of 20 %.",
    ),
}


def drawn(part: str) -> Figure:
    return importlib.import_module(f"snippets.experiments.signatures.{part}").figure(signed())


@pytest.mark.parametrize("part", SAYS)
def test_a_signature(part: str) -> None:
    values, message = SAYS[part]
    assert said(importlib.import_module(f"snippets.experiments.signatures.{part}").values(signed())) == values
    assert message in plain(drawn(part).message)


@pytest.mark.parametrize("part", SAYS)
def test_a_signature_drawn(part: str) -> None:
    """The timeline of its own arm; the table has a row for each batch."""
    figure, arm = drawn(part), part.replace("_", " ")
    arms = ["alone", arm] if part == "busy_neighbour" else [arm]
    assert isinstance(figure.chart, Timeline) and len(figure.chart.runs) == len(arms)
    assert figure.table.header == ("Batch", *(f"{each}, wait in ms" for each in arms))
    assert [row[0] for row in figure.table.rows] == [str(number) for number in range(len(WAITS[arm]))]
    for number, row in enumerate(figure.table.rows):
        ms = [1000 * WAITS[each][number] for each in arms]
        assert [float(cell.partition(" ")[0].replace(",", "")) for cell in row[1:]] == pytest.approx(ms)


def test_a_signatures_own_run_is_drawn() -> None:
    """Of the two that are compared, each under its own title."""
    traces = {
        arm: [TraceSpan("main", "step", 0, end, 0)] for arm, end in {**dict.fromkeys(WAITS, 1.0), "alone": 2.0}.items()
    }
    part = importlib.import_module("snippets.experiments.signatures.busy_neighbour")
    chart = part.figure(replace(signed(), traces=traces)).chart
    assert [(run.title, run.end) for run in chart.runs] == [("alone", 2.0), ("beside busy neighbours", 1.0)]


def test_waits_are_those_of_a_round() -> None:
    arms = {"fed": {"wait 0": 3.0, "wait 1": 5.0, "wait 2": 9.0}}
    result = told("wait 0", arms, rounds=2, **{"batches, fed": 2})
    later = [replace(s, values={name: wait + s.round for name, wait in s.values.items()}) for s in result.samples]
    assert waits.waits(replace(result, samples=later), "fed") == [[3, 5], [4, 6]]


def test_what_tells_signatures_apart() -> None:
    """Each leaves out what comes before it: a burst, a batch, three batches."""
    assert waits.longest_of_each(2, [9, 9, 3, 1, 2, 2, 4]) == (3 + 2 + 4) / 12, "the last group may be a short one"
    assert waits.on_the_longest([9, 1, 3]) == 3 / 4
    assert waits.on_first_batches([5, *[1] * 7, 6, *[1] * 4]) == 11 / 22
    assert waits.evenness([9, 0, 0, 1, 4, 2]) == 1 / 4


def measured_stragglers() -> Measured:
    """Each arm took 1.5 times what the model predicts."""
    arms = {costs.arm(*each): {"total": 1.5 * stragglers.predicted(*each)} for each in costs.ARMS}
    return told("total", arms, workers=4, batches=96, slow=6)


def test_the_least_possible_time() -> None:
    """90 batches of 6 ms and 6 of 60, by 4 workers; the model reaches it where no batch is slow."""
    assert costs.lower_bound("some slow") == pytest.approx((90 * 0.006 + 6 * 0.06) / 4) == pytest.approx(0.225)
    assert costs.lower_bound("every 16th slow") == pytest.approx(0.225)
    assert costs.lower_bound("none slow") == pytest.approx(0.144)
    assert stragglers.predicted("none slow", 1, True) == pytest.approx(0.144)
    alone = 18 * 0.006 + 6 * 0.06
    assert stragglers.predicted("every 16th slow", 2, True) == pytest.approx(alone), "all slow ones, of one worker"


def test_stragglers() -> None:
    values = said(stragglers.values(measured_stragglers()))
    assert (values["workers"], values["batches"], values["slow"]) == ("4", "96", "6")
    for order, in_order in (("in_order", True), ("out_of_order", False)):
        for factor in (1, 2, 4, 8):
            predicted = stragglers.predicted("some slow", factor, in_order) / 0.225
            assert values[f"{order}_{factor}_predicted"] == f"{predicted:.1f} times"
            assert values[f"{order}_{factor}"] == f"{1.5 * predicted:.1f} times"
    assert (values["in_order_1"], values["in_order_8"], values["out_of_order_1"]) == (
        "3.1 times",
        "1.8 times",
        "1.7 times",
    )
    assert values["periodic"] == "3.1 times", "1.5 times 0.468 over 0.225"
    assert (values["none_1"], values["none_8"]) == ("1.5 times", "1.5 times")


def test_stragglers_drawn() -> None:
    figure = stragglers.figure(measured_stragglers())
    message = plain(figure.message)
    assert "takes 3.1 times the least possible time with prefetch_factor=1 and 1.8 times with 8" in message
    assert "out of order, 1.7 times and 1.9 times" in message
    assert isinstance(figure.chart, Lines)
    in_order, out_of_order = figure.chart.panels
    assert (in_order.title, out_of_order.title) == ("in order", "out of order")
    for panel in figure.chart.panels:
        assert panel.limit and [x for x, _ in panel.limit.points] == [1, 2, 4, 8]
        model = [y for _, y in panel.limit.points]
        assert [point.y.median for point in panel.series[0].points] == pytest.approx([1.5 * y for y in model])
    assert in_order.limit and in_order.limit.points[0][1] == pytest.approx(0.462 / 0.225)
    assert [row[0] for row in figure.table.rows] == [costs.arm(*each) for each in costs.ARMS]
    assert figure.table.rows[0][1:] == ("3.08 (3.08 to 3.08)", "2.05")


ROLES = ("wait", "fetch", "collate", "receive", "step")


def one_life() -> Measured:
    """Two batches; the second one is 10 ms later in all, and steps for 30 ms instead of 10."""
    traces = [
        TraceSpan(f"batch {batch}, worker {batch}", role, (at + batch) / 100, (at + batch + 1) / 100, None)
        for batch in range(2)
        for at, role in enumerate(ROLES)
    ]
    traces[-1] = replace(traces[-1], end=0.08)
    values = {"total": 0.3, "most_assigned": 6.0, "longest_ready": 0.081}
    result = told("total", {"3 workers": values}, batches=life_measured.BATCHES, workers=life_measured.WORKERS)
    return replace(result, traces={"3 workers": traces})


def test_life_of_a_batch() -> None:
    assert said(life.values(one_life())) == {"most_assigned": "6", "stashed": "81 ms"}
    figure = life.figure(one_life())
    message = plain(figure.message)
    assert f"{life_measured.BATCHES} batches, one lane each, {life_measured.WORKERS} workers." in message
    assert f"Batch {life_measured.SLOW_BATCH} is slow" in message
    assert "wait up to 81 ms for their turn" in message
    assert isinstance(figure.chart, Timeline)
    (run,) = figure.chart.runs
    assert run.title == f"{life_measured.BATCHES} batches, {life_measured.WORKERS} workers" and run.end == 0.08
    assert [lane.label for lane in run.lanes] == ["batch 0, worker 0", "batch 1, worker 1"]
    assert [span.role for span in run.lanes[1].spans] == [*ROLES]
    named = dict(figure.chart.names)
    assert (named["wait"], named["receive"]) == ("assigned, waits for its worker", "collated, waits for its turn")
    assert figure.table.rows[1] == ("batch 1, worker 1", "10 to 20", "20 to 30", "30 to 40", "40 to 50", "50 to 80")
    assert len(figure.table.header) == 6
