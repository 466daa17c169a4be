"""The optimization guide's statements, proven by counting. Each docstring begins with words of the page.

What it does not prove: how long anything takes. That is measured by every build, and shown with its spread.
"""

from __future__ import annotations

import inspect
import multiprocessing
import os
import platform
import re
import runpy
import sys
import warnings
from collections import Counter
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from PIL import Image
from torch.utils.data import DataLoader, TensorDataset, default_collate

from snippets.experiments.counting_datasets import Fetches, Makers, with_collator
from snippets.experiments.first_benchmark import seconds_per_count
from snippets.pages.optimization_guide import common_guidelines, quick_benchmark, when_not_to_use
from snippets.pages.optimization_guide.heavy_preprocessing import Photos

from .counting import Pickled, children, loader
from .pages import GUIDE_1, source
from .processes import run
from .seeds import SEED_BLOCKS
from .sentences import not_on_the_page

pytestmark = pytest.mark.filterwarnings("ignore:This DataLoader will create")

ACCELERATOR = torch.accelerator.is_available()
NO_AFFINITY = "this system has no CPU affinity to set"


def test_every_docstring_is_on_the_page() -> None:
    tests = {name: made for name, made in globals().items() if name != "test_every_docstring_is_on_the_page"}
    assert not_on_the_page(GUIDE_1, tests) == []


# What num_workers does.


@pytest.mark.parametrize("num_workers", [1, 3])
def test_number_of_processes(num_workers: int) -> None:
    """`num_workers` is the number of processes that load data beside the one that trains."""
    before = children()
    batches = iter(loader(Makers(), num_workers))
    started = children() - before
    assert len(started) == num_workers
    assert {int(makers) for makers in batches} == started


def test_no_workers() -> None:
    """With `num_workers=0`, the default, the training process fetches each batch itself"""
    before = children()
    made = [*DataLoader(Makers(), batch_size=4, collate_fn=with_collator)]
    assert made == [([os.getpid()] * 4, os.getpid())] * 4
    assert children() == before


def test_between_two_steps() -> None:
    """the training process fetches each batch itself, between two steps."""
    dataset = Fetches(12)
    for step, batch in enumerate(loader(dataset, 0, batch_size=4), 1):
        assert (len(batch), dataset.fetched) == (4, 4 * step)


@pytest.mark.parametrize(("num_workers", "settings", "ahead"), [(1, {}, 2), (4, {}, 8), (2, {"prefetch_factor": 3}, 6)])
def test_prefetch(num_workers: int, settings: dict[str, int], ahead: int) -> None:
    """They load up to `prefetch_factor × num_workers` batches ahead: 2 each by default, so 8 with four workers."""
    dataset = Fetches(400)
    batches = iter(loader(dataset, num_workers, batch_size=10, **settings))
    assert dataset.settled(10 * ahead) == 10 * ahead, "before the first batch was asked for"
    for taken in (1, 2):
        next(batches)
        assert dataset.settled(10 * (taken + ahead)) == 10 * (taken + ahead), f"after {taken} batches were taken"


# How it works.


def test_one_worker_makes_a_whole_batch() -> None:
    """One worker makes one whole batch, collating included."""
    made = [*loader(Makers(), 2, batch_size=4, collate_fn=with_collator)]
    assert [(len(set(makers)), {*makers} == {collator}) for makers, collator in made] == [(1, True)] * 4
    assert os.getpid() not in {collator for _, collator in made}


