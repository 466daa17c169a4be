"""Tuners beside ours: how each is asked, what counts as no answer, what is shown.

What it does not prove: that a peer chooses so. Where it is installed, each full build measures it.
"""

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.experiments.other_tuners import choosers, measure, short, show
from snippets.experiments.other_tuners.arms import COUNTS, FUNCTION, OURS, PEERS, QUICK, TUNER, chosen_by, tried
from snippets.experiments.other_tuners.arms import WORKLOADS as NAMES
from snippets.experiments.varied_workloads import WORKLOADS
from snippets.lab.figures.figure import Dots
from snippets.lab.instruments.experiment import Sample
from snippets.lab.results.contributed import unfit
from snippets.lab.results.results import Measured

from .results import plain, plain_values, result, statistics

ROWS = WORKLOADS["rows"]
LOADTUNE, HELPER = PEERS.values()


def test_ours_are_asked_with_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def tune(make_loader: Any, step: Any, seconds: float) -> Any:
        assert (make_loader(3).num_workers, step, seconds) == (3, ROWS.step, choosers.LIMIT)
        return SimpleNamespace(num_workers=3)

    def choose(loader: Any, step: Any, seconds: float) -> int:
        assert (loader.num_workers, step, seconds) == (0, ROWS.step, choosers.LIMIT)
        return 2

    monkeypatch.setattr(choosers, "tune", tune)
    monkeypatch.setattr(choosers, "choose_num_workers", choose)
    assert (choosers.by_the_tuner(ROWS), choosers.by_the_function(ROWS)) == (3, 2)


def test_the_quick_benchmark_takes_the_count_that_took_least(monkeypatch: pytest.MonkeyPatch) -> None:
    def seconds_per_count(dataset: Any, counts: tuple[int, ...]) -> dict[int, float]:
        assert dataset is ROWS.dataset and {*counts} < {*COUNTS}
        return dict(zip(counts, (3.0, 2.0, 1.0, 4.0), strict=True))

    monkeypatch.setattr(choosers, "seconds_per_count", seconds_per_count)
    assert choosers.by_the_quick_benchmark(ROWS) == 4


