"""What each step of the stairs saves."""

from snippets.experiments.cheaper_items.arms import AS_WRITTEN, BYTES, CROPPED, MAPPED, SMALLER, STORED
from snippets.lab.judging.claim import Claim, at_least, ratio

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
        "mapped-photos-need-no-decoding",
        ratio("CPU time of a photo stored smaller over that of one mapped", STORED, MAPPED),
        at_least(1.5),
        because="Nothing is decoded: what is left is the crop.",
    ),
    Claim(
        "all-steps-together",
        ratio("CPU time of a photo as written over that of one mapped", AS_WRITTEN, MAPPED),
        at_least(5.0),
        because="The product of the steps.",
    ),
)
