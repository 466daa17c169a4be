"""The first version's quick benchmark against the corrected one: which ranks worker counts right?"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from torch.utils.data import ConcatDataset

from snippets.experiments.first_benchmark import seconds_per_count
from snippets.experiments.quick_benchmark.arms import AS_WRITTEN, CORRECTED
from snippets.images.sets import SPRITES
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.optimization_guide.quick_benchmark import Sprites, compare

COUNTS = (0, 2, 4, 8, 16)


@contextmanager
def arms(counts: tuple[int, ...]) -> Iterator[Mapping[str, Arm]]:
    dataset = Sprites(str(SPRITES.folder))
    long_enough = ConcatDataset([dataset, dataset])

    def as_written() -> Sample:
        taken = seconds_per_count(long_enough, counts)
        return Sample({f"rate_{count}": 101 * 32 / seconds for count, seconds in taken.items()})

    def corrected() -> Sample:
        return Sample({f"rate_{count}": rate for count, rate in compare(dataset, counts, rounds=1).items()})

    yield {AS_WRITTEN: as_written, CORRECTED: corrected}


def experiment(counts: tuple[int, ...]) -> Experiment:
    """Of these `counts` of workers; 0 and 16 are claimed of."""
    return Experiment(
        question="How often does each benchmark put two worker counts into the right order?",
        unit="samples/s",
        warmup=0,
        rounds=3,
        better="higher",
        headline="rate_2",
        pitfalls=(
            "There is no truth to compare with but more measurement: the right order is that of the medians of "
            "all steady-state runs, and two counts within 5 % of each other count as ranked right either way."
        ),
        arms=partial(arms, counts),
        params={"counts": [*counts], "batch_size": 32, "tie": 0.05},
        any_start=True,
    )


EXPERIMENT = experiment(COUNTS)
