"""What cold pages cost, and whether workers hide it. Of sprites that is shown and not claimed: a sprite costs about
what it takes to hand it over, so it depends on the size of the batch.
"""

from snippets.experiments.disk.arms import arm
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "cold-is-cold",
        value("the share of the photos’ pages in memory before a cold run", arm("photos", "cold", 0), "cached"),
        at_most(0.05),
        because="A cold run that finds its pages in memory is a warm one.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "cold-sprites-are-slower",
        ratio(
            "sprites/s from cold pages over those from warm ones, 0 workers",
            arm("sprites", "cold", 0),
            arm("sprites", "warm", 0),
        ),
        at_most(0.9),
        because="A sprite is decoded in a fraction of the time that a disk takes to answer.",
        say=percent,
    ),
    Claim(
        "photos-take-longer-to-decode-than-to-read",
        ratio(
            "photos/s from cold pages over those from warm ones, 0 workers",
            arm("photos", "cold", 0),
            arm("photos", "warm", 0),
        ),
        at_least(0.5, beyond=1.3),
        because="At half the speed, reading a photo would take as long as decoding it.",
        say=percent,
    ),
    Claim(
        "workers-load-cold-photos-faster",
        ratio(
            "photos/s from cold pages with 4 workers, once they run, over those with 0",
            arm("photos", "cold", 4),
            arm("photos", "cold", 0),
        ),
        at_least(1.2),
        because="One worker decodes while another one waits for the disk, and two cores decode two photos at a time.",
        needs_cores=2,
    ),
)