@pytest.mark.parametrize(("speedup", "best", "count"), [(1.5, 3, 3), (0.9, 3, 0), (1.0, None, 0)])
def test_loadtune_is_given_the_dataset_the_step_and_a_model_that_does_nothing(
    speedup: float, best: int | None, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a trial that beats its baseline, which has no workers, that is its answer."""
    stepped: list[Any] = []
    workload = replace(ROWS, step=stepped.append)

    def tune(theirs: Any) -> Any:
        model = theirs.make_model()
        optimizer = theirs.make_optimizer(model)
        assert theirs.train_step(model, optimizer, "a batch", torch.device("cpu")) == 0
        assert theirs.make_dataset() is workload.dataset
        assert (theirs.default_batch_size, theirs.collate_fn) == (ROWS.batch_size, ROWS.collate)
        trial = best and SimpleNamespace(knobs=SimpleNamespace(num_workers=best))
        return SimpleNamespace(best=trial, speedup=speedup)

    monkeypatch.setitem(sys.modules, "loadtune", SimpleNamespace(Workload=SimpleNamespace, tune=tune))
    assert choosers.by_loadtune(workload) == count
    assert stepped == ["a batch"]


def test_the_helper_finds_no_file_of_an_earlier_run(monkeypatch: pytest.MonkeyPatch) -> None:
    here, folders = Path.cwd(), set[Path]()

    def find_optimal_params(dataset: Any, device: Any, batch_size: int) -> dict[str, int]:
        assert (dataset, device, batch_size) == (ROWS.dataset, torch.device("cpu"), ROWS.batch_size)
        assert not [*Path.cwd().iterdir()]
        folders.add(Path.cwd())
        Path("dataloader_params.json").write_text("{}", encoding="utf-8")
        return {"num_workers": 1}

    monkeypatch.setitem(
        sys.modules, "dataloader_param_helper", SimpleNamespace(find_optimal_params=find_optimal_params)
    )
    assert [choosers.by_dataloader_param_helper(ROWS) for _ in range(2)] == [1, 1]
    assert len(folders) == 2 and here not in folders and Path.cwd() == here


@pytest.mark.parametrize(
    ("given", "chosen", "answered"), [(3, 3, 1), (0, 0, 1), (None, 0, 0), (ZeroDivisionError, 0, 0)]
)
def test_who_gives_no_count_or_fails_has_not_answered(given: Any, chosen: int, answered: int) -> None:
    def choose(workload: Any) -> int | None:
        if given is ZeroDivisionError:
            raise ZeroDivisionError
        return given

    values = measure.choice(ROWS, choose)
    assert (values["chosen"], values["answered"]) == (chosen, answered) and values["seconds"] >= 0


def test_each_chooses_once_in_a_pass_and_is_loaded_with_in_each_round(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    loaded: list[int] = []

    def time_for(loader: Any, seconds: float, step: Any) -> Sample:
        loaded.append(loader.num_workers)
        return Sample({"per_batch": 0.5})

    monkeypatch.setattr(measure, "time_for", time_for)
    monkeypatch.setattr(measure, "find_spec", lambda module: module == "loadtune")
    monkeypatch.setattr(choosers, "by_loadtune", lambda workload: asked.append(workload) or 5)
    with measure.EXPERIMENT.prepared() as runs:
        names = [*OURS, LOADTUNE]
        assert {arm for arm in runs if "chosen" in arm} == {chosen_by(who, name) for who in names for name in NAMES}
        assert asked == []
        loaded.clear()
        samples = [runs[chosen_by(LOADTUNE, "rows")]() for _ in range(2)]
    assert (asked, loaded) == ([ROWS], [5, 5])
    assert all(sample.values.items() >= {"throughput": 2 * ROWS.batch_size, "chosen": 5}.items() for sample in samples)


def test_without_a_peer_and_in_the_short_form_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "cheapest", lambda: "fork")
    monkeypatch.setattr(measure, "find_spec", lambda module: None)
    reason = measure.unavailable() or ""
    assert reason == f"neither {LOADTUNE} nor {HELPER} is installed; make others installs them"
    monkeypatch.setattr(measure, "find_spec", lambda module: module == "loadtune")
    assert measure.unavailable() is None
    in_short = short.EXPERIMENT.unavailable() or ""
    assert "only a full build" in in_short and not unfit(reason) and not unfit(in_short)


# What is claimed and shown.


def made_up(*silent: str) -> Measured:
    """Each worker up to three adds as much as none has. Who is not `silent` chooses: the tuner 3, the others 1."""
    rates = {name: {count: 100.0 * min(4, 1 + count) for count in COUNTS} for name in NAMES}
    found = {tried(name, count): {"throughput": rate} for name in NAMES for count, rate in rates[name].items()}
    for who in (TUNER, FUNCTION, QUICK, LOADTUNE, HELPER):
        for name in NAMES:
            count = 0 if who in silent else 3 if who == TUNER else 1
            found[chosen_by(who, name)] = {
                "throughput": rates[name][count],
                "chosen": count,
                "answered": who not in silent,
                "seconds": 8.0 if who == TUNER else 30.0,
            }
    facts = {"cpu_count": 4, "cores": 2, "gpus": 0, "limit": 20, **{f"batch_size, {name}": 4 for name in NAMES}}
    return result("throughput", found, **facts)


MADE_UP = made_up()


def test_figure() -> None:
    figure = show.figure(made_up(HELPER))
    message = plain(figure.message)
    assert f"{TUNER} 100 % (8 s), {FUNCTION} 50 % (30 s)" in message and HELPER not in message
    assert isinstance(figure.chart, Dots)
    marks = {bar.label: bar.value.median for bar in figure.chart.rows[0].bars}
    ours = {QUICK: 50, LOADTUNE: 50, FUNCTION: 50, TUNER: 100}
    assert marks == {"half the CPUs": 75, "start with 4": 100, **ours}
    rows = {plain(row[0]): tuple(map(plain, row[1:])) for row in figure.table.rows}
    assert rows[TUNER] == ("100 %", "100 %", "8 s", "0 of 4")
    assert rows[HELPER] == ("–", "–", "30 s", "4 of 4")
    assert rows["half the CPUs"] == ("75 %", "75 %", "–", "–")
    assert len({len(each) for each in (figure.table.header, *figure.table.rows)}) == 1


def test_the_longest_choice_is_held_against_the_limit() -> None:
    slow = [
        replace(s, values={**s.values, "seconds": 26.0}) if s.arm == chosen_by(TUNER, "rows") else s
        for s in MADE_UP.samples
    ]
    assert statistics("other-tuners", MADE_UP) == {"the-tuner-keeps-its-limit": 0.4}
    assert statistics("other-tuners", replace(MADE_UP, samples=slow)) == {"the-tuner-keeps-its-limit": 1.3}


def test_each_has_a_mark_of_its_own() -> None:
    assert len({*show.MARKS.values()}) == len(show.MARKS) and {*OURS, *PEERS.values()} < {*show.MARKS}
    assert {*NAMES} < {*WORKLOADS} and plain_values(show.values(MADE_UP)) == {"limit": "20"}
