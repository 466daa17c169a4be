"""What a clip costs depends on the frames that are decoded and not used; threads of the decoder add no cores."""

from snippets.experiments.video.arms import FAR, NEAR, ONE_THREAD, OWN_THREADS, WHOLE
from snippets.lab.judging.claim import Claim, at_least, ratio

CLAIMS = (
    Claim(
        "seeking-decodes-fewer-frames",
        ratio("CPU time of a clip cut out of the whole decoded video over that of one that is sought", WHOLE, FAR),
        at_least(3.0),
        because="The whole video has 750 frames; about 125 lie on average between a key frame and the clip.",
    ),
    Claim(
        "near-key-frames-decode-fewer-still",
        ratio("CPU time of a clip with a key frame every 10 s over that with one every half second", FAR, NEAR),
        at_least(1.5),
        because="About 125 frames lie between a key frame and the clip on average, or 6.",
    ),
    Claim(
        "decoder-threads-do-not-help-workers",
        ratio("time per clip with decoders that have threads of their own over that with one", OWN_THREADS, ONE_THREAD),
        at_least(0.8),
        because="The workers are as many as the cores, so that a further thread has no core to itself.",
        needs_cores=2,
        below_cores=9,
    ),
)