def test_in_turn() -> None:
    """Batches are handed out in turn: worker 0, worker 1, and so on."""
    made = [collator for _, collator in loader(Makers(), 3, batch_size=2, collate_fn=with_collator)]
    assert len(set(made[:3])) == 3
    assert made == [made[number % 3] for number in range(8)]


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason=NO_AFFINITY)
@pytest.mark.parametrize(("cores", "told"), [(3, 1), (4, 0)])
def test_too_few_cores_warning(cores: int, told: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine with fewer than four cores torch also warns that it "will create 4 worker processes";
    it looks at the CPU affinity of the process
    """
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(cores)))
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        loader(Makers(), 4)
    assert sum("will create 4 worker processes" in str(warning.message) for warning in warned) == told


# When you need multiple workers.


def test_uint8(tmp_path: Path) -> None:
    """The item stays `uint8`: a quarter of the bytes that a `float32` would send"""
    Image.new("RGB", (300, 200)).save(tmp_path / "photo.jpg")
    item = Photos(tmp_path)[0]
    assert item.dtype == torch.uint8
    assert 4 * item.nbytes == item.float().nbytes


def test_pil_images_do_not_collate() -> None:
    """returns PIL images, and `DataLoader` cannot collate those: `TypeError: default_collate: batch must
    contain tensors, numpy arrays, numbers, dicts or lists; found <class 'PIL.Image.Image'>`.
    """
    with pytest.raises(TypeError) as refused:
        default_collate([Image.new("RGB", (2, 2))] * 2)
    assert f"`TypeError: {refused.value}`" in source(GUIDE_1)


# How to choose num_workers.


def test_what_the_corrected_benchmark_counts() -> None:
    """64 is a multiple of every count above

    And several bursts of the largest.
    """
    window = inspect.signature(quick_benchmark.samples_per_second).parameters["window"].default
    counts = inspect.signature(quick_benchmark.compare).parameters["counts"].default
    assert window == 64
    assert [window % count for count in counts if count] == [0] * 4
    assert window / max(counts) > 1


def test_the_corrected_benchmark_begins_after_the_head_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """For each count it skips the first three rounds of batches and times 64 more."""
    dataset, seen = Fetches(64), []
    monkeypatch.setattr(
        quick_benchmark, "time", SimpleNamespace(perf_counter=lambda: seen.append(dataset.fetched) or len(seen))
    )
    assert quick_benchmark.samples_per_second(dataset, 0, batch_size=4, window=8) == 8 * 4
    assert seen == [4, 4 + 8 * 4]
    seen.clear()
    taken = Counter()
    monkeypatch.setattr(quick_benchmark, "DataLoader", lambda *_, **__: (taken.update(n=1) for _ in range(10**6)))
    monkeypatch.setattr(
        quick_benchmark, "time", SimpleNamespace(perf_counter=lambda: seen.append(taken["n"]) or len(seen))
    )
    quick_benchmark.samples_per_second(dataset, 4)
    assert seen == [3 * 4 + 1, 3 * 4 + 1 + 64]


def test_the_corrected_benchmark_repeats(monkeypatch: pytest.MonkeyPatch) -> None:
    """It does so three times, each time with the counts in random order, and gives the median."""
    asked: list[int] = []

    def rate(_: Any, count: int) -> float:
        asked.append(count)
        return 100 * count + {1: 9, 2: 1, 3: 4}[asked.count(count)]

    monkeypatch.setattr(quick_benchmark, "samples_per_second", rate)
    monkeypatch.setattr(quick_benchmark.random, "sample", lambda counts, size: [*counts][::-1])
    assert quick_benchmark.compare(None) == {0: 4, 2: 204, 4: 404, 8: 804, 16: 1604}
    assert asked == [16, 8, 4, 2, 0] * 3


def test_the_first_benchmark_fetched_one_batch_more() -> None:
    """It fetched {value} batches for 100"""
    dataset = Fetches(32 * 200)
    seconds_per_count(dataset, (0,))
    assert dataset.fetched == 32 * 101


def test_the_first_benchmark_as_it_is_measured_is_the_one_that_was_written() -> None:
    """The first version's benchmark timed start-up and shutdown together with loading.

    The loop that is measured says what the block said, piece by piece.
    """
    measured, written = (
        re.sub(r"\s+", "", code) for code in (inspect.getsource(seconds_per_count), SEED_BLOCKS["quick_benchmark"])
    )
    loader = "train_loader=DataLoader(dataset,batch_size=32,num_workers=num_workers)"
    for piece in (loader, "start=time.time()", "ifi==100:", "break", "end=time.time()", "end-start"):
        assert piece in written and piece in measured


# Common guidelines.


def test_rules_of_thumb() -> None:
    """with 1 GPU and 2 cores, "four per GPU" says 4 and "half of the cores" says 1; with 8 GPUs and 128 cores
    they say 32 and 64, and set in each of 8 ranks they mean 256 and 512 processes.
    """
    answers = {(gpus, cores): (4 * gpus, cores // 2) for gpus, cores in ((1, 2), (8, 128))}
    assert answers == {(1, 2): (4, 1), (8, 128): (32, 64)}
    assert [8 * answer for answer in answers[8, 128]] == [256, 512]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason=NO_AFFINITY)
def test_cpu_count_ignores_affinity(tmp_path: Path) -> None:
    """counts the cores of the node. It sees neither the CPU affinity of the process nor the quota"""
    script = tmp_path / "pinned.py"
    script.write_text(
        dedent("""
        import multiprocessing, os
        from snippets.pages.optimization_guide.common_guidelines import usable_cores
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        print(multiprocessing.cpu_count(), usable_cores() <= 1)
        """)
    )
    counted, usable_is_one = run(script, cwd=tmp_path).stdout.split()[-2:]
    assert int(counted) == os.cpu_count()
    assert usable_is_one == "True"


@pytest.mark.parametrize(("quotas", "usable"), [((), 8), ((4, 1.5), 1.5), ((16,), 8)])
def test_usable_cores(quotas: tuple[float, ...], usable: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """count the cores that this process may really use"""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setattr(common_guidelines, "quotas", lambda: quotas)
    assert common_guidelines.usable_cores() == usable


# Potential issues and solutions.


def test_what_the_rules_of_thumb_print(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """These are the first version's, each with its catch

    The snippet, run on a machine with three GPUs and ten cores, under two systems.
    """
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    monkeypatch.setattr(multiprocessing, "cpu_count", lambda: 10)
    for system, by_platform in (("Windows", 0), ("Darwin", 4)):
        monkeypatch.setattr(platform, "system", lambda system=system: system)
        runpy.run_module("snippets.pages.optimization_guide.rules_of_thumb")
        assert capsys.readouterr().out == f"4 per GPU: 12\nhalf of the cores: 5\nby platform: {by_platform}\n"


def test_subtraction() -> None:
    """`num_workers = 4-8` is not a range but a subtraction: `ValueError: num_workers option should be
    non-negative`.
    """
    with pytest.raises(ValueError, match="num_workers option should be non-negative"):
        DataLoader(Makers(), num_workers=4 - 8)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system has no fork")
def test_fork_pickles_nothing() -> None:
    """Under fork, the default on Linux up to Python 3.13, workers share the dataset's pages"""
    dataset = Pickled()
    assert sum(int(item) for item in loader(dataset, 2, multiprocessing_context="fork")) == 4
    assert dataset.times == 0


def test_spawn_pickles_for_each_worker() -> None:
    """Under spawn (macOS, Windows) and forkserver (Linux from Python 3.14) the dataset is pickled for each
    worker

    A tensor in it moves to shared memory on the way.
    """
    dataset = Pickled()
    assert not dataset.data.is_shared()
    assert sum(int(item) for item in loader(dataset, 2, multiprocessing_context="spawn")) == 4
    assert dataset.times == 2
    assert dataset.data.is_shared()


UNGUARDED = """
import sys
from torch.utils.data import DataLoader

print("imported as", __name__, flush=True)
{guard}for item in DataLoader(range(4), num_workers=2, multiprocessing_context="spawn"):
    {indent}pass
"""


def test_without_a_guard(tmp_path: Path) -> None:
    """without a guard the worker would start workers of its own, and Python stops it with "An attempt has been
    made to start a new process before the current process has finished its bootstrapping phase".
    """
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED.format(guard="", indent=""))
    outcome = run(script, cwd=tmp_path)
    assert outcome.code != 0
    said = (
        "An attempt has been made to start a new process before the current process has finished its bootstrapping"
        " phase"
    )
    assert said in " ".join(outcome.stderr.split())
    assert f'"{said}"' in source(GUIDE_1)


