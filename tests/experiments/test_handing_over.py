"""An arm does what its name says, where something besides items costs: handing over, memory, threads, cores, starting,
another library.

What it does not prove: that the numbers are right. Each build measures and judges them.
"""

import multiprocessing
import os
import runpy
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from torch.utils.data import DataLoader, default_collate

from snippets.experiments.cpu_training import measure as cpu_training
from snippets.experiments.handing_over import measure as handing_over
from snippets.experiments.other_loaders import measure as other_loaders
from snippets.experiments.ranks import measure as ranks
from snippets.experiments.shared_memory import measure as shared_memory
from snippets.experiments.start_up import measure as start_up
from snippets.experiments.threads import measure as threads
from snippets.experiments.threads.claims import FREE, LIMITED
from snippets.lab.instruments.experiment import Sample, Values
from snippets.lab.judging.claim import NotHere
from snippets.lab.results.contributed import unfit
from snippets.pages.what_a_worker_costs import preloaded_forkserver

from .arms import first_loader
from .claimed import claim
from .made import told


@pytest.fixture
def three_threads() -> Iterator[None]:
    """For the main process: neither one nor, mostly, what the machine would give."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(("workers", "named"), [(0, "0 workers"), (1, "1 worker")])
@pytest.mark.parametrize("pieces", [1, 16, 256])
def test_as_many_tensors_are_handed_over_as_named(pieces: int, workers: int, named: str) -> None:
    with handing_over.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[f"{pieces} pieces, {named}"])
    batch = loader.dataset[0]
    assert (loader.num_workers, loader.batch_size, len(batch)) == (workers, None, pieces)
    size = sum(piece.nbytes for piece in batch)
    assert size == pytest.approx(handing_over.EXPERIMENT.params["bytes"], rel=1e-3)
    assert len({piece.data_ptr() for piece in batch}) == pieces, "each is a tensor of its own"


def test_floats_are_handed_over_as_a_list() -> None:
    with handing_over.EXPERIMENT.prepared() as arms:
        assert len(arms) == 9
        loader = first_loader(arms["50,000 floats, 1 worker"])
    batch = loader.dataset[0]
    assert loader.num_workers == 1 and loader.batch_size is None
    assert type(batch) is list and {*map(type, batch)} == {float} and len(batch) == handing_over.FLOATS == 50_000


@pytest.mark.parametrize("case", shared_memory.CASES, ids=lambda case: "{} workers, {} each".format(*case))
def test_shared_memory_is_filled_as_named(case: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := shared_memory.unavailable():
        pytest.skip(reason)
    workers, factor = case
    with shared_memory.EXPERIMENT.prepared() as arms:
        assert len(arms) == len(shared_memory.CASES) + 1
        run = arms[f"{workers} workers, prefetch_factor={factor}"]
        loader = first_loader(run)
        monkeypatch.setattr(shared_memory, "megabytes_ahead", lambda *asked: 2.5)
        assert run().values == {"bytes": 2_500_000}
    assert (loader.num_workers, loader.prefetch_factor) == case
    assert len(loader) > workers * factor, "there is more than what is loaded ahead"
    batch = default_collate([loader.dataset[0]] * loader.batch_size)
    assert batch.nbytes == shared_memory.EXPERIMENT.params["batch_bytes"]


def test_what_a_dataset_holds_is_sent_to_workers_of_a_fork_server() -> None:
    """Under fork nothing would be sent, and nothing found."""
    if reason := shared_memory.unavailable():
        pytest.skip(reason)
    with shared_memory.EXPERIMENT.prepared() as arms:
        run = arms["a tensor in the dataset, forkserver"]
        loader = first_loader(run)
        assert loader.multiprocessing_context.get_start_method() == "forkserver"
        assert loader.num_workers == shared_memory.HELD_WORKERS == 2
        assert loader.dataset.held.nbytes == shared_memory.EXPERIMENT.params["held_bytes"]
        assert not loader.dataset.held.is_shared(), "it is not there before"
        assert loader.dataset[0] == 1


def test_what_lies_in_shared_memory_before_workers_come_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a made-up /dev/shm, to which a loader that starts nobody adds."""
    lies = [7e6]
    monkeypatch.setattr(shared_memory, "used", lambda: lies[-1])
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([lies.append(27e6)]))
    assert shared_memory.filled_by_the_dataset().values == {"bytes": 20e6}


