"""The count that the function chooses, beside the counts that were tried: workloads that were made to break rules."""

import io
import math
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from functools import cache, partial

from snippets.experiments.choosing import by_hand
from snippets.experiments.choosing.arms import COUNTS, FUNCTION, MORE, RULE, TUNER, chosen_by, counts, tried
from snippets.experiments.varied_workloads import WORKLOADS, Workload
from snippets.experiments.workloads import WAIT_SECONDS
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import cheapest
from snippets.lab.instruments.timing import time_for
from snippets.lab.machine.machine import this_machine
from snippets.pages.choose_num_workers.choose import choose_num_workers
from snippets.tools.tune_num_workers import tune

SECONDS = 0.08
"""Of steps that are timed in one run, at least."""
RACE_SECONDS = 8
"""Less than a seventh of what the function and the tuner are given if nothing is said. So the function's runs are
shorter, too: an eighth of a second.
"""
MACHINE = this_machine()
CORES = max(1, int(MACHINE.cores_usable))
ALWAYS = "photos"
"""The workload that is measured on every day, for one arm of it runs twice in each round."""


def whole_epochs(workload: Workload, num_workers: int) -> float:
    """Seconds per batch in epochs one after the other, each of which starts its workers."""
    batches, began = 0, time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        for batch in workload.loader(num_workers):
            workload.step(batch)
            batches += 1
    return (time.perf_counter() - began) / batches


def rate(workload: Workload, num_workers: int) -> Sample:
    """In the steady state, but for a workload that never reaches it."""
    with workload.in_main():
        if workload.whole_epochs:
            per_batch = whole_epochs(workload, num_workers)
        else:
            per_batch = time_for(workload.loader(num_workers), SECONDS, workload.step).values["per_batch"]
    return Sample({"throughput": workload.batch_size / per_batch})


Choice = tuple[int | None, bool]
"""A count, or None where the chooser gives none; and whether it says that it cannot tell."""


def by_the_function(workload: Workload) -> Choice:
    """What readers are told to do."""
    said = io.StringIO()
    with workload.in_main(), redirect_stdout(said), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        count = choose_num_workers(workload.loader(0), workload.step, seconds=RACE_SECONDS)
    print(said.getvalue(), file=sys.stderr)
    return count, "cannot tell" in said.getvalue()


def by_the_tuner(workload: Workload) -> Choice:
    """As its page tells to read it: no workers where an epoch is too short to earn back their start."""
    said = io.StringIO()
    with workload.in_main(), redirect_stdout(said):
        tuned = tune(workload.loader, workload.step, seconds=RACE_SECONDS)
    print(said.getvalue(), file=sys.stderr)
    epoch = tuned.setting["epoch"] or math.inf
    return 0 if tuned.pays_from and tuned.pays_from > epoch else tuned.num_workers, not tuned.certain


def by_the_rule(workload: Workload) -> Choice:
    with workload.in_main():
        timed = by_hand.timed(workload)
    print(timed, file=sys.stderr)
    return by_hand.count(timed, CORES), False


Choosers = Mapping[str, Callable[[Workload], Choice]]
CHOOSERS: Choosers = {FUNCTION: by_the_function, TUNER: by_the_tuner, RULE: by_the_rule}


def rate_as_chosen(workload: Workload, choose: Callable[[], Choice]) -> Sample:
    """With the count that `choose` gives, and without workers where it gives none. Values: also `chosen`, that count,
    and `unsure`, 1 where it could not tell. Choosing takes seconds, so it is done once in a pass.
    """
    count, unsure = choose()
    return Sample({**rate(workload, count or 0).values, "chosen": count or 0, "unsure": unsure})


def unavailable() -> str | None:
    """A race starts workers some hundred times."""
    return "its races would take half an hour where workers can only be spawned" if cheapest() == "spawn" else None


@contextmanager
def arms(names: Sequence[str], choosers: Choosers) -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Arm] = {}
    for name in names:
        workload = WORKLOADS[name]
        rate(workload, 0)  # from now on its pages are warm
        runs |= {tried(name, count): partial(rate, workload, count) for count in counts(name)}
        for chooser, choose in choosers.items():
            runs[chosen_by(chooser, name)] = partial(rate_as_chosen, workload, cache(partial(choose, workload)))
    yield runs


EXPERIMENT = Experiment(
    question="How much throughput does the count lose that a division proposes and a race of loaders decides?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "The best of many counts taken for as fast as its luckiest round; cold pages while batches are timed: a disk’s "
        "wait is then taken for the items’ own; a neighbour that comes between two counts of the race; a race of "
        "seconds, where readers let it take a minute; workloads that we know, and yours is none of them."
    ),
    arms=partial(arms, [*WORKLOADS], CHOOSERS),
    again=tried(ALWAYS, 2),
    warmup=0,
    rounds=3,
    params={
        "drawn_on": "every day",
        "counts": [*COUNTS],
        "counts where items wait": [*COUNTS, *MORE],
        "wait_seconds": WAIT_SECONDS,
        "seconds": SECONDS,
        "race_seconds": RACE_SECONDS,
        "cpu_count": MACHINE.cores,
        "cores": CORES,
        "gpus": 1 if MACHINE.gpu else 0,
        **{f"batch_size, {name}": workload.batch_size for name, workload in WORKLOADS.items()},
    },
    unavailable=unavailable,
    deadline=1800,
    any_start=True,
)
