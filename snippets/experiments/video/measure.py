"""Clips out of a video: cut out of all its frames or sought, and by workers whose decoders have more threads or one."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch.utils.data import DataLoader, Dataset

from snippets.experiments.cpu_time import cpu_per_item
from snippets.experiments.video.arms import FAR, NEAR, ONE_THREAD, OWN_THREADS, WHOLE
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.timing import time_loader
from snippets.lab.machine.machine import this_machine

SNIPPET = "snippets.pages.load_text_tables_audio_video.decode_clips"
"""Imported where it is needed, for PyAV may be missing."""
SECONDS = 30
"""Of the video, in which each has 25 frames."""
RARE, OFTEN = 250, 12
"""Frames from one key frame to the next."""
MOMENTS = [0.5 + 3.75 * number for number in range(8)]
"""In seconds, at which clips begin: all over a video, and all over the 10 s between two key frames."""
AT_LEAST = 0.05
"""CPU-seconds of each run of an arm, for a clock that ticks every 16 ms."""
WORKERS = max(2, min(8, this_machine().affinity))
WINDOW = 8 * WORKERS
"""Clips that are timed."""


def snippet() -> Any:
    return importlib.import_module(SNIPPET)


def written(folder: str, key_frame_every: int) -> str:
    """The path of the video, which is there from now on, and in the page cache."""
    path = Path(folder, f"{key_frame_every}.mp4")
    if not path.exists():
        snippet().write(str(path), SECONDS, key_frame_every)
    return str(path)


def whole(path: str, second: float) -> torch.Tensor:
    """The clip of the snippet, out of all frames."""
    with snippet().av.open(path) as file:
        file.streams.video[0].codec_context.thread_count = 1
        frames = [*file.decode(video=0)]
    return snippet().pixels([frame for frame in frames if frame.time >= second][:16])


def sought(path: str, second: float) -> torch.Tensor:
    return snippet().clip(path, second)


def per_clip(decode: Callable[[str, float], torch.Tensor], folder: str, key_frame_every: int, most: int) -> Sample:
    """In CPU-seconds, over so many moments at most."""
    path, moments = written(folder, key_frame_every), MOMENTS[:most]
    return Sample({"per_clip": cpu_per_item(len(moments), lambda: [decode(path, each) for each in moments], AT_LEAST)})


class Clips(Dataset):
    """At MOMENTS in turn, so that each loader makes the same ones."""

    def __init__(self, path: str, threads: int) -> None:
        self.path, self.threads = path, threads

    def __len__(self) -> int:
        return WINDOW + 5 * WORKERS

    def __getitem__(self, index: int) -> torch.Tensor:
        return snippet().clip(self.path, MOMENTS[index % len(MOMENTS)], self.threads)


def by_workers(folder: str, threads: int) -> Sample:
    """In seconds, from clip to clip. `threads`: of each decoder; 0 leaves their number to it."""
    loader = DataLoader(Clips(written(folder, OFTEN), threads), 1, num_workers=WORKERS)
    return Sample({"per_clip": 1 / time_loader(loader, WINDOW).values["throughput"]})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield {
            WHOLE: partial(per_clip, whole, folder, RARE, 1),
            FAR: partial(per_clip, sought, folder, RARE, len(MOMENTS)),
            NEAR: partial(per_clip, sought, folder, OFTEN, len(MOMENTS)),
            OWN_THREADS: partial(by_workers, folder, 0),
            ONE_THREAD: partial(by_workers, folder, 1),
        }


def unavailable() -> str | None:
    return None if find_spec("av") else "PyAV is not installed; make others installs it"


EXPERIMENT = Experiment(
    question="What does a clip of a video cost that is cut out of all frames, or sought, and by how many threads?",
    unit="s",
    better="lower",
    headline="per_clip",
    pitfalls=(
        "Clips that all begin at a key frame; a video that is read from a disk, where the whole file is also more to "
        "read; frames so small that converting them takes most of the time; workers fewer than the cores, where a "
        "decoder's threads have cores to run on."
    ),
    arms=arms,
    again=NEAR,
    rounds=3,
    warmup=0,
    params={"seconds": SECONDS, "rare": RARE, "often": OFTEN, "workers": WORKERS, "window": WINDOW},
    unavailable=unavailable,
    any_start=True,
)