@pytest.mark.parametrize("does", ["waits", "runs Python"])
def test_tensors_are_received_while_their_worker_does_as_named(does: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker has begun with the next item before the clock runs, and ends it only once the tensors are here."""
    with handing_over.EXPERIMENT.prepared() as arms:
        arm = arms[f"received while its worker {does}"]
        loader = first_loader(arm)
        dataset = loader.dataset
        assert (loader.num_workers, loader.batch_size) == (1, None)
        assert len(dataset[0]) == handing_over.BESIDE_PIECES == 64
        assert not dataset.began.is_set(), "item 0 is there at once"
        monkeypatch.setattr(handing_over, "work", lambda may_end: worked.append(may_end))
        worked: list[Any] = []
        dataset.may_end.set()
        assert len(dataset[1]) == 64 and dataset.began.is_set()
        assert worked == ([dataset.may_end] if does == "runs Python" else [])


def test_work_in_python_ends_when_it_may() -> None:
    may_end = multiprocessing.Event()
    worker = threading.Thread(target=handing_over.work, args=(may_end,))
    worker.start()
    worker.join(0.1)
    assert worker.is_alive()
    may_end.set()
    worker.join(30)
    assert not worker.is_alive()


def test_receiving_is_timed_and_ends_the_workers_item(monkeypatch: pytest.MonkeyPatch) -> None:
    began = {*multiprocessing.active_children()}
    ticks = iter([3.0, 5.0])
    clock = SimpleNamespace(perf_counter=lambda: next(ticks), thread_time=time.thread_time, sleep=time.sleep)
    monkeypatch.setattr(handing_over, "time", clock)
    sample = handing_over.received(in_python=False)
    assert sample.values["per_batch"] == 2.0 and sample.values["main_cpu"] >= 0
    assert {*multiprocessing.active_children()} == began


def test_main_computes_with_its_threads_and_a_worker_with_one(
    three_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "SECONDS", 0.0)
    assert threads.per_batch(0).values["threads"] == 3
    assert threads.per_batch(1).values["threads"] == 1
    assert [first_loader(partial(threads.per_batch, count)).num_workers for count in (0, 1)] == [0, 1]


def test_items_are_computed_by_torch() -> None:
    items = threads.Products()
    items.matrix = 2 * items.matrix
    product, _ = items[0]
    assert product.tolist() == [2.0**5] * threads.SIZE, "twos times twos over their number, four times"


def test_items_are_computed_by_numpy() -> None:
    items = threads.NumpyProducts()
    items.matrix = 2 * items.matrix
    product, _ = items[0]
    assert product.tolist() == [2.0**5] * threads.BLAS_SIZE, "twos times twos over their number, four times"
    assert first_loader(threads.per_numpy_batch).num_workers == threads.BLAS_WORKERS == 2


def test_numpy_has_its_own_threads_in_a_worker_unless_it_was_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the environment of whoever measures says."""
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    before = dict(os.environ)
    with threads.EXPERIMENT.prepared() as arms:
        assert [*arms] == ["0 workers", "1 workers", FREE, LIMITED]
        free, limited = (arms[name]().values["threads"] for name in (FREE, LIMITED))
        assert dict(os.environ) == before
    measured = replace(
        told("per_batch", {FREE: {"threads": free}, LIMITED: {"threads": limited}}), params=threads.EXPERIMENT.params
    )
    try:
        assert claim("threads", "blas-keeps-its-threads-in-a-worker").statistic.of(measured)[0] >= 1
    except NotHere as reason:
        pytest.skip(str(reason))


def test_a_model_trains_with_the_threads_and_workers_that_are_named(
    three_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Any, int, Any]] = []

    def time_for(loader: Any, seconds: float, step: Any) -> Sample:
        seen.append((loader, torch.get_num_threads(), step))
        return Sample({"per_batch": 1.0})

    monkeypatch.setattr(cpu_training, "time_for", time_for)
    with cpu_training.EXPERIMENT.prepared() as arms:
        assert len(seen) == 1, "before the first arm the pages are warmed"
        seen.clear()
        for arm in arms.values():
            arm()
            assert torch.get_num_threads() == 3, "an arm leaves the threads as they were"
        told = [f"{loader.num_workers} workers, {count} threads" for loader, count, _ in seen]
        assert told == [*arms] and len(told) == 5
    assert {loader.batch_size for loader, _, _ in seen} == {cpu_training.BATCH_SIZE}
    assert len({id(step.__self__.model) for _, _, step in seen}) == 5, "each arm trains a model of its own"


