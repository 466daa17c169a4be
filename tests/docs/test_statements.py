"""Statements of both guides and of the page about their first versions, proven by counting; `proves` has their words.

What it does not prove: how long anything takes, and what the claims count: each build measures both. Of a notebook, the
lab shows in each build what works under fork, what fails under spawn, and what helps.
"""

from __future__ import annotations

import multiprocessing
import os
import platform
import runpy
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader, TensorDataset, default_collate

from snippets.experiments.counting_datasets import Fetches, Makers, with_collator
from snippets.pages.optimization_guide import common_guidelines, when_not_to_use
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

from ..processes import run
from . import test_benchmarks, test_first_versions, test_helper_sprites  # noqa: F401  (they say what they prove)
from .pages import FIRST_VERSIONS, GUIDE_1, GUIDE_2, source
from .sentences import STATEMENTS, proves, words

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

ACCELERATOR = torch.accelerator.is_available()
no_affinity = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system has no CPU affinity to set")


HANGS_AFTER = 60
"""Seconds after which a loader of these tests gives up. A guard against hangs, no statement about speed."""


def loader(dataset: Any, num_workers: int, **settings: Any) -> DataLoader[Any]:
    return DataLoader(dataset, num_workers=num_workers, timeout=HANGS_AFTER if num_workers else 0, **settings)


def children() -> set[int]:
    """The processes that this one has started and that still live."""
    return {child.pid for child in multiprocessing.active_children() if child.pid}


@pytest.mark.parametrize("page", [GUIDE_1, GUIDE_2, FIRST_VERSIONS])
def test_every_statement_is_on_its_page(page: str) -> None:
    whole = words(source(page))
    assert [statement for statement in STATEMENTS[page] if words(statement) not in whole] == []


# What num_workers does.


@proves(GUIDE_1, "With num_workers=0, the default, the training process fetches each batch itself, between two steps.")
@proves(
    GUIDE_2,
    "Your main Python script does all the work. It asks the `Dataset` for sprite 0, then sprite 1, then sprite 2… "
    "collects them, packs the batch, and *then* hands it to the model.",
)
def test_alone() -> None:
    before, dataset = children(), Fetches(12)
    for number, batch in enumerate(loader(dataset, 0, batch_size=4, collate_fn=list)):
        assert batch == [*range(4 * number, 4 * number + 4)]
        assert dataset.order == [*range(4 * number + 4)]
    assert next(iter(DataLoader(Makers(), collate_fn=with_collator))) == ([os.getpid()], os.getpid())
    assert children() == before


@proves(GUIDE_1, "`num_workers` is the number of processes that load data beside the one that trains.")
@proves(GUIDE_1, "Workers are started at every `for batch in loader`, not when the loader is made.")
@proves(GUIDE_1, "with `persistent_workers=True` they stay")
@proves(
    GUIDE_2,
    "The helpers are summoned at every `for batch in loader`, not when the `DataLoader` is made. At the end of that "
    "loop they are sent home, unless you ask for `persistent_workers=True`.",
)
@proves(
    FIRST_VERSIONS,
    "`persistent_workers` nothing within one epoch, except to move the end of the workers out of the timer.",
)
@pytest.mark.parametrize(("num_workers", "stay"), [(1, False), (3, False), (2, True)])
def test_workers_begin_with_the_loop(num_workers: int, stay: bool) -> None:
    before = children()
    made = loader(Makers(), num_workers, persistent_workers=stay)
    assert children() == before
    first, second = ({int(maker) for maker in made} for _ in range(2))
    assert len(first) == len(second) == num_workers and os.getpid() not in first
    assert children() - before == (second if stay else set())
    assert first == second if stay else not first & second


