"""Starting workers under each start method: how they are started and timed, what is claimed and said.

What it does not prove: how long a start takes. Each build measures and judges that.
"""

import runpy
from collections.abc import Iterator
from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any, Self

import pytest
from torch.utils.data import DataLoader

from snippets.experiments.start_up import measure, short, show
from snippets.experiments.start_up.arms import METHODS, PRELOADED, large, second_epoch
from snippets.experiments.start_up.measure import HELD, HERE, WORKERS
from snippets.lab.figures.figure import Bars
from snippets.lab.instruments.experiment import AGAIN, Values
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.results.results import Measured
from snippets.pages.what_a_worker_costs import preloaded_forkserver

from .dry_run import clock, first_loader
from .results import claim, plain, plain_values, result, statistics


def first_batch(new: float, kept: float) -> dict[str, float]:
    return {"first_batch_new": new, "first_batch_kept": kept, "epoch_new": 2 * new, "epoch_kept": 2 * kept}


STARTED = {
    "fork": first_batch(0.02, 0.002),
    "spawn": first_batch(1.0, 0.004),
    second_epoch("fork"): {"first_batch_new": 0.03},
    large("fork"): {"first_batch_new": 0.025},
    large("spawn"): {"first_batch_new": 1.4},
    PRELOADED: {"first_batch_new": 0.05},
    f"fork{AGAIN}": first_batch(0.021, 0.002),
}
SPAWN_ALONE = {"spawn": STARTED["spawn"], large("spawn"): STARTED[large("spawn")]}


def started(arms: dict[str, dict[str, float]]) -> Measured:
    return result("first_batch_new", arms, workers=2, held_bytes=1_000_000)


def test_on_macos_no_worker_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forked there, it may break in the system's own libraries. The other methods are measured as elsewhere."""
    monkeypatch.setattr("sys.platform", "darwin")
    assert runpy.run_path(measure.__file__)["HERE"] == [method for method in HERE if method != "fork"]


def test_workers_are_started_as_named() -> None:
    with measure.EXPERIMENT.prepared() as arms:
        loaders = {name: first_loader(arm) for name, arm in arms.items() if name != PRELOADED}
    assert {*HERE} < {*loaders}
    for name, loader in loaders.items():
        assert loader.multiprocessing_context.get_start_method() == name.partition(",")[0]
        assert loader.num_workers == WORKERS
        assert loader.persistent_workers == (name in HERE), name
        assert loader.dataset.held.nbytes == (HELD if name.endswith(", 1 MB") else 1), name
    assert HELD == 1_000_000 and f"a dataset of {HELD / 1e6:g} MB" in claim("spawn-pickles-the-dataset").statistic.words


def test_starting_is_timed_until_the_first_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the first epoch, in the second one, and where the second one starts workers again."""

    def values(arm: str, *ticks: float) -> Values:
        monkeypatch.setattr(measure, "time", clock(*ticks))
        with measure.EXPERIMENT.prepared() as arms:
            return arms[arm]().values

    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([0, 1, 2]))
    assert values("spawn", 1, 3, 6, 11, 12, 18) == {
        "first_batch_new": 2,
        "epoch_new": 5,
        "first_batch_kept": 1,
        "epoch_kept": 7,
    }
    assert values(large("spawn"), 1, 4) == {"first_batch_new": 3}
    assert values(second_epoch(HERE[0]), 1, 3, 6, 11) == {"first_batch_new": 5}


@pytest.mark.parametrize("timed", ["large", "second epoch", "snippet"])
def test_ending_the_workers_is_no_part_of_starting_them(monkeypatch: pytest.MonkeyPatch, timed: str) -> None:
    """They end when the iterator goes away, which here takes a hundred seconds; a first batch takes one."""
    clock = SimpleNamespace(now=0.0)
    clock.perf_counter = lambda: clock.now

    class Batches:
        def __next__(self) -> int:
            clock.now += 1
            return 0

        def __del__(self) -> None:
            clock.now += 100

    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: Batches())
    for module in (measure, preloaded_forkserver):
        monkeypatch.setattr(module, "time", clock)
    with measure.EXPERIMENT.prepared() as arms:
        if timed == "snippet":
            assert preloaded_forkserver.seconds_to_first_batch() == 1
        else:
            arm = large("spawn") if timed == "large" else second_epoch(HERE[0])
            assert arms[arm]().values == {"first_batch_new": 1}


def test_a_fork_server_imports_torch_before_it_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the snippet and in the arm's process, with loaders that load nothing."""
    if "forkserver" not in HERE:
        pytest.skip("this system has no forkserver")
    happened: list[Any] = []

    def begins(loader: Any) -> Iterator[int]:
        happened.append(loader.multiprocessing_context.get_start_method())
        return iter([0])

    monkeypatch.setattr(measure.multiprocessing, "set_forkserver_preload", happened.append)
    monkeypatch.setattr(DataLoader, "__iter__", begins)
    runpy.run_path(preloaded_forkserver.__file__, run_name="__main__")
    assert happened == [["__main__", "torch"], "forkserver", "forkserver"]
    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in printed] == ["first epoch", "second epoch"]
    assert all(line.endswith(" s") for line in printed)

    happened.clear()
    measure.preload()
    assert happened == [[preloaded_forkserver.__name__, "torch"], "forkserver"]


