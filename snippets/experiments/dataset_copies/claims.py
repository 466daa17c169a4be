"""What a worker holds of a dataset for itself. Bytes: no quiet machine needed."""

from snippets.experiments.dataset_copies.arms import PRELOADED, arm
from snippets.lab.judging.claim import Bounds, Claim, Statistic, at_least, at_most, ratio, value
from snippets.lab.numbers import megabytes, percent, times
from snippets.lab.results.results import Measured


def added(result: Measured, method: str, kind: str) -> list[float]:
    """Share of the dataset that the worker holds on top of what it holds with an empty one."""
    pairs = zip(result.samples_of(arm(method, kind)), result.samples_of(arm(method, "empty")), strict=True)
    return [(held - empty) / int(result.number("dataset_bytes")) for held, empty in pairs]


def share(method: str, kind: str, title: str) -> Statistic:
    words = f"the part of {title} that a worker holds for itself under {method}"
    return Statistic(words, lambda result: added(result, method, kind))


SHARED, COPIED = at_most(0.1), at_least(0.9)


def copies(name: str, method: str, kind: str, title: str, bounds: Bounds) -> Claim:
    return Claim(
        name,
        share(method, kind, title),
        bounds,
        because="A full copy would be 100 %, no copy 0 %.",
        say=percent,
        needs_cores=0,
    )


CLAIMS = (
    copies("fork-shares-arrays", "fork", "numpy", "a NumPy array", SHARED),
    copies("fork-shares-tensors", "fork", "torch", "a tensor", SHARED),
    copies("forkserver-copies-arrays", "forkserver", "numpy", "a NumPy array", COPIED),
    copies("forkserver-shares-tensors", "forkserver", "torch", "a tensor", SHARED),
    copies("spawn-copies-arrays", "spawn", "numpy", "a NumPy array", COPIED),
    copies("spawn-shares-tensors", "spawn", "torch", "a tensor", SHARED),
    Claim(
        "a-server-with-torch-saves-memory",
        ratio(
            "private memory of a worker with an empty dataset whose fork server has not imported torch over that of "
            "one whose server has",
            arm("forkserver", "empty"),
            arm(PRELOADED, "empty"),
        ),
        at_least(3.0),
        because="A worker is a fork of the server, and shares the server’s pages of torch.",
        say=times,
        needs_cores=0,
    ),
    Claim(
        "spawned-workers-are-large",
        ratio(
            "private memory of a worker with an empty dataset under spawn over that under fork",
            arm("spawn", "empty"),
            arm("fork", "empty"),
        ),
        at_least(3.0),
        because="A spawned worker imports torch for itself; a forked one shares main’s pages of it.",
        say=times,
        needs_cores=0,
    ),
    Claim(
        "each-worker-costs-memory",
        value("private memory of a forked worker with an empty dataset", arm("fork", "empty")),
        at_least(1e6),
        because="It has at least its own stack, heap and queues: more than nothing, less than a copy.",
        say=megabytes,
        needs_cores=0,
    ),
)
