"""What cold pages cost, and items too small to be worth a worker."""

from snippets.lab.claim import Claim, at_least, at_most, ratio, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "cold-is-cold",
        value("the share of the photos’ pages in memory before a cold run", "photos, cold, 0 workers", "cached"),
        at_most(0.05),
        because="A cold run that finds its pages in memory is a warm one.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "cold-sprites-are-slower",
        ratio(
            "sprites/s from cold pages over those from warm ones, 0 workers",
            "sprites, cold, 0 workers",
            "sprites, warm, 0 workers",
        ),
        at_most(0.9),
        because="A sprite is decoded in a fraction of the time that a disk takes to answer.",
        say=percent,
    ),
    Claim(
        "cold-photos-are-nearly-as-fast",
        ratio(
            "photos/s from cold pages over those from warm ones, 0 workers",
            "photos, cold, 0 workers",
            "photos, warm, 0 workers",
        ),
        at_least(0.4, beyond=1.3),
        because="A photo takes milliseconds to decode, and a disk that is not slow less than that to read.",
        say=percent,
    ),
    Claim(
        "sprites-are-not-worth-a-worker",
        ratio(
            "sprites/s from warm pages with 4 workers over those with 0",
            "sprites, warm, 4 workers",
            "sprites, warm, 0 workers",
        ),
        at_most(0.9),
        because="Workers are started for every epoch, and each batch crosses a process boundary.",
        needs_cores=2,
        below_cores=4,
    ),
)
