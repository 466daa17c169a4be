"""Every script runs under a method that pickles, some also spawned, and leaves nobody behind. Under the system's own
method each build runs it, or, of the guides' blocks, tests/docs/test_blocks.py.

What it does not prove: that it runs on Windows or macOS, only that it runs under a method that does what theirs does.
"""

import multiprocessing
import re
from pathlib import Path

import pytest

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.paths import PAGES

from ..docs.advice import nothing
from ..docs.guide_scripts import WITH_WORKERS, WITHOUT_WORKERS
from ..docs.pages import FOLDERS, snippet_files
from ..docs.processes import Outcome, run_in_fork
from ..docs.shown import SHOWN

METHODS = multiprocessing.get_all_start_methods()
UNDER = Path(__file__).with_name("under.py")

PICKLING = "forkserver" if "forkserver" in METHODS else "spawn"
"""The script is imported again and the dataset pickled under both; a server that has imported torch takes less time."""
SPAWNED = (
    "helper_sprites/debugging_headaches.py",
    "helper_sprites/memory_goblins.py",
    "optimization_guide/windows_compatibility.py",
)
"""Run so as well, though each worker takes seconds to start: what they show is about that, or about what is pickled."""

COUNTS = {
    "optimization_guide/complete_example.py": {0, 2},
    "optimization_guide/heavy_preprocessing.py": {4},
    "optimization_guide/how_it_works.py": {0, 4},
    "optimization_guide/large_datasets.py": {4},
    "optimization_guide/pin_memory.py": {4},
    "optimization_guide/quick_benchmark.py": {0, 2},
    "optimization_guide/too_many_workers.py": {0, 2},
    "optimization_guide/windows_compatibility.py": {4},
    "helper_sprites/debugging_headaches.py": {0, 2},
    "helper_sprites/memory_goblins.py": {2},
    "helper_sprites/optional_num_workers.py": {0, 4},
    "helper_sprites/sprites_from_disk.py": {2},
}
"""Of workers that loaders really began with, as the pages say; too_many_workers.py goes on as far as it pays."""

SHORTER = {
    "optimization_guide/quick_benchmark.py": ("counts=(0, 2, 4, 8, 16), rounds=3", "counts=(0, 2), rounds=1"),
    "optimization_guide/complete_example.py": ("size=320", "size=64"),
}
"""Whole, they would take minutes where workers import torch. Whole they run as blocks of their page, in tests/docs."""


def test_each_script_is_run() -> None:
    nothing(
        {*WITH_WORKERS, *WITHOUT_WORKERS} ^ (snippet_files("optimization_guide") | snippet_files("helper_sprites")),
        "say what each script prints in tests/docs/guide_scripts.py. Missing, or gone:",
    )


def test_each_script_that_starts_workers_is_run_with_them() -> None:
    for name in WITHOUT_WORKERS:
        assert "num_workers=" not in (PAGES / name).read_text().replace("num_workers={", ""), name


@pytest.mark.parametrize(
    ("name", "method"),
    [*((name, PICKLING) for name in WITH_WORKERS), *((name, "spawn") for name in SPAWNED if PICKLING != "spawn")],
)
def test_script_with_workers(python: Preloaded | None, name: str, method: str, workplace: Path) -> None:
    outcome = run_in_fork(python, UNDER, method, script(name, workplace), cwd=workplace, LOCAL_WORLD_SIZE="1")
    said = ran(outcome, WITH_WORKERS[name])
    assert said.groupdict().get("method", method) == method
    assert COUNTS[name] <= {int(line) for line in (workplace / "workers").read_text().split()}


GUIDES = ("optimization_guide", "helper_sprites")
OTHERS = sorted({*FOLDERS.values()} - {*GUIDES, "errors", "leave_dataloader"})
"""`errors` are about start methods, and name theirs; for the libraries beside DataLoader none is claimed to work."""

NOT_PICKLED = {
    "use_several_processes/train_ranks.py": "its processes are started by torchrun",
    "choose_num_workers/choose.py": "how far it races depends on the machine; test_choose.py runs it",
    "find_the_bottleneck/busy_neighbour.py": "a process that only computes is not there before it has imported torch",
}

