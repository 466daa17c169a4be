"""A chosen count beside those that were tried: what arms time, which workloads a day has, what is claimed and said.

What it does not prove: that the procedure chooses well. Each build measures and judges that.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import reload
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.experiments.choosing import arms, measure, short, show
from snippets.experiments.choosing.arms import COUNTS, FUNCTION, MORE, RULE, TUNER, WAITING, chosen_by, tried
from snippets.experiments.choosing.claims import CLAIMS
from snippets.experiments.choosing.show import CHOOSERS
from snippets.experiments.kinds import WORKLOADS
from snippets.lab.figures.figure import Dots
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.judge import judge
from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample

from .dry_run import clock
from .results import plain, plain_values, result, statistics

Timed = tuple[Any, int]
DAY = date(2026, 11, 26)
TWO_CORES = replace(this_machine(), cores=2, affinity=2, quota=None)


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> list[Timed]:
    """What arms would time: loader and step. Nothing is loaded; a batch takes half a second."""
    asked: list[Timed] = []

    def time_for(loader: Any, seconds: float, step: Any) -> Sample:
        assert seconds == measure.SECONDS
        asked.append((loader, step))
        return Sample({"per_batch": 0.5})

    monkeypatch.setattr(measure, "time_for", time_for)
    monkeypatch.setattr(
        measure, "whole_epochs", lambda workload, n: time_for(workload.loader(n), measure.SECONDS, 0) and 0.5
    )
    return asked


# What is measured.


@pytest.mark.parametrize("name", WORKLOADS)
def test_every_count_up_to_eight_is_tried_and_more_where_items_wait(name: str, timed: list[Timed]) -> None:
    with measure.EXPERIMENT.prepared() as runs:
        found = [arm for arm in runs if arm.startswith(f"{name}, ") and arm.endswith(" workers")]
        assert found == [tried(name, count) for count in (*COUNTS, *(MORE if name in WAITING else ()))]
        timed.clear()
        sample = runs[tried(name, 3)]()
    ((loader, step),) = timed
    workload = measure.WORKLOADS[name]
    assert (loader.num_workers, loader.dataset) == (3, workload.dataset)
    assert step == (0 if name == "short epochs" else workload.step)
    assert sample.values == {"throughput": 2 * workload.batch_size}


def test_pages_are_warm_before_the_first_arm(timed: list[Timed]) -> None:
    with measure.EXPERIMENT.prepared():
        assert [loader.num_workers for loader, _ in timed] == [0] * len(WORKLOADS)


def test_whole_epochs_are_timed_with_their_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of eight batches each: in 0.16 s, the start included."""
    stepped: list[int] = []
    workload = replace(measure.WORKLOADS["short epochs"], step=lambda batch: stepped.append(len(batch)))
    monkeypatch.setattr(measure, "time", clock(5.0, 5.0, 5.07, 5.16, 5.16))
    assert measure.whole_epochs(workload, 0) == pytest.approx(0.01)
    assert stepped == [4] * 16