def test_outside_the_guard(tmp_path: Path) -> None:
    """Whatever stands outside the guard runs once more in each worker"""
    script = tmp_path / "guarded.py"
    script.write_text(UNGUARDED.format(guard='if __name__ == "__main__":\n  ', indent="  "))
    outcome = run(script, cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    assert [outcome.stdout.count(f"imported as {name}") for name in ("__main__", "__mp_main__")] == [1, 2]


def test_default_start_method(tmp_path: Path) -> None:
    """It is needed on Windows and macOS, and on Linux from Python 3.14."""
    outcome = run("-c", "import multiprocessing; print(multiprocessing.get_start_method())", cwd=tmp_path)
    forks = sys.platform == "linux" and sys.version_info < (3, 14)
    expected = "fork" if forks else "forkserver" if sys.platform == "linux" else "spawn"
    assert outcome.stdout.strip() == expected


def test_workers_are_started_at_every_loop() -> None:
    """Workers are started at every `for batch in loader`, not when the loader is made."""
    before = children()
    made = loader(Makers(), 2)
    assert children() == before
    epochs = [{int(maker) for maker in made} for _ in range(3)]
    assert [len(makers) for makers in epochs] == [2, 2, 2]
    assert len(set.union(*epochs)) == 6
    assert children() == before


def test_workers_are_kept() -> None:
    """with `persistent_workers=True` they stay"""
    made = loader(Makers(), 2, persistent_workers=True)
    epochs = [{int(maker) for maker in made} for _ in range(3)]
    assert len(epochs[0]) == 2
    assert epochs == [epochs[0]] * 3
    assert epochs[0] <= children()


@pytest.mark.skipif(ACCELERATOR, reason="this machine has an accelerator, and there torch pins")
@pytest.mark.parametrize("num_workers", [0, 2])
def test_nothing_is_pinned_without_an_accelerator(num_workers: int) -> None:
    """Without an accelerator, `pin_memory=True` only warns in torch 2.13, and pins nothing."""
    dataset = TensorDataset(torch.zeros(4, 2))
    with pytest.warns(UserWarning, match="'pin_memory' argument is set as true but no accelerator is found"):
        batches = [batch for (batch,) in loader(dataset, num_workers, pin_memory=True)]
    assert len(batches) == 4
    assert not any(batch.is_pinned() for batch in batches)


@pytest.mark.gpu
@pytest.mark.skipif(not ACCELERATOR, reason="this machine has no accelerator to pin memory for")
def test_batches_are_pinned_with_an_accelerator() -> None:
    """In exchange each batch is copied to pinned memory beforehand"""
    dataset = TensorDataset(torch.zeros(4, 2))
    assert all(batch.is_pinned() for (batch,) in loader(dataset, 2, pin_memory=True))


def test_the_page_is_about_the_torch_that_is_installed() -> None:
    """in torch 2.13"""
    assert torch.__version__.startswith("2.13.")


# Complete example, and when not to use workers.


def test_three_settings_at_once() -> None:
    """The first version changed three settings at once and credited the workers."""
    slow, fast = SEED_BLOCKS["complete_example"].split("# Fast version")
    changed = [name for name in ("num_workers=4", "pin_memory=True", "persistent_workers=True") if name in fast]
    assert len(changed) == 3
    assert not any(name in slow for name in changed)


def test_rows_one_by_one() -> None:
    """A `DataLoader` over a `TensorDataset` fetches rows one by one and stacks them again."""
    asked: list[Any] = []

    class Noting(TensorDataset):
        def __getitem__(self, index: Any) -> Any:
            asked.append(index)
            return super().__getitem__(index)

    rows = torch.arange(12).reshape(6, 2)
    (batch,) = next(iter(DataLoader(Noting(rows), batch_size=6)))
    assert asked == [0, 1, 2, 3, 4, 5]
    assert torch.equal(batch, rows) and batch.data_ptr() != rows.data_ptr()


def test_slices() -> None:
    """slice whole batches out of it. There is nothing to load.

    Every row comes once, in a new order, with the target that belongs to it.
    """
    slices = [*when_not_to_use.batches(256)]
    assert [len(feature) for feature, _ in slices] == [256] * 78 + [32]
    place = {tuple(row): number for number, row in enumerate(when_not_to_use.features.tolist())}
    order = [place[tuple(row)] for feature, _ in slices for row in feature.tolist()]
    assert sorted(order) == [*range(20_000)] != order
    assert torch.equal(torch.cat([target for _, target in slices]), when_not_to_use.targets[order])
