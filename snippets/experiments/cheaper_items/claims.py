"""What each step of the stairs saves."""

from snippets.experiments.cheaper_items.arms import (
    AS_WRITTEN,
    BYTES,
    CACHED,
    CROPPED,
    KEPT,
    MAPPED,
    NEW,
    PACKED,
    SHARED,
    SMALLER,
    STORED,
)
from snippets.lab.judging.claim import Claim, at_least, at_most, exactly, ratio, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "cropping-first-saves-pixels",
        ratio("CPU time of a photo as written over that of one that is cropped first", AS_WRITTEN, CROPPED),
        at_least(1.15),
        because="Changing and resizing what the crop throws away is work for nothing.",
    ),
    Claim(
        "two-lines-make-items-cheaper",
        ratio("CPU time of a photo as written over that of one cropped first and decoded smaller", AS_WRITTEN, SMALLER),
        at_least(1.4),
        because="At half the scale a decoder transforms a quarter of the pixels; it still reads every bit of the file.",
    ),
    Claim(
        "small-files-decode-faster",
        ratio("CPU time of a photo decoded smaller over that of one stored smaller", BYTES, STORED),
        at_least(1.5),
        because="A small file has fewer bits to decode as well.",
    ),
    Claim(
        "packing-leaves-the-decoding",
        ratio("CPU time of a photo in a file of its own over that of one in a packed file", STORED, PACKED),
        at_most(1.4),
        because="With its pages in the page cache, a file costs some system calls to open; decoding it costs more.",
    ),
    Claim(
        "mapped-photos-need-no-decoding",
        ratio("CPU time of a photo decoded from a packed file over that of one mapped", PACKED, MAPPED),
        at_least(1.5),
        because="Nothing is decoded: what is left is the crop.",
    ),
    Claim(
        "all-steps-together",
        ratio("CPU time of a photo as written over that of one mapped", AS_WRITTEN, MAPPED),
        at_least(5.0),
        because="The product of the steps.",
    ),
    Claim(
        "a-full-cache-leaves-the-crop",
        ratio("CPU time of a photo that is decoded over that of one from a full cache, no workers", BYTES, CACHED),
        at_least(2.5),
        because="Nothing is decoded: what is left is the crop.",
    ),
    Claim(
        "new-workers-have-empty-caches",
        value("share of the photos that new workers decode again in the second epoch", NEW, "decoded"),
        exactly(1),
        because="A cache in the dataset ends with its worker, and the next worker begins with the main process's.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "own-caches-decode-again",
        ratio("CPU time of a photo, second epoch: 2 kept workers with own caches over a shared one", KEPT, SHARED),
        at_least(1.5),
        because="By chance, half of the photos come to the worker that has not decoded them.",
    ),
    Claim(
        "a-shared-cache-decodes-once",
        value("share of the photos decoded again in the second epoch, shared cache, 2 workers", SHARED, "decoded"),
        exactly(0),
        because="What one worker has written, the other finds.",
        say=percent,
        needs_cores=0,
    ),
)
