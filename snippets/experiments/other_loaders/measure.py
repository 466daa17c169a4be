"""The same photos through DataLoader and through the other libraries that are installed, with as many workers."""

import importlib
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import torch

from snippets.experiments.other_loaders.arms import OTHERS, OURS
from snippets.images.sets import PHOTOS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.leave_dataloader import with_dataloader

WORKERS, FILES = 2, 256


def one_pass(snippet: ModuleType, paths: list[Path]) -> Sample:
    """Values: `first_batch`, seconds until it is there, packing of the photos included, and `throughput` from then on
    to the last one, in photos/s.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        began = time.perf_counter()
        batches = iter(snippet.batches(paths, WORKERS))
        next(batches)
        first = time.perf_counter()
        seen = sum(len(batch) for batch in batches)
        done = time.perf_counter()
    finally:
        torch.set_num_threads(threads)
    return Sample({"first_batch": first - began, "throughput": seen / (done - first)})


def installed() -> dict[str, str]:
    return {package: title for package, title in OTHERS.items() if find_spec(package)}


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    paths = sorted(PHOTOS.folder.rglob("*.jpg"))[:FILES]
    snippets = {OURS: with_dataloader}
    for package, title in installed().items():
        snippets[title] = importlib.import_module(f"snippets.pages.leave_dataloader.with_{package}")  # pyrefly: ignore[unsupported-operation]
    one_pass(with_dataloader, paths)  # from now on the pages are warm
    yield {title: partial(one_pass, snippet, paths) for title, snippet in snippets.items()}


def unavailable() -> str | None:
    return None if installed() else "none of the other libraries is installed; make others installs them"


EXPERIMENT = Experiment(
    question="What do other libraries load with as many workers or threads, where the work per photo is the same?",
    unit="photos/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Counting the time to pack photos into another format as loading; another decoder, which does other work; "
        "threads that decode beside a step that needs Python: here there is no step."
    ),
    arms=arms,
    again=OURS,
    rounds=3,
    warmup=0,
    params={"workers": WORKERS, "photos": FILES},
    unavailable=unavailable,
    any_start=True,
)