def test_a_step_on_the_cpu_trains() -> None:
    training = cpu_training.Training()
    before = [weights.detach().clone() for weights in training.model.parameters()]
    given: list[torch.Tensor] = []
    training.model.register_forward_pre_hook(lambda model, pixels: given.append(pixels[0]))
    training.step(torch.full((8, 3, 224, 224), 51, dtype=torch.uint8))
    assert [pixels.shape for pixels in given] == [(8, cpu_training.PIXELS)] * 2
    assert given[0].unique().tolist() == pytest.approx([0.2])
    moved = [not torch.equal(was, now) for was, now in zip(before, training.model.parameters(), strict=True)]
    assert all(moved)


@pytest.mark.parametrize("case", ranks.CASES, ids=lambda case: "{} ranks, {} workers".format(*case))
def test_as_many_ranks_start_as_named(case: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them a process; together they load what all of them told, and the slowest is the one with least."""
    if reason := ranks.EXPERIMENT.unavailable():
        pytest.skip(reason)
    number, workers = case
    started = multiprocessing.get_context("fork").Array("i", 8)

    def rank(dataset: Any, num_workers: int, together: Barrier, tell: Connection) -> None:
        with started.get_lock():
            order = started[:].index(0)
            started[order] = os.getpid()
        tell.send(1000.0 * together.parties + 100 * num_workers + order)

    monkeypatch.setattr(ranks, "rank", rank)
    with ranks.EXPERIMENT.prepared() as arms:
        assert len({*started} - {0}) == 1, "before the first arm the pages are warmed"
        started[:] = [0] * 8
        sample = arms[f"{number} ranks, {workers} workers each"]()
    processes = {*started} - {0}
    assert len(processes) == number and os.getpid() not in processes
    slowest = 1000 * number + 100 * workers
    assert sample.values == {"slowest": slowest, "throughput": sum(slowest + each for each in range(number))}


def test_a_rank_begins_with_the_others_and_tells_its_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[Any] = []

    class Together:
        def wait(self) -> None:
            happened.append("all there")

    class Told:
        def send(self, rate: float) -> None:
            happened.append(rate)

    def time_for(loader: Any, seconds: float) -> Sample:
        happened.append((loader.num_workers, loader.batch_size, seconds))
        return Sample({"per_batch": 0.5})

    monkeypatch.setattr(torch, "set_num_threads", lambda count: happened.append(f"{count} threads"))
    monkeypatch.setattr(ranks, "time_for", time_for)
    ranks.rank([0] * 8, 2, Together(), Told())  # pyright: ignore[reportArgumentType]
    assert happened == ["1 threads", "all there", (2, ranks.BATCH_SIZE, ranks.SECONDS), ranks.BATCH_SIZE / 0.5]


def test_workers_are_started_as_named() -> None:
    with start_up.EXPERIMENT.prepared() as arms:
        methods = {name: first_loader(arm) for name, arm in arms.items() if name != "forkserver, torch preloaded"}
        assert {*start_up.METHODS} < {*methods}
    for name, loader in methods.items():
        assert loader.multiprocessing_context.get_start_method() == name.partition(",")[0]
        assert loader.num_workers == start_up.WORKERS
        assert loader.persistent_workers == (name in start_up.METHODS), name
        held = start_up.HELD if name.endswith(", 1 MB") else 1
        assert loader.dataset.held.nbytes == held, name
    assert start_up.HELD == 1_000_000


def test_starting_is_timed_until_the_first_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a made-up clock: in the first epoch, in the second one, and where the second one starts workers again."""

    def told(arm: str, *clock: float) -> Values:
        ticks = iter(clock)
        monkeypatch.setattr(start_up, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))
        with start_up.EXPERIMENT.prepared() as arms:
            return arms[arm]().values

    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([0, 1, 2]))
    assert told("spawn", 1, 3, 6, 11, 12, 18) == {
        "first_batch_new": 2,
        "epoch_new": 5,
        "first_batch_kept": 1,
        "epoch_kept": 7,
    }
    assert told("spawn, 1 MB", 1, 4) == {"first_batch_new": 3}
    first = start_up.METHODS[0]
    assert told(f"{first}, second epoch without persistent_workers", 1, 3, 6, 11) == {"first_batch_new": 5}


