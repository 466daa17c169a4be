"""What goes wrong with workers, and what does not: counted, the same on every machine."""

from snippets.experiments.counts import counted, exact
from snippets.experiments.right_results import arms
from snippets.lab.judging.claim import Claim, Statistic, at_least, value
from snippets.lab.numbers import number
from snippets.lab.results.results import Measured


def fewest_seeded(result: Measured) -> list[float]:
    """Workers with numbers of their own, in the library in which they are fewest."""
    each = [result.samples_of(arms.GENERATORS, library) for library in arms.LIBRARIES]
    return [min(round_) for round_ in zip(*each, strict=True)]


def lost_or_doubled(result: Measured) -> list[float]:
    """Items, in the combination of ranks and workers in which they are most."""
    pairs = zip(result.samples_of(arms.SHARDS, "missing"), result.samples_of(arms.SHARDS, "doubled"), strict=True)
    return [missing + doubled for missing, doubled in pairs]


CLAIMS = (
    exact(
        "workers-are-seeded",
        Statistic("of 4 workers, those with random numbers of their own, torch, random and numpy", fewest_seeded),
        4,
        "Each worker seeds all of them, from the base seed of its loader’s iterator and its own number.",
    ),
    counted(
        "a-held-generator-repeats",
        "different ones among the 8 pairs that 4 workers draw in two epochs from a generator in the dataset",
        arms.GENERATOR_HELD,
        "different",
        1,
        "Each worker has a copy of the generator, as it was when the worker was made.",
    ),
    counted(
        "a-workers-seed-does-not-repeat",
        "different ones among the 8 pairs that 4 workers draw in two epochs from a generator of their own seed",
        arms.GENERATOR_FROM_SEED,
        "different",
        8,
        "Seeds differ from worker to worker, and new workers have new ones in each epoch.",
    ),
    counted(
        "a-reseeded-transform-does-not-repeat",
        "different ones among the 8 pairs that 4 workers draw in two epochs from a generator that each has reseeded",
        arms.GENERATOR_RESEEDED,
        "different",
        8,
        "worker_init_fn runs in each worker, after the worker has a seed of its own.",
    ),
    counted(
        "kept-workers-keep-the-epoch",
        "different numbers of an epoch, of 3, that items of kept workers see in an attribute of the dataset",
        arms.EPOCH_ATTRIBUTE,
        "kept",
        1,
        "A worker has the copy of the dataset with which it was started.",
    ),
    counted(
        "a-shared-epoch-reaches-kept-workers",
        "different numbers of an epoch, of 3, that items of kept workers see in shared memory",
        arms.EPOCH_SHARED,
        "kept",
        3,
        "The main process writes where the workers read.",
    ),
    counted(
        "unsharded-doubles",
        "items that 2 workers give for 6 of an IterableDataset that is not sharded",
        arms.NOT_SHARDED,
        "given",
        12,
        "Each worker iterates over its copy of the dataset.",
    ),
    counted(
        "sharded-gives-each-once",
        "items that 2 workers give for 6 of an IterableDataset that is sharded",
        arms.SHARDED,
        "given",
        6,
        "Each worker gives every second one.",
    ),
    Claim(
        "a-shared-file-is-misread",
        value("records of 400 that 2 workers read wrongly from one open file", arms.FILE_SHARED, "wrong"),
        at_least(1),
        because="Forked processes share the position in a file that was open before.",
        say=number,
        needs_cores=0,
    ),
    counted(
        "an-own-file-is-read-well",
        "records of 400 that 2 workers read wrongly from a file that each has opened",
        arms.FILE_OWN,
        "wrong",
        0,
        "Each has a position of its own.",
    ),
    counted(
        "a-seed-repeats-a-run",
        "pairs of runs with the same seed and number of workers that are alike, of 1",
        arms.TWO_RUNS,
        "same",
        1,
        "Sampler and workers take their seeds from the loader’s generator.",
    ),
    counted(
        "other-workers-other-numbers",
        "pairs of runs with the same seed and another number of workers that are alike, of 1",
        arms.TWO_RUNS,
        "other_workers",
        0,
        "A batch is then made by another worker, with other random numbers.",
    ),
    counted(
        "in-order-keeps-order",
        "items that come before a smaller one, in order",
        arms.IN_ORDER,
        "early",
        0,
        "A batch that is early is put aside until it is its turn.",
    ),
    Claim(
        "out-of-order-does-not",
        value("items that come before a smaller one, out of order, with one item slow", arms.OUT_OF_ORDER, "early"),
        at_least(1),
        because="Those of the other worker do not wait for the slow one.",
        say=number,
        needs_cores=0,
    ),
    counted(
        "out-of-order-loses-none",
        "different items of 8 that are given out of order",
        arms.OUT_OF_ORDER,
        "different",
        8,
        "Only their order changes.",
    ),
    Claim(
        "skipping-sees-some-twice",
        value("items of 12 seen twice when an epoch goes on by skipping batches", arms.RESUMED_BY_SKIPPING, "twice"),
        at_least(1),
        because="The shuffled order is drawn anew, so what is skipped is not what was seen.",
        say=number,
        needs_cores=0,
    ),
    counted(
        "an-order-from-the-epoch-goes-on",
        "different items of 12 seen when an epoch goes on in the order that its number gives",
        arms.RESUMED_BY_ORDER,
        "seen",
        12,
        "The same seed gives the same order, and what was done is cut off.",
    ),
    exact(
        "shards-are-read-once",
        Statistic("items lost or doubled of 120, in one to three ranks with up to two workers", lost_or_doubled),
        0,
        "Each shard belongs to one reader, counted over ranks and workers.",
    ),
    counted(
        "shards-without-ranks-are-doubled",
        "items doubled of 120 in three ranks whose workers do not know their rank",
        arms.SHARDS_WITHOUT_RANK,
        "doubled",
        240,
        "Each of three ranks reads all of them.",
    ),
)
