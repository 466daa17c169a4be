"""One photo, decoded by two decoders, at full scale and at a smaller one."""

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from snippets.experiments.cpu_time import cpu_per_item
from snippets.experiments.decoders.arms import ARRAY, IMAGE, SIMPLEJPEG, SMALL_ARRAY, SMALL_IMAGE, SMALL_SIMPLEJPEG
from snippets.images.sets import PHOTOS as SET
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.make_items_cheaper.draft import decode

SNIPPET = "snippets.pages.make_items_cheaper.another_decoder"
"""Imported where it is needed, for a machine that was lent may lack its decoder."""
PHOTOS = 16
WHOLE, SHORT_SIDE = 10_000, 187
"""Pixels that are asked for: more than a photo has, which gives all of them; and those of the smallest crop."""
SECONDS = 0.06
"""Of CPU time, at least, for each run of an arm: whole rounds of the photos, and a clock that ticks every 16 ms."""


def array(path: Path, short_side: int) -> np.ndarray:
    """As `numpy.asarray` copies it out of Pillow's image."""
    return np.asarray(decode(path, short_side))


def decoding(one: Callable[[Path, int], Any], files: list[Path], short_side: int) -> Sample:
    load = partial(every, one, files, short_side)
    return Sample({"per_photo": cpu_per_item(len(files), load, SECONDS)})


def every(one: Callable[[Path, int], Any], files: list[Path], short_side: int) -> None:
    for path in files:
        one(path, short_side)


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    photos = sorted(SET.folder.rglob("*.jpg"))
    files = [*islice(photos, 0, None, max(1, len(photos) // PHOTOS))][:PHOTOS]
    simplejpeg = importlib.import_module(SNIPPET).decode
    yield {
        IMAGE: partial(decoding, decode, files, WHOLE),
        ARRAY: partial(decoding, array, files, WHOLE),
        SIMPLEJPEG: partial(decoding, simplejpeg, files, WHOLE),
        SMALL_IMAGE: partial(decoding, decode, files, SHORT_SIDE),
        SMALL_ARRAY: partial(decoding, array, files, SHORT_SIDE),
        SMALL_SIMPLEJPEG: partial(decoding, simplejpeg, files, SHORT_SIDE),
    }


def unavailable() -> str | None:
    return None if find_spec("simplejpeg") else "simplejpeg is not installed"


EXPERIMENT = Experiment(
    question="What does a photo cost that Pillow decodes, or simplejpeg, to an image or an array?",
    unit="s",
    better="lower",
    headline="per_photo",
    pitfalls=(
        "Counting time instead of CPU time, which a busy neighbour lengthens; arrays where an image is wanted, which "
        "simplejpeg would have to be given to Pillow for; larger photos, of which the copy takes another share."
    ),
    arms=arms,
    again=SIMPLEJPEG,
    warmup=0,
    params={"photos": PHOTOS, "short_side": SHORT_SIDE},
    unavailable=unavailable,
    any_start=True,
)