def test_a_fork_server_imports_torch_before_it_is_started(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The snippet, with loaders that load nothing; and the arm, which takes the second of its two numbers."""
    if "forkserver" not in start_up.METHODS:
        pytest.skip("this system has no forkserver")
    happened: list[Any] = []

    def begins(loader: Any) -> Iterator[int]:
        happened.append(loader.multiprocessing_context.get_start_method())
        return iter([0])

    with monkeypatch.context() as patch:
        patch.setattr(start_up.multiprocessing, "set_forkserver_preload", happened.append)
        patch.setattr(DataLoader, "__iter__", begins)
        runpy.run_module(preloaded_forkserver.__name__, run_name="__main__")
    assert happened == [["__main__", "torch"], "forkserver", "forkserver"]
    said = capsys.readouterr().out
    assert [line.partition(":")[0] for line in said.splitlines()] == ["first epoch", "second epoch"]
    assert all(line.endswith(" s") for line in said.splitlines())

    commands: list[list[str]] = []

    def run(command: list[str], **settings: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0, "first epoch: 3.125 s\nsecond epoch: 0.250 s\n")

    monkeypatch.setattr(subprocess, "run", run)
    with start_up.EXPERIMENT.prepared() as arms:
        assert arms["forkserver, torch preloaded"]().values == {"first_batch_new": 0.25}
    assert commands == [[sys.executable, "-m", preloaded_forkserver.__name__]]


def test_other_libraries_load_the_same_photos_with_as_many_workers(
    three_threads: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are installed, each by its snippet; packages and clock are made up."""
    asked: list[tuple[str, tuple[Any, ...], int]] = []

    def snippet(name: str) -> Any:
        def batches(*given: Any) -> list[list[int]]:
            asked.append((name, given, torch.get_num_threads()))
            return [[0] * 3, [0] * 5, [0] * 5]

        return SimpleNamespace(batches=batches)

    clock = iter([0.0, 2.0, 6.0] * 4)
    monkeypatch.setattr(other_loaders, "time", SimpleNamespace(perf_counter=lambda: next(clock)))
    monkeypatch.setattr(other_loaders, "with_dataloader", snippet("with_dataloader"))
    monkeypatch.setattr(other_loaders, "find_spec", lambda package: package in ("spdl", "datasets"))
    monkeypatch.setattr(other_loaders, "importlib", SimpleNamespace(import_module=snippet))
    with other_loaders.EXPERIMENT.prepared() as arms:
        assert [*arms] == ["DataLoader", "SPDL", "datasets"]
        assert len(asked) == 1, "before the first arm the pages are warmed"
        asked.clear()
        for arm in arms.values():
            assert arm().values == {"first_batch": 2.0, "throughput": 10 / 4}, "photos after the first batch"
            assert torch.get_num_threads() == 3
    names = [
        "with_dataloader",
        *(f"snippets.pages.leave_dataloader.with_{package}" for package in ("spdl", "datasets")),
    ]
    assert [name for name, _, _ in asked] == names
    (paths, workers), *others = [given for _, given, _ in asked]
    assert (len(paths), workers) == (other_loaders.FILES, other_loaders.WORKERS) == (256, 2)
    assert all(given == (paths, workers) for given in others)
    assert {count for _, _, count in asked} == {1}


def test_without_other_libraries_nothing_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(other_loaders, "find_spec", lambda package: None)
    reason = other_loaders.unavailable() or ""
    assert "none of the other libraries is installed" in reason
    assert not unfit(reason), "a results file with this reason is refused when it is shared"
    monkeypatch.setattr(other_loaders, "find_spec", lambda package: package == "torchdata")
    assert other_loaders.unavailable() is None
