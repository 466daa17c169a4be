"""What starting workers costs under each start method, and what keeping them saves."""

from snippets.experiments.start_up.arms import PRELOADED, large, second_epoch
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, same_within
from snippets.lab.numbers import times
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def _of(result: Measured, arm: str, value: str) -> list[float]:
    if not any(sample.arm == arm for sample in result.samples):
        raise NotHere(f"on this system no worker is started by {arm.partition(',')[0]}")
    return result.samples_of(arm, value)


def quotient(words: str, over: tuple[str, str], under: tuple[str, str]) -> Statistic:
    """One arm's value over another's, where this system has both start methods."""

    def of(result: Measured) -> list[float]:
        return quotients(_of(result, *over), _of(result, *under))

    return Statistic(words, of)


CLAIMS = (
    Claim(
        "spawn-takes-longer-to-start",
        quotient(
            "the time to the first batch under spawn over that under fork",
            ("spawn", "first_batch_new"),
            ("fork", "first_batch_new"),
        ),
        at_least(5.0),
        because="A spawned worker is a new Python that imports torch first; a forked one has it already.",
    ),
    Claim(
        "keeping-workers-pays",
        quotient(
            "the time to the first batch under spawn from new workers over that from kept ones",
            ("spawn", "first_batch_new"),
            ("spawn", "first_batch_kept"),
        ),
        at_least(20.0),
        because="Kept workers only have to be told that another epoch begins.",
    ),
    Claim(
        "spawn-pickles-the-dataset",
        quotient(
            "the time to the first batch under spawn with a dataset of 1 MB over that with an empty one",
            (large("spawn"), "first_batch_new"),
            ("spawn", "first_batch_new"),
        ),
        at_least(1.1),
        because="What a pipe does not hold is read when the worker has imported torch; the next one starts only then.",
        needs_cores=2,
    ),
    Claim(
        "preloading-makes-forkserver-quick",
        quotient(
            "the time to the first batch from a fork server over that from one that has imported torch",
            ("forkserver", "first_batch_new"),
            (PRELOADED, "first_batch_new"),
        ),
        at_least(5.0),
        because="A worker that is forked from a process with torch in it imports nothing.",
    ),
    Claim(
        "every-epoch-starts-its-workers",
        quotient(
            "the time to the first batch of a second epoch without persistent_workers over that of a first",
            (second_epoch("fork"), "first_batch_new"),
            ("fork", "first_batch_new"),
        ),
        same_within(3.0),
        because="Keeping the workers gives a larger factor, so three would not be taken for it.",
        say=times,
    ),
)
