"""What another decoder saves where an array is wanted."""

from snippets.experiments.decoders.arms import ARRAY, SIMPLEJPEG
from snippets.lab.judging.claim import Claim, at_least, ratio

CLAIMS = (
    Claim(
        "simplejpeg-gives-arrays-for-less",
        ratio("CPU time of a photo as an array by Pillow over that by simplejpeg, full scale", ARRAY, SIMPLEJPEG),
        at_least(1.15),
        because="Both call libjpeg-turbo; Pillow copies the pixels into an image of its own and out of it again.",
    ),
)
