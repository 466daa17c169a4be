"""Threads load as workers do where items leave the interpreter alone, and as one process does where they need it."""

from snippets.experiments.thread_loader.arms import (
    BESIDE_THREAD,
    BESIDE_WORKER,
    IN_PYTHON,
    LARGE,
    PHOTOS,
    WAITS,
    alone,
    threads,
    workers,
)
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio, same_within

CLAIMS = (
    Claim(
        "threads-wait-like-workers",
        ratio("items/s that wait with 2 threads over those with 2 workers", workers(WAITS), threads(WAITS)),
        same_within(1.25),
        because="Whoever waits needs no interpreter. What is left of an item in Python is short beside its wait.",
        needs_cores=2,
    ),
    Claim(
        "threads-decode-at-the-same-time",
        ratio("photos/s with 2 threads over those with 0 workers", alone(PHOTOS), threads(PHOTOS)),
        at_least(1.2),
        because="Pillow releases the GIL while it decodes and resizes, so two cores do so at the same time.",
        needs_cores=2,
    ),
    Claim(
        "threads-bring-nothing-to-python",
        ratio("items/s of pure Python with 2 threads over those with 0 workers", alone(IN_PYTHON), threads(IN_PYTHON)),
        at_most(1.1),
        because="One thread at a time runs Python, so two are as fast as one, or slower for taking turns.",
        needs_cores=2,
    ),
    Claim(
        "workers-run-python-at-the-same-time",
        ratio("items/s of pure Python with 2 workers over those with 0", alone(IN_PYTHON), workers(IN_PYTHON)),
        at_least(1.2),
        because="Each process has an interpreter, and a GIL, of its own.",
        needs_cores=2,
    ),
    Claim(
        "threads-need-no-hand-over",
        ratio("large items/s with 2 threads over those with 2 workers", workers(LARGE), threads(LARGE)),
        at_least(1.3),
        because="A worker copies each item into fresh shared memory, and main maps it; a thread gives it as it is.",
        needs_cores=2,
    ),
    Claim(
        "threads-start-sooner-than-workers",
        ratio(
            "the time to the first batch of 2 workers over that of 2 threads",
            workers(WAITS),
            threads(WAITS),
            "first_batch",
        ),
        at_least(1.2),
        because="A thread starts in less than a millisecond, however workers start; the batch itself takes some.",
    ),
    Claim(
        "a-python-step-takes-turns-with-threads",
        ratio(
            "the time of a step in Python beside a thread that runs Python over that beside a worker that does",
            BESIDE_THREAD,
            BESIDE_WORKER,
        ),
        at_least(1.3),
        because="The step and the thread take turns at one interpreter, so the step may take twice as long.",
        needs_cores=2,
    ),
)