OTHER_COUNTS = {
    "arguments/batched_fetch.py": [0, 0],
    "arguments/shuffle_in_blocks.py": [],
    "arguments/timeout.py": [1],
    "arguments/worker_init.py": [2, 2],
    "choose_num_workers/verify.py": [0, 1, 2, 3, 4, 8],
    "find_the_bottleneck/bursts.py": [4],
    "find_the_bottleneck/fed.py": [2],
    "find_the_bottleneck/headspace.py": [2],
    "find_the_bottleneck/slow_first_batch.py": [2, 2],
    "find_the_bottleneck/starved.py": [1],
    "find_the_bottleneck/straggler.py": [2],
    "get_right_results/epoch_plain.py": [2, 2, 2, 2, 2, 2],
    "get_right_results/epoch_shared.py": [2, 2, 2, 2, 2, 2],
    "get_right_results/handle_own.py": [0, 2],
    "get_right_results/handle_shared.py": [0, 2],
    "get_right_results/iterable_doubled.py": [0, 2],
    "get_right_results/iterable_shared.py": [0, 2],
    "get_right_results/random_from_seed.py": [4, 4],
    "get_right_results/random_held.py": [4, 4],
    "get_right_results/random_reseeded.py": [4, 4],
    "get_right_results/resume_by_order.py": [2, 2],
    "get_right_results/resume_by_skipping.py": [0, 0],
    "get_right_results/same_run_twice.py": [2, 2, 2, 2, 2, 1],
    "inside_the_loader/one_long_epoch.py": [2, 2, 2, 2],
    "inside_the_loader/one_slow_batch.py": [2, 2],
    "use_several_processes/shards.py": [0, 2, 2, 2, 2, 2, 2],
    "use_several_processes/uneven_shards.py": [],
    "what_a_worker_costs/few_large_tensors.py": [1, 1, 1],
    "what_a_worker_costs/preloaded_forkserver.py": [2, 2],
    "what_a_worker_costs/shared_memory.py": [1, 2, 4, 2],
    "what_a_worker_costs/threads.py": [0, 1],
}
"""Of workers that loaders began with, in this order: what is right without workers, too, would hide their loss."""


def test_each_other_script_is_run() -> None:
    nothing(
        {*OTHER_COUNTS, *NOT_PICKLED} ^ {file for folder in OTHERS for file in snippet_files(folder)},
        "say with how many workers each script loads in tests/snippets/test_start_methods.py, OTHER_COUNTS, "
        "or why it is not run, NOT_PICKLED. Missing, or gone:",
    )


@pytest.mark.parametrize("name", OTHER_COUNTS)
def test_other_script_under_a_method_that_pickles(python: Preloaded | None, name: str, workplace: Path) -> None:
    there = {path.name for path in workplace.iterdir()}
    outcome = run_in_fork(python, UNDER, PICKLING, PAGES / name, cwd=workplace, LOCAL_WORLD_SIZE="1")
    ran(outcome, SHOWN.get(name.removesuffix(".py"), "") + r"\n?")
    assert {path.name for path in workplace.iterdir()} <= {*there, "workers"}, "the script leaves files behind"
    began = workplace / "workers"
    assert (began.read_text().split() if began.exists() else []) == [str(count) for count in OTHER_COUNTS[name]]


@pytest.mark.parametrize("ranks", [2, 1000])
def test_ranks_share_the_cores(python: Preloaded | None, ranks: int, workplace: Path) -> None:
    guidelines = PAGES / "optimization_guide" / "common_guidelines.py"
    outcome = run_in_fork(python, guidelines, cwd=workplace, LOCAL_WORLD_SIZE=f"{ranks}")
    usable = re.search(r"of which ([\d.]+) may be used here", outcome.stdout)
    assert usable
    start = max(1, int(float(usable[1])) // ranks)
    assert outcome.stdout.endswith(f"\n{start} cores for each of {ranks} ranks, the training loop included\n")


def script(name: str, workplace: Path) -> Path:
    """The script itself; where its full length would take minutes, a shorter copy."""
    original = PAGES / name
    if name not in SHORTER:
        return original
    long, short = SHORTER[name]
    code = original.read_text(encoding="utf-8")
    assert code.count(long) == 1
    copy = workplace / original.name
    copy.write_text(code.replace(long, short), encoding="utf-8")
    return copy


def ran(outcome: Outcome, expected: str) -> re.Match[str]:
    """What it printed, if it ran as it should."""
    assert outcome.code == 0, outcome.stderr
    assert "Traceback" not in outcome.errors, outcome.stderr
    assert not outcome.left, "processes outlived the script"
    said = re.fullmatch(expected, outcome.stdout)
    assert said, outcome.stdout
    return said
