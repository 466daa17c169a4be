"""The arms of this experiment, by name: loops that have a fault, and healthy ones; and the verdicts that are right."""

ONE_WORKER_WAITS, ONE_WORKER_COMPUTES = "one worker that waits", "one worker that computes"
IN_STEP, UNEVEN_READS = "workers in step", "reads of uneven length"
SLOW_START, SLOW_ITEM, SLOW_PLACE = "a slow start in each epoch", "one slow item", "every fourth batch slow"
LONG_TAIL, SLOW_SAMPLER, MANY_TENSORS = "waits with a long tail", "a sampler that computes", "many tensors"
USED_UP_QUOTA, TOO_MANY, NEIGHBOURS = "a quota that is used up", "six workers a core", "busy neighbours"
MANY_THREADS = "threads in workers"

FED, LONG_STEP, JITTER, IN_MEMORY = "fed", "a long step", "jitter that the queue absorbs", "data in memory"
KEPT, STEP_COMPUTES, FED_BESIDE = "one slow start, then kept", "a step that computes", "fed, beside busy neighbours"

RIGHT: dict[str, tuple[str, ...]] = {
    ONE_WORKER_WAITS: ("STARVED",),
    ONE_WORKER_COMPUTES: ("STARVED",),
    IN_STEP: ("BURSTS",),
    UNEVEN_READS: ("STARVED", "BURSTS"),
    SLOW_START: ("START-UP",),
    SLOW_ITEM: ("STRAGGLER",),
    SLOW_PLACE: ("SLOW WORKER",),
    LONG_TAIL: ("STRAGGLER",),
    SLOW_SAMPLER: ("SAMPLER",),
    MANY_TENSORS: ("RECEIVE",),
    USED_UP_QUOTA: ("THROTTLED",),
    TOO_MANY: ("TOO MANY WORKERS",),
    NEIGHBOURS: ("NEIGHBOUR",),
    MANY_THREADS: ("THREADS",),
}
"""Of the loops with a fault. BURSTS is STARVED of workers that take turns."""
HEALTHY = (FED, LONG_STEP, JITTER, IN_MEMORY, KEPT, STEP_COMPUTES, FED_BESIDE)
"""Of these one verdict is right, FED."""

PLAIN, WATCHED = "plain batches", "watched batches"
"""The same loop over batches that cost nothing, without the doctor and with it."""

CANNOT_TELL = ("TOO NOISY", "TOO FEW BATCHES")
VERDICTS = (
    "FED",
    "STARVED",
    "BURSTS",
    "START-UP",
    "STRAGGLER",
    "SLOW WORKER",
    "SAMPLER",
    "RECEIVE",
    "THROTTLED",
    "TOO MANY WORKERS",
    "NEIGHBOUR",
    "THREADS",
    "MEMORY",
    "UNSYNCHRONISED",
    *CANNOT_TELL,
)
"""A run's value `verdict` is a place in this."""
CORES = 2
"""On which each loop runs, on whatever machine."""
