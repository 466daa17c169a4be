"""What it saves to prepare once, to batch by length, and to ask for many rows at a time."""

from snippets.experiments.kinds_of_data.arms import (
    BY_LENGTH,
    LISTS,
    MAPPED,
    ROWS,
    SHUFFLED,
    SOUGHT,
    TOKENISED,
    WHOLE,
)
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio, value
from snippets.lab.numbers import percent

CLAIMS = (
    Claim(
        "tokenised-once-is-only-read",
        ratio("CPU time of a text tokenised at each fetch over that of one from a map of tokens", TOKENISED, MAPPED),
        at_least(4.0),
        because="The small tokenizer finds each word anew; the map has the numbers.",
    ),
    Claim(
        "random-batches-are-padded",
        value("the share of padding in batches of texts in random order", SHUFFLED, "padding"),
        at_least(0.4),
        because="Each batch is as long as its longest text, and these texts are more often short than long.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "batches-by-length-are-hardly-padded",
        value("the share of padding in batches of texts of like length", BY_LENGTH, "padding"),
        at_most(0.1),
        because="The texts of a batch are neighbours among 1,024 that were sorted by length.",
        say=percent,
        needs_cores=0,
    ),
    Claim(
        "padding-is-computed-too",
        ratio("CPU time to batch and embed a text in random order over that by length", SHUFFLED, BY_LENGTH),
        at_least(1.3),
        because="Each place of a batch is looked up, whether a word or padding stands there.",
    ),
    Claim(
        "a-list-of-rows-costs-less",
        ratio("CPU time of a row fetched by itself over that of one fetched with its batch", ROWS, LISTS),
        at_least(3.0),
        because="One call of the dataset and no collate for 256 rows.",
    ),
    Claim(
        "seeking-reads-only-the-crop",
        ratio("CPU time of a crop from the whole sound over that of one that is sought", WHOLE, SOUGHT),
        at_least(5.0),
        because="A sixtieth of the sound is read and converted.",
    ),
)