def test_a_fork_server_that_is_there_already_is_timed() -> None:
    """In a process of its own, for the fork server of this one imports nothing before."""
    if "forkserver" not in HERE:
        pytest.skip("this system has no forkserver")
    asked: list[Any] = []

    class Pool:
        def __init__(self, processes: int, context: Any, initializer: Any) -> None:
            asked.append((processes, context.get_start_method(), initializer))

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *error: object) -> None: ...

        def submit(self, run: Any) -> Future[float]:
            asked.append(run)
            future: Future[float] = Future()
            future.set_result(0.25)
            return future

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measure, "ProcessPoolExecutor", Pool)
        with measure.EXPERIMENT.prepared() as arms:
            assert arms[PRELOADED]().values == {"first_batch_new": 0.25}
    assert asked == [(1, "spawn", measure.preload), preloaded_forkserver.seconds_to_first_batch]


def test_claims() -> None:
    arms = {**STARTED, "forkserver": first_batch(1.2, 0.003)}
    assert statistics("start-up", started(arms)) == pytest.approx(
        {
            "spawn-takes-longer-to-start": 50.0,
            "keeping-workers-pays": 250.0,
            "spawn-pickles-the-dataset": 1.4,
            "preloading-makes-forkserver-quick": 24.0,
            "every-epoch-starts-its-workers": 1.5,
        }
    )


def test_a_system_that_has_spawn_alone_claims_nothing_of_the_others() -> None:
    silent = {}
    for each in claims("start-up"):
        try:
            each.statistic.of(started(SPAWN_ALONE))
        except NotHere as why:
            silent[each.id] = str(why)
    assert silent == {
        "spawn-takes-longer-to-start": "on this system no worker is started by fork",
        "preloading-makes-forkserver-quick": "on this system no worker is started by forkserver",
        "every-epoch-starts-its-workers": "on this system no worker is started by fork",
    }


def test_values() -> None:
    values = plain_values(show.values(started({**STARTED, large("forkserver"): {"first_batch_new": 2.0}})))
    assert values["spawn_over_fork"] == "50 times"
    assert (values["spawn_new"], values["spawn_kept"], values["fork_new"]) == ("1 s", "4 ms", "20 ms")
    assert values["second_epoch"] == "30 ms"
    assert (values["held"], values["fork_held"], values["spawn_held"]) == ("1 MB", "25 ms", "1.4 s")
    assert (values["preloaded"], values["forkserver_held"]) == ("50 ms", "2 s")


def test_values_where_there_is_spawn_alone() -> None:
    arms = {"spawn": STARTED["spawn"], second_epoch("spawn"): {"first_batch_new": 1.1}}
    values = plain_values(show.values(started(arms)))
    assert (values["first_method"], values["second_epoch"]) == ("spawn", "1.1 s")
    held = [f"{method}_held" for method in METHODS]
    for absent in (*held, "preloaded", "fork_new", "forkserver_kept", "spawn_over_fork"):
        assert values[absent] == "", "a page says it in other words"


def test_figure() -> None:
    figure = show.figure(started(STARTED))
    assert isinstance(figure.chart, Bars)
    bars = {group.label: [bar.value.median for bar in group.bars] for group in figure.chart.groups}
    forked, spawned = "fork (Linux to Python 3.13)", "spawn (macOS, Windows)"
    assert bars == {forked: [0.02, 0.002], spawned: [1.0, 0.004]}, "a system without forkserver has no bars of it"
    assert [row[0] for row in figure.table.rows] == [
        *(f"{method}, {workers} workers" for method in ("fork", "spawn") for workers in ("new", "kept")),
        *(large("fork"), second_epoch("fork"), PRELOADED, large("spawn")),
    ]
    assert plain(figure.table.rows[-1][1]) == "1.4 s (1.4 to 1.4)"


def test_the_short_form_has_all_arms_of_which_something_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "preload", int)
    with measure.EXPERIMENT.prepared() as whole, short.EXPERIMENT.prepared() as runs:
        assert {*whole} - {*runs} == ({large("forkserver")} if "forkserver" in HERE else set())
