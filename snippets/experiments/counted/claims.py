"""What a DataLoader does, as counts: the same in every round, on every machine."""

from snippets.experiments.counted import arms
from snippets.experiments.counts import SOURCE, counted, exact
from snippets.lab.judging.claim import NotHere, Statistic
from snippets.lab.results.results import Measured


def without_accelerator(name: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        if any(result.samples_of(arms.PINNING, "accelerator")):
            raise NotHere("this machine has an accelerator, and there torch pins")
        return result.samples_of(arms.PINNING, name)

    return Statistic(f"{name} that pin_memory=True gives without an accelerator", of)


def script(words: str, name: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        if not any(name in sample.values for sample in result.samples if sample.arm == arms.SCRIPTS):
            raise NotHere("on this system no worker is started so")
        return result.samples_of(arms.SCRIPTS, name)

    return Statistic(words, of)


CLAIMS = (
    counted(
        "main-loads-alone",
        "batches of 8 that the main process fetches and collates itself, with 0 workers",
        arms.ALONE,
        "by_main",
        8,
        SOURCE,
    ),
    counted(
        "one-worker-one-batch",
        "processes that take part in fetching and collating one batch, with 4 workers",
        arms.HELPED,
        "processes",
        1,
        SOURCE,
    ),
    counted(
        "main-packs-nothing",
        "batches of 8 that the main process collates, with 4 workers",
        arms.HELPED,
        "by_main",
        0,
        SOURCE,
    ),
    counted(
        "batches-in-turn",
        "batches of 8 that come out of the workers’ turn",
        arms.HELPED,
        "out_of_turn",
        0,
        SOURCE,
    ),
    counted(
        "eight-batches-ahead",
        "batches that 4 workers load before the first one is asked for",
        arms.NOTHING_TAKEN,
        "batches",
        8,
        "prefetch_factor is 2 by default, for each worker.",
    ),
    counted(
        "workers-end-with-the-epoch",
        "processes that load three epochs with 2 workers",
        arms.EPOCHS,
        "processes",
        6,
        "Each iterator starts its own workers and stops them at its end.",
    ),
    counted(
        "persistent-workers-stay",
        "processes that load three epochs with 2 persistent workers",
        arms.EPOCHS_PERSISTENT,
        "processes",
        2,
        SOURCE,
    ),
    counted(
        "as-written-fetches-101",
        "batches that the first version’s “100 batches” fetch",
        arms.AS_WRITTEN,
        "batches",
        101,
        "The loop breaks after it has taken batch number 100, counted from 0.",
    ),
    counted(
        "a-range-is-a-subtraction",
        "errors that num_workers = 4-8 and num_workers = 2-4 raise",
        arms.RANGES,
        "errors",
        2,
        "They are −4 and −2.",
    ),
    exact(
        "spawn-needs-the-guard",
        script("scripts without a main guard that end well under spawn", "spawn_unguarded"),
        0,
        "The worker imports the script, which would start a worker.",
    ),
    exact(
        "spawn-works-with-the-guard",
        script("scripts with a main guard that end well under spawn", "spawn_guarded"),
        1,
        "Spawn is how Windows and macOS start every process.",
    ),
    exact(
        "fork-needs-no-guard",
        script("scripts without a main guard that end well under fork", "fork_unguarded"),
        1,
        "A forked worker imports nothing.",
    ),
    exact(
        "a-guard-helps-no-notebook",
        script("notebooks with a main guard whose spawned workers find the dataset", "notebook_guarded"),
        0,
        "The worker’s __main__ is not the notebook, guard or not.",
    ),
    counted(
        "errors-name-their-line",
        "lines of a worker’s error, as main raises it, that name the dataset’s method",
        arms.ERROR,
        "lines",
        1,
        "torch sends the worker’s traceback along and raises it again in the main process.",
    ),
    exact("pinning-warns-without-a-gpu", without_accelerator("warnings"), 1, SOURCE),
    exact("pinning-pins-nothing-without-a-gpu", without_accelerator("pinned"), 0, SOURCE),
)