@pytest.mark.parametrize(
    ("answer", "said", "chosen", "unsure"),
    [
        (3, "3 workers: 1.0 ms per batch and step", 3, 0),
        (3, "cannot tell apart: 2 3 (equal runs differ by a tenth)", 3, 1),
        (None, "cannot tell: 8 s are too few", 0, 1),
    ],
)
def test_what_the_function_says_is_loaded_with_in_each_round(
    answer: int | None, said: str, chosen: int, unsure: int, timed: list[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is asked once in a pass, with the loader and the step of the workload."""
    asked: list[Any] = []

    def choose(*given: Any, **settings: Any) -> int | None:
        asked.append((*given, settings))
        print(said)
        return answer

    monkeypatch.setattr(measure, "choose_num_workers", choose)
    with measure.EXPERIMENT.prepared() as runs:
        assert asked == [], "choosing takes seconds, and arms are asked for their names alone, too"
        timed.clear()
        samples = [runs[chosen_by(FUNCTION, "photos")]() for _ in range(2)]
    workload = measure.WORKLOADS["photos"]
    assert [sample.values for sample in samples] == [{"throughput": 4, "chosen": chosen, "unsure": unsure}] * 2
    assert [loader.num_workers for loader, _ in timed] == [chosen] * 2
    ((loader, step, settings),) = asked
    assert (loader.dataset, loader.num_workers, step) == (workload.dataset, 0, workload.step)
    assert settings == {"seconds": measure.RACE_SECONDS}


def test_each_chooser_has_its_arm(timed: list[Timed], monkeypatch: pytest.MonkeyPatch) -> None:
    assert CHOOSERS.keys() == measure.CHOOSERS.keys() and FUNCTION in CHOOSERS
    assert len({*CHOOSERS.values(), *show.PICTURED.values()}) == len(CHOOSERS) + len(show.PICTURED), "marks alike"
    monkeypatch.setitem(measure.CHOOSERS, "another", lambda workload: (5, False))
    with measure.EXPERIMENT.prepared() as runs:
        assert runs[chosen_by("another", "photos")]().values["chosen"] == 5


@pytest.mark.parametrize(
    ("answer", "certain", "pays_from", "chosen", "unsure"),
    [(3, True, 7.0, 3, 0), (3, False, None, 3, 1), (None, False, None, 0, 1), (3, True, 9.0, 0, 0)],
)
def test_what_the_tuner_says_is_loaded_with(
    answer: int | None,
    certain: bool,
    pays_from: float | None,
    chosen: int,
    unsure: int,
    timed: list[Timed],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It makes its own loaders. Of an epoch of eight batches, a start that pays from the ninth on does not pay."""
    workload = measure.WORKLOADS["short epochs"]

    def tune(make_loader: Any, step: Any, seconds: float) -> Any:
        assert seconds == measure.RACE_SECONDS and step == workload.step
        assert (make_loader(3).dataset, make_loader(3).num_workers) == (workload.dataset, 3)
        setting = {"epoch": len(make_loader(0))}
        return SimpleNamespace(num_workers=answer, certain=certain, pays_from=pays_from, setting=setting)

    monkeypatch.setattr(measure, "tune", tune)
    with measure.EXPERIMENT.prepared() as runs:
        sample = runs[chosen_by(TUNER, "short epochs")]()
    assert sample.values == {"throughput": 2 * workload.batch_size, "chosen": chosen, "unsure": unsure}


def test_in_the_short_form_the_function_alone_chooses(timed: list[Timed]) -> None:
    with short.on(DAY).prepared() as runs:
        assert {arm for arm in runs if "chosen by" in arm} == {chosen_by(FUNCTION, name) for name in short.drawn(DAY)}


@pytest.mark.parametrize(("cores", "photos"), [(2, [0, 1, 2, 3, 4]), (8, [0, 1, 2, 3, 4, 8])])
def test_in_the_short_form_some_counts_are_left_out(
    cores: int, photos: list[int], timed: list[Timed], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there are eight cores, eight workers may be best."""
    monkeypatch.setattr(short, "CORES", cores)
    day = next(day for day in (DAY + timedelta(days) for days in range(30)) if "waits" in short.drawn(day))
    with short.on(day).prepared() as runs:
        ran = {name: [count for count in range(17) if tried(name, count) in runs] for name in ("photos", "waits")}
    assert ran == {"photos": photos, "waits": [0, 1, 2, 3, 4, 8, 16]}


# Which workloads a day has.


def test_a_day_has_four_workloads_or_more_and_the_next_day_others() -> None:
    days = [short.drawn(DAY + timedelta(days)) for days in range(400)]
    assert all(day[0] == measure.ALWAYS and len({*day}) == len(day) >= 4 for day in days)
    assert all({*one} != {*other} for one, other in zip(days, days[1:], strict=False))
    assert len({frozenset(day) for day in days}) > 100
    for month in range(0, 360, 30):
        assert {*WORKLOADS} == {name for day in days[month : month + 30] for name in day}


def test_every_workload_has_its_turn_before_one_is_drawn_again() -> None:
    first = next(DAY + timedelta(days) for days in range(6) if (DAY + timedelta(days)).toordinal() % 6 == 0)
    dealt = [name for turn in range(6) for name in short.drawn(first + timedelta(turn))[1:]]
    assert sorted(dealt) == sorted(name for name in WORKLOADS if name != measure.ALWAYS)


def test_the_short_form_is_of_today_and_says_so(timed: list[Timed]) -> None:
    """The full one has every workload."""
    before = datetime.now(UTC).date()
    of_today = reload(short).EXPERIMENT
    days = {before, datetime.now(UTC).date()}
    assert of_today.params["drawn_on"] in {day.isoformat() for day in days}
    assert {*of_workloads(of_today)} in [{*short.drawn(day)} for day in days]
    assert of_workloads(measure.EXPERIMENT) == [*WORKLOADS] and measure.EXPERIMENT.params["drawn_on"] == "every day"


def of_workloads(experiment: Any) -> list[str]:
    with experiment.prepared() as runs:
        assert experiment.again in runs
        return [name for name in WORKLOADS if chosen_by(FUNCTION, name) in runs]


def test_results_of_all_days_are_described_alike() -> None:
    """Else one of another machine, drawn on another day, would count as written by hand."""
    one, other = (short.on(DAY + timedelta(days)) for days in (0, 1))
    assert one.params.keys() == other.params.keys() == measure.EXPERIMENT.params.keys()
    assert {**one.params, "drawn_on": ""} == {**other.params, "drawn_on": ""}
    assert (one.again, one.question) == (other.again, other.question)


def test_it_does_not_race_where_workers_can_only_be_spawned(monkeypatch: pytest.MonkeyPatch) -> None:
    for method, runs in (("fork", True), ("forkserver", True), ("spawn", False)):
        monkeypatch.setattr(measure, "cheapest", lambda method=method: method)
        assert (measure.EXPERIMENT.unavailable() is None) == runs


# What is claimed and said.

ENOUGH = {name: 1 + number % 5 for number, name in enumerate(WORKLOADS)}
"""Workers from which on more bring nothing."""


def throughput(name: str, count: int) -> float:
    return 1000 * min(1, (1 + count) / (1 + ENOUGH[name]))


def measured(chosen: Mapping[str, int], **params: Any) -> Measured:
    """Without noise. Where workers are enough, each worker that is missing costs its part. The tuner takes enough."""
    found = {
        tried(name, count): {"throughput": throughput(name, count)} for name in chosen for count in arms.counts(name)
    }
    found |= {
        chosen_by(chooser, name): {"throughput": throughput(name, count), "chosen": count, "unsure": 0}
        for name in chosen
        for chooser, count in ((FUNCTION, chosen[name]), (TUNER, ENOUGH[name]), (RULE, ENOUGH[name]))
    }
    sizes = {f"batch_size, {name}": 4 for name in WORKLOADS}
    facts = {"cpu_count": 2, "cores": 2, "gpus": 0}
    about: dict[str, Any] = {"drawn_on": "2026-11-26", "race_seconds": 8, **sizes, **facts, **params}
    return result("throughput", found, **about)


PERFECT = measured(ENOUGH)
ONE_TOO_FEW = measured({**ENOUGH, "photos": 0})
"""One of one is missing: half of the throughput."""


def test_a_perfect_choice_meets_each_claim() -> None:
    found = statistics("choosing", PERFECT)
    assert found == {
        "the-choice-in-the-middle": 1,
        "the-choice-at-worst": 1,
        "the-choice-has-little-surplus": 0,
        "the-tuner-in-the-middle": 1,
        "the-tuner-at-worst": 1,
        "the-rule-in-the-middle": 1,
    }
    assert [judge(claim, PERFECT, TWO_CORES).verdict for claim in CLAIMS] == ["holds"] * 6


def test_where_the_function_alone_chose_nothing_is_claimed_of_others() -> None:
    alone = [s for s in PERFECT.samples if f"by {TUNER}" not in s.arm and f"by {RULE}" not in s.arm]
    short_form = replace(PERFECT, samples=alone)
    verdicts = [judge(claim, short_form, TWO_CORES).verdict for claim in CLAIMS]
    assert verdicts == ["holds"] * 3 + ["not measured here"] * 3
    assert TUNER not in show.figure(short_form).message
    assert show.values(short_form) == {**show.values(PERFECT), "tuner_unsure": ""}
    assert len(show.figure(short_form).table.header) == len(show.figure(PERFECT).table.header) - 2


def test_each_chooser_is_judged_by_its_own_count() -> None:
    """The tuner takes half of what the photos want."""
    worse = [
        replace(s, values={**s.values, "chosen": 0.0, "throughput": throughput("photos", 0)})
        if s.arm == chosen_by(TUNER, "photos")
        else s
        for s in PERFECT.samples
    ]
    found = statistics("choosing", replace(PERFECT, samples=worse))
    assert (found["the-choice-at-worst"], found["the-tuner-at-worst"]) == (1, 0.5)
    figure = show.figure(replace(PERFECT, samples=worse))
    for said in ("the tuner reaches 50", "the rule, by hand, reaches 100"):
        assert f"That of {said} % on its own worst." in plain(figure.message)
    assert figure.table.rows[0][4] == "50 with 0"


def test_of_few_workloads_no_surplus_is_claimed() -> None:
    """Each has one choice, and its rounds repeat that: two workers too many of two would look certain."""
    by_chance = {name: count + 2 * (number % 2) for number, (name, count) in enumerate([*ENOUGH.items()][:4])}
    found = {claim.id: judge(claim, measured(by_chance), TWO_CORES) for claim in CLAIMS}
    surplus = found.pop("the-choice-has-little-surplus")
    assert (surplus.verdict, surplus.reason) == (
        "not measured here",
        "of 4 workloads the middle one is chance: the full form measures all",
    )
    assert {one.verdict for one in found.values()} == {"holds"}


def contradicting(measured: Measured) -> Measured:
    """The same in three passes, and in one more that confirms them."""
    samples = [replace(each, pass_=number) for number in range(3) for each in measured.samples]
    around = [Surroundings([2.0] * 7, 0.0, None)] * 4
    return replace(measured, samples=samples, passes=3, surroundings=around, confirmation=measured.samples)


@pytest.mark.parametrize(
    ("chosen", "missed"),
    [
        ({**ENOUGH, "photos": 0}, {"the-choice-at-worst": 0.5}),
        ({name: count + 2 for name, count in ENOUGH.items()}, {"the-choice-has-little-surplus": 2}),
        (
            {name: count - 1 for name, count in ENOUGH.items()},
            {"the-choice-in-the-middle": 0.75, "the-choice-at-worst": 0.5},
        ),
    ],
)
def test_a_bad_choice_is_found_out(chosen: dict[str, int], missed: dict[str, float]) -> None:
    """In the middle three are enough."""
    bad = contradicting(measured(chosen))
    found = {claim.id: judge(claim, bad, TWO_CORES) for claim in CLAIMS}
    assert {name: one.verdict == "contradicted" for name, one in found.items()} == {
        name: name in missed for name in found
    }
    assert {name: one.value and one.value.median for name, one in found.items() if name in missed} == missed


def test_a_count_that_ran_more_than_once_in_a_round_has_the_mean() -> None:
    lucky = [
        replace(s, values={**s.values, "throughput": 1200.0}) if s.arm == chosen_by(FUNCTION, "photos") else s
        for s in PERFECT.samples
    ]
    trial = show.trials(replace(PERFECT, samples=lucky))["photos"]
    mean = (3 * 1000 + 1200) / 4
    assert trial.rates[0] == pytest.approx({0: 500, 1: mean, **{count: 1000 for count in range(2, 9)}})


def test_a_count_that_the_short_form_leaves_out_is_not_the_best_and_no_rule_s() -> None:
    """With 8 cores half the CPUs are 4, which were tried, and the usable cores 6, which were not."""
    arms_left_out = {tried(name, count) for name in WORKLOADS for count in short.LEFT_OUT}
    whole = measured(ENOUGH, cpu_count=8, cores=6)
    fewer = replace(whole, samples=[s for s in whole.samples if s.arm not in arms_left_out])
    assert {*show.trials(fewer)["photos"].rates[0]} == {0, 1, 2, 3, 4, 8}
    assert [judge(claim, fewer, TWO_CORES).verdict for claim in CLAIMS] == ["holds"] * 6
    assert show.by_rule(whole, "photos") == show.by_rule(fewer, "photos") | {"usable cores": 6}
    assert "usable cores" not in show.figure(fewer).message


def test_a_count_that_was_not_tried_is_compared_by_its_own_arm() -> None:
    trial = show.trials(measured({"photos": 11}))["photos"]
    assert trial.rates[0][11] == 1000 and trial.chosen == [11] * 7


def test_where_the_day_changes_between_two_passes_what_both_have_is_judged() -> None:
    """And nothing where that is too little."""
    names = [*WORKLOADS]

    def of(number: int, some: list[str]) -> list[RoundSample]:
        return [replace(s, pass_=number) for s in measured({name: ENOUGH[name] for name in some}).samples]

    changed = replace(PERFECT, samples=of(0, names[:6]) + of(1, names[2:8]))
    assert [*show.trials(changed)] == names[2:6]
    assert len(CLAIMS[0].statistic.of(changed)) == 14
    few = replace(PERFECT, samples=of(0, names[:6]) + of(1, names[3:9]))
    for claim in CLAIMS:
        with pytest.raises(NotHere, match="only 3 workloads"):
            claim.statistic.of(few)


def test_values() -> None:
    values = plain_values(show.values(ONE_TOO_FEW))
    assert values == {
        "workloads": "19",
        "drawn_on": "2026-11-26",
        "seconds": "8",
        "middle": "100 %",
        "worst": "decoded photos",
        "worst_reached": "50 %",
        "worst_chosen": "0",
        "worst_enough": "1",
        "unsure": "0 %",
        "tuner_unsure": "0 %",
        "rule": "start with 4",
        "rule_worst": WORKLOADS["long tail"],
        "rule_reached": "83 %",
    }


@pytest.mark.parametrize(("chooser", "shares"), [(FUNCTION, ("43 %", "0 %")), (TUNER, ("0 %", "43 %"))])
def test_how_often_each_chooser_could_not_tell(chooser: str, shares: tuple[str, str]) -> None:
    """In three of seven rounds, and of every workload."""
    unsure = [
        replace(s, values={**s.values, "unsure": float(s.round < 3)}) if f"chosen by {chooser}" in s.arm else s
        for s in PERFECT.samples
    ]
    values = plain_values(show.values(replace(PERFECT, samples=unsure)))
    assert (values["unsure"], values["tuner_unsure"]) == shares


def test_figure() -> None:
    """On two cores without a GPU the rules give 0, 1, 2 and 4."""
    figure = show.figure(ONE_TOO_FEW)
    assert plain(figure.message).startswith(
        "Of the best count’s throughput, the count that the function chose reaches 100 % on the workload in the "
        "middle, of 19 workloads, and 50 % on the one that suits it least."
    )
    assert plain(figure.message).endswith("the default 17 %, half the CPUs 33 %, usable cores 50 %, start with 4 83 %.")
    assert isinstance(figure.chart, Dots)
    assert [row.label for row in figure.chart.rows] == [*WORKLOADS.values()]
    photos, large, *_ = figure.chart.rows
    marks = [(bar.label, bar.value.median) for bar in photos.bars]
    rules = [("the default", 50), ("half the CPUs", 100), ("usable cores", 100), ("start with 4", 100)]
    assert marks == [*rules, (RULE, 100), (FUNCTION, 50), (TUNER, 100)]
    assert [round(bar.value.median) for bar in large.bars] == [33, 67, 100, 100, 100, 100, 100]
    header, row = figure.table.header, figure.table.rows[0]
    assert len({len(each) for each in (header, *figure.table.rows)}) == 1
    assert row[:2] == ("decoded photos", "0") and row[2] == "1" and row[3].startswith("50 (")
    assert row[4:] == ("100 with 1", "100 with 1", "50 with 0", "100 with 1", "100 with 2", "100 with 4")


def test_a_rule_whose_count_was_not_tried_has_no_mark() -> None:
    """Of 64 CPUs half are too many here, and 16 are tried where items wait alone."""
    figure = show.figure(measured(ENOUGH, cpu_count=64, cores=16, gpus=1))
    assert isinstance(figure.chart, Dots)
    marks = {row.label: [bar.label for bar in row.bars] for row in figure.chart.rows}
    assert marks[WORKLOADS["photos"]] == ["the default", "start with 4", RULE, FUNCTION, TUNER]
    assert marks[WORKLOADS["waits"]] == [
        "the default",
        "usable cores",
        "start with 4",
        RULE,
        FUNCTION,
        TUNER,
    ]
    assert figure.table.rows[0][7] == "–"


def test_a_choice_that_changed_is_shown_whole() -> None:
    mixed = [
        replace(s, values={**s.values, "chosen": 1.0 + s.round % 2}) if s.arm == chosen_by(FUNCTION, "photos") else s
        for s in PERFECT.samples
    ]
    found = replace(PERFECT, samples=mixed)
    assert show.figure(found).table.rows[0][1:3] == ("1 and 2", "1")
