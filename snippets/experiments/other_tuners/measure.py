"""What a chosen count reaches of the best one, and the seconds that it takes to choose: ours, and other tuners."""

import io
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from functools import cache, partial
from importlib.util import find_spec

from snippets.experiments.other_tuners import choosers
from snippets.experiments.other_tuners.arms import COUNTS, FUNCTION, PEERS, QUICK, TUNER, chosen_by, tried
from snippets.experiments.other_tuners.arms import WORKLOADS as NAMES
from snippets.experiments.varied_workloads import WORKLOADS, Workload
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.lab.instruments.starting import cheapest
from snippets.lab.instruments.timing import time_for
from snippets.lab.machine.machine import this_machine

SECONDS = 0.2
"""Of steps that are timed in one run, at least."""
Choose = Callable[[Workload], int | None]


def rate(workload: Workload, num_workers: int) -> Sample:
    with workload.in_main():
        per_batch = time_for(workload.loader(num_workers), SECONDS, workload.step).values["per_batch"]
    return Sample({"throughput": workload.batch_size / per_batch})


def choice(workload: Workload, choose: Choose) -> dict[str, float]:
    """Values: `chosen`, `answered`, 1 or 0, and `seconds`. Who gives no count, or fails, has not answered."""
    said, began, count = io.StringIO(), time.perf_counter(), None
    with workload.in_main(), redirect_stdout(said), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            count = choose(workload)
        except Exception:
            traceback.print_exc()
    print(said.getvalue(), file=sys.stderr)
    return {"chosen": count or 0, "answered": count is not None, "seconds": time.perf_counter() - began}


def rate_as_chosen(workload: Workload, chosen: Callable[[], dict[str, float]]) -> Sample:
    """Choosing takes up to a minute, so it is done once in a pass."""
    values = chosen()
    return Sample({**rate(workload, int(values["chosen"])).values, **values})


def installed() -> dict[str, Choose]:
    ours: dict[str, Choose] = {
        TUNER: choosers.by_the_tuner,
        FUNCTION: choosers.by_the_function,
        QUICK: choosers.by_the_quick_benchmark,
    }
    return ours | {title: getattr(choosers, f"by_{module}") for module, title in PEERS.items() if find_spec(module)}


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    runs: dict[str, Arm] = {}
    for name in NAMES:
        workload = WORKLOADS[name]
        rate(workload, 0)  # from now on its pages are warm
        runs |= {tried(name, count): partial(rate, workload, count) for count in COUNTS}
        for chooser, choose in installed().items():
            chosen = cache(partial(choice, workload, choose))
            runs[chosen_by(chooser, name)] = partial(rate_as_chosen, workload, chosen)
    yield runs


def unavailable() -> str | None:
    if not any(map(find_spec, PEERS)):
        return f"neither {' nor '.join(PEERS.values())} is installed; make others installs them"
    return "its races would take half an hour where workers can only be spawned" if cheapest() == "spawn" else None


MACHINE = this_machine()
EXPERIMENT = Experiment(
    question="How much throughput does the count of each tuner lose, and how long does it take to choose?",
    unit="samples/s",
    better="higher",
    headline="throughput",
    pitfalls=(
        "Four workloads, of which each tuner may know one better than the others; the first to load them finds cold "
        "pages; a tuner may choose more than a count, such as prefetch_factor, which is not used here."
    ),
    arms=arms,
    again=tried("waits", 2),
    warmup=0,
    rounds=3,
    params={
        "counts": [*COUNTS],
        "seconds": SECONDS,
        "limit": choosers.LIMIT,
        "cpu_count": MACHINE.cores,
        "cores": max(1, int(MACHINE.cores_usable)),
        "gpus": 1 if MACHINE.gpu else 0,
        **{f"batch_size, {name}": WORKLOADS[name].batch_size for name in NAMES},
    },
    unavailable=unavailable,
    deadline=1800,
    any_start=True,
)
