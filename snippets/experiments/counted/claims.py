"""What a DataLoader does, as counts: the same in every round, on every machine."""

from snippets.lab.judging.claim import Claim, NotHere, Statistic, exactly, value
from snippets.lab.numbers import number
from snippets.lab.results.results import Measured


def without_accelerator(name: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        if any(result.samples_of("pin_memory=True", "accelerator")):
            raise NotHere("this machine has an accelerator, and there torch pins")
        return result.samples_of("pin_memory=True", name)

    return Statistic(f"{name} that pin_memory=True gives without an accelerator", of)


def script(words: str, name: str) -> Statistic:
    def of(result: Measured) -> list[float]:
        if not any(name in sample.values for sample in result.samples if sample.arm == "scripts"):
            raise NotHere("this system has no such start method")
        return result.samples_of("scripts", name)

    return Statistic(words, of)


def counted(id: str, statistic: Statistic, count: int, because: str) -> Claim:
    return Claim(id, statistic, exactly(count), because, say=number, needs_cores=0)


SOURCE = "Read in torch 2.13’s source, and counted here."

CLAIMS = (
    counted(
        "main-loads-alone",
        value("batches of 8 that the main process fetches and collates itself, with 0 workers", "0 workers", "by_main"),
        8,
        SOURCE,
    ),
    counted(
        "one-worker-one-batch",
        value("processes that take part in fetching and collating one batch, with 4 workers", "4 workers", "processes"),
        1,
        SOURCE,
    ),
    counted(
        "main-packs-nothing",
        value("batches of 8 that the main process collates, with 4 workers", "4 workers", "by_main"),
        0,
        SOURCE,
    ),
    counted(
        "batches-in-turn",
        value("batches of 8 that come out of the workers’ turn", "4 workers", "out_of_turn"),
        0,
        SOURCE,
    ),
    counted(
        "eight-batches-ahead",
        value("batches that 4 workers load before the first one is asked for", "4 workers, nothing taken", "batches"),
        8,
        "prefetch_factor is 2 by default, for each worker.",
    ),
    counted(
        "workers-end-with-the-epoch",
        value("processes that load three epochs with 2 workers", "3 epochs", "processes"),
        6,
        "Each iterator starts its own workers and stops them at its end.",
    ),
    counted(
        "persistent-workers-stay",
        value(
            "processes that load three epochs with 2 persistent workers", "3 epochs, persistent_workers", "processes"
        ),
        2,
        SOURCE,
    ),
    counted(
        "as-written-fetches-101",
        value("batches that the first version’s “100 batches” fetch", "100 batches, as written", "batches"),
        101,
        "The loop breaks after it has taken batch number 100, counted from 0.",
    ),
    counted(
        "a-range-is-a-subtraction",
        value("errors that num_workers = 4-8 and num_workers = 2-4 raise", "num_workers = 4-8, 2-4", "errors"),
        2,
        "They are −4 and −2.",
    ),
    counted(
        "spawn-needs-the-guard",
        script("scripts without a main guard that end well under spawn", "spawn_unguarded"),
        0,
        "The worker imports the script, which would start a worker.",
    ),
    counted(
        "spawn-works-with-the-guard",
        script("scripts with a main guard that end well under spawn", "spawn_guarded"),
        1,
        "Spawn is how Windows and macOS start every process.",
    ),
    counted(
        "fork-needs-no-guard",
        script("scripts without a main guard that end well under fork", "fork_unguarded"),
        1,
        "A forked worker imports nothing.",
    ),
    counted(
        "a-guard-helps-no-notebook",
        script("notebooks with a main guard whose spawned workers find the dataset", "notebook_guarded"),
        0,
        "The worker’s __main__ is not the notebook, guard or not.",
    ),
    counted(
        "errors-name-their-line",
        value(
            "lines of a worker’s error, as main raises it, that name the dataset’s method",
            "an error in a worker",
            "lines",
        ),
        1,
        "torch sends the worker’s traceback along and raises it again in the main process.",
    ),
    counted("pinning-warns-without-a-gpu", without_accelerator("warnings"), 1, SOURCE),
    counted("pinning-pins-nothing-without-a-gpu", without_accelerator("pinned"), 0, SOURCE),
)
