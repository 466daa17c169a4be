"""What arguments of a DataLoader do, as counts: the same in every round, on every machine."""

from snippets.experiments.counts import SOURCE, counted
from snippets.experiments.knobs import arms

CLAIMS = (
    counted(
        "items-are-asked-for-singly",
        "questions for 1,000 rows, __getitem__",
        arms.ITEM_BY_ITEM,
        "questions",
        1000,
        SOURCE,
    ),
    counted(
        "a-batch-is-asked-for-at-once",
        "questions for 1,000 rows in ten batches, __getitems__",
        arms.BATCH_BY_BATCH,
        "questions",
        10,
        "The fetcher calls __getitems__ where the dataset has it.",
    ),
    counted(
        "samplers-run-in-main", "processes other than main that run the sampler", arms.SAMPLER, "others", 0, SOURCE
    ),
    counted(
        "init-runs-in-every-epoch",
        "calls of worker_init_fn in three epochs with 2 workers",
        arms.INIT,
        "calls",
        6,
        "Each epoch has workers of its own.",
    ),
    counted(
        "init-runs-once-where-workers-stay",
        "calls of worker_init_fn in three epochs with 2 persistent workers",
        arms.INIT_PERSISTENT,
        "calls",
        2,
        "The workers are made once.",
    ),
    counted(
        "three-each-are-six-ahead",
        "batches that 2 workers load with prefetch_factor=3 before the first one is asked for",
        arms.AHEAD,
        "batches",
        6,
        "prefetch_factor is per worker.",
    ),
    counted(
        "each-worker-keeps-its-remainder",
        "batches of 4 from 2 workers with ten items each",
        arms.DROP_LAST,
        "with_last",
        6,
        "Each worker batches for itself: 4, 4 and 2.",
    ),
    counted(
        "each-worker-drops-its-remainder",
        "batches of 4 from 2 workers with ten items each, drop_last=True",
        arms.DROP_LAST,
        "without",
        4,
        "Each worker drops its own last two items, so that four are lost.",
    ),
    counted(
        "a-timeout-is-an-error",
        "errors of a loader with timeout=1 and a worker that hangs",
        arms.TIMEOUT,
        "errors",
        1,
        SOURCE,
    ),
    counted(
        "some-settings-fail-at-once",
        "of four settings that cannot be, those refused when the loader is made",
        arms.WITHOUT_WORKERS,
        "when_made",
        2,
        "prefetch_factor and persistent_workers without workers.",
    ),
    counted(
        "some-settings-fail-late",
        "of four settings that cannot be, those refused when the loader is used",
        arms.WITHOUT_WORKERS,
        "when_used",
        2,
        "timeout without workers, and prefetch_factor=0.",
    ),
    counted("break-ends-the-workers", "workers alive after a loop was left by break", arms.BREAK, "after", 0, SOURCE),
    counted(
        "a-break-wastes-what-was-ahead",
        "batches fetched for nothing when a loop with 2 persistent workers is left after its first one",
        arms.BREAK_PERSISTENT,
        "batches",
        4,
        "Two each had been assigned, and workers that stay finish what they have.",
    ),
    counted(
        "each-epoch-has-its-seed", "base seeds in two epochs of one loader", arms.GENERATOR, "of_two_epochs", 2, SOURCE
    ),
    counted(
        "kept-workers-keep-their-seed",
        "base seeds in two epochs of one loader with persistent_workers",
        arms.GENERATOR,
        "of_two_kept_epochs",
        1,
        "The base seed is drawn when the workers are started.",
    ),
    counted(
        "a-generator-sets-the-seed",
        "base seeds of two loaders whose generators have one seed",
        arms.GENERATOR,
        "of_two_alike",
        1,
        "The base seed is drawn from the loader’s generator.",
    ),
)