@no_affinity
@proves(
    GUIDE_1,
    'On a machine with fewer than four cores torch also warns that it "will create 4 worker processes".',
)
@pytest.mark.parametrize(("cores", "warned"), [(3, True), (4, False)])
def test_too_few_cores_warning(cores: int, warned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    with warnings.catch_warnings(record=True) as messages:
        warnings.simplefilter("always")
        loader(Makers(), 4)
    assert any("will create 4 worker processes" in str(message.message) for message in messages) == warned


# Items.


@proves(GUIDE_1, "The item stays `uint8`: a quarter of the bytes that a `float32` would send")
def test_uint8(tmp_path: Path) -> None:
    Image.new("RGB", (300, 200)).save(tmp_path / "photo.jpg")
    item = Photos(tmp_path)[0]
    assert item.dtype == torch.uint8
    assert 4 * item.nbytes == item.float().nbytes


@proves(GUIDE_1, "it returns PIL images, and `DataLoader` cannot collate those")
def test_pil_images_do_not_collate() -> None:
    with pytest.raises(TypeError) as refused:
        default_collate([Image.new("RGB", (2, 2))] * 2)
    assert f"`TypeError: {refused.value}`" in source(GUIDE_1)


@proves(GUIDE_1, "A `DataLoader` over a `TensorDataset` fetches rows one by one and stacks them again.")
def test_rows_one_by_one() -> None:
    asked: list[Any] = []

    class Noting(TensorDataset):
        def __getitem__(self, index: Any) -> Any:
            asked.append(index)
            return super().__getitem__(index)

    rows = torch.arange(12).reshape(6, 2)
    (batch,) = next(iter(DataLoader(Noting(rows), batch_size=6)))
    assert asked == [0, 1, 2, 3, 4, 5]
    assert torch.equal(batch, rows) and batch.data_ptr() != rows.data_ptr()


@proves(GUIDE_1, "slice whole batches out of it. There is nothing to load.")
def test_slices() -> None:
    """Every row comes once, in a new order, with the target that belongs to it."""
    slices = [*when_not_to_use.batches(256)]
    assert [len(feature) for feature, _ in slices] == [256] * 78 + [32]
    place = {tuple(row): number for number, row in enumerate(when_not_to_use.features.tolist())}
    order = [place[tuple(row)] for feature, _ in slices for row in feature.tolist()]
    assert sorted(order) == [*range(20_000)] != order
    assert torch.equal(torch.cat([target for _, target in slices]), when_not_to_use.targets[order])


# Cores.


@proves(
    GUIDE_1,
    'With 1 GPU and 2 cores, "four per GPU" says 4 and "half of the cores" says 1. With 8 GPUs and 128 cores they say '
    "32 and 64. Set in each of 8 ranks, these mean 256 and 512 processes.",
)
@pytest.mark.parametrize(("gpus", "cores", "per_gpu", "half"), [(1, 2, 4, 1), (8, 128, 256 // 8, 512 // 8)])
@pytest.mark.parametrize(("system", "by_platform"), [("Windows", 0), ("Darwin", 4)])
def test_what_the_rules_of_thumb_print(
    gpus: int, cores: int, per_gpu: int, half: int, system: str, by_platform: int, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    monkeypatch.setattr(multiprocessing, "cpu_count", lambda: cores)
    monkeypatch.setattr(platform, "system", lambda: system)
    runpy.run_module("snippets.pages.optimization_guide.rules_of_thumb")
    assert capsys.readouterr().out == f"4 per GPU: {per_gpu}\nhalf of the cores: {half}\nby platform: {by_platform}\n"


@no_affinity
@proves(GUIDE_1, "counts the cores of the node. It sees neither the CPU affinity of the process nor the quota")
@proves(
    GUIDE_2,
    "Count the ones that you may use: `len(os.sched_getaffinity(0))` on Linux, less if a container's quota says so. "
    "`os.cpu_count()` counts the whole machine",
)
def test_cpu_count_ignores_affinity() -> None:
    assert hasattr(os, "sched_getaffinity") and hasattr(os, "sched_setaffinity")
    before = os.sched_getaffinity(0)
    every = multiprocessing.cpu_count()
    os.sched_setaffinity(0, {min(before)})
    try:
        assert (len(os.sched_getaffinity(0)), os.cpu_count(), multiprocessing.cpu_count()) == (1, every, every)
        assert common_guidelines.usable_cores() <= 1
    finally:
        os.sched_setaffinity(0, before)


@proves(GUIDE_1, "`num_workers = 4-8` is not a range but a subtraction")
def test_subtraction() -> None:
    with pytest.raises(ValueError) as refused:
        DataLoader(Makers(), num_workers=4 - 8)
    assert "`ValueError: num_workers option should be non-negative`" in source(GUIDE_1)
    assert str(refused.value).startswith("num_workers option should be non-negative")


# How workers start.


@proves(GUIDE_1, "it is needed on Windows and macOS, and on Linux from Python 3.14.")
@proves(GUIDE_2, "Linux forks up to Python 3.13 and uses a fork server from 3.14; macOS and Windows spawn.")
def test_start_method(tmp_path: Path) -> None:
    ask = "import multiprocessing; print(multiprocessing.get_start_method())"
    outcome = run("-c", ask, cwd=tmp_path, START_METHOD="")  # whatever these tests run under
    forks = sys.platform == "linux" and sys.version_info < (3, 14)
    expected = "fork" if forks else "forkserver" if sys.platform == "linux" else "spawn"
    assert outcome.stdout.strip() == expected


@proves(
    GUIDE_1,
    'without a guard the worker would start workers of its own, and Python stops it with "An attempt has been made to '
    'start a new process before the current process has finished its bootstrapping phase".',
)
def test_without_a_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a process that is still importing what it needs, as this one says of itself. That such a script ends is a
    claim.
    """
    monkeypatch.setattr(multiprocessing.current_process(), "_inheriting", True, raising=False)
    with pytest.raises(RuntimeError) as stopped:
        multiprocessing.get_context("spawn").Process().start()
    message = " ".join(str(stopped.value).split()).partition(" phase")[0]
    assert f'"{message} phase"' in source(GUIDE_1)


IMPORTED_AGAIN = r"""
import multiprocessing

print(f"imported as {__name__}\n", end="", flush=True)
if __name__ == "__main__":
    workers = [multiprocessing.get_context("spawn").Process(target=print) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
"""


@proves(GUIDE_1, "whatever stands outside the guard runs once more in each worker")
@proves(GUIDE_2, "Wherever helpers are not forked, they import your script again")
def test_imported_again(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(IMPORTED_AGAIN)
    outcome = run("train.py", cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    assert [outcome.stdout.count(f"imported as {name}") for name in ("__main__", "__mp_main__")] == [1, 2]


# Pinning.


@pytest.mark.gpu
@pytest.mark.skipif(not ACCELERATOR, reason="this machine has no accelerator to pin memory for")
@proves(GUIDE_1, "In exchange each batch is copied to pinned memory beforehand")
def test_batches_are_pinned_with_an_accelerator() -> None:
    dataset = TensorDataset(torch.zeros(4, 2))
    assert all(batch.is_pinned() for (batch,) in loader(dataset, 2, pin_memory=True))


@proves(GUIDE_1, "in torch 2.13")
def test_the_page_is_about_the_torch_that_is_installed() -> None:
    assert torch.__version__.startswith("2.13.")
