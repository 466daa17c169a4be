"""A result file of a GPU that nobody has: made up for each experiment that needs one, whatever its arms are.

What it does not prove: that a number is right, or that a GPU gives it.
"""

from dataclasses import replace

from snippets.lab.catalog import experiment_names, has_show, show
from snippets.lab.judging.claims import claims, needs_gpu
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, Results, RoundSample

from ..docs.small_results import AnyValue
from ..docs.small_results import measured as made
from ..lab.made import PROPERTIES

CORES, ROUNDS, PASSES = 16, 7, 3
FOR_A_GPU = [name for name in experiment_names() if needs_gpu(name)]


class Asked(AnyValue):
    """Keeps what it was asked for."""

    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names = names

    def __missing__(self, key: str) -> float:
        self.names.add(key)
        return 1.0


def measured(name: str, value: float = 1.0) -> Measured:
    """Three passes and a confirming one, in which each value of each arm was the same: claims of more than one are
    contradicted by it.
    """
    one = made(name)
    arms = [*dict.fromkeys(sample.arm for sample in one.samples)]
    names = {one.headline} - {""}
    probe = replace(one, samples=[RoundSample(0, 0, arm, Asked(names)) for arm in arms], rounds=1)
    for claim in claims(name):
        claim.statistic.of(probe)
    if has_show(name):
        show(name).values(probe)
        show(name).figure(probe)
    values = dict.fromkeys(sorted(names), value)
    taken = [RoundSample(n, at, arm, dict(values)) for n in range(PASSES + 1) for at in range(ROUNDS) for arm in arms]
    return replace(
        one,
        rounds=ROUNDS,
        passes=PASSES,
        samples=[sample for sample in taken if sample.pass_ < PASSES],
        confirmation=[sample for sample in taken if sample.pass_ == PASSES],
        surroundings=[Surroundings([float(CORES)] * ROUNDS, 0.0, None)] * (PASSES + 1),
    )


def arms_renamed(one: Measured) -> Measured:
    """As older code called them."""

    def older(samples: list[RoundSample]) -> list[RoundSample]:
        return [replace(sample, arm=f"formerly {sample.arm}") for sample in samples]

    traces = {f"formerly {arm}": spans for arm, spans in one.traces.items()}
    again = one.again and f"formerly {one.again}"
    samples, confirmation = older(one.samples), older(one.confirmation)
    return replace(one, source_hash="feedbeef", samples=samples, confirmation=confirmation, traces=traces, again=again)


def values_renamed(one: Measured) -> Measured:
    def older(samples: list[RoundSample]) -> list[RoundSample]:
        return [replace(s, values={f"formerly {name}": value for name, value in s.values.items()}) for s in samples]

    headline = one.headline and f"formerly {one.headline}"
    samples, confirmation = older(one.samples), older(one.confirmation)
    return replace(one, source_hash="feedbeef", samples=samples, confirmation=confirmation, headline=headline)


def noisy(one: Measured) -> Measured:
    """Half of the time went to other machines."""
    return replace(one, surroundings=[replace(each, steal=0.5) for each in one.surroundings])


def on_a_gpu(held: Results, experiments: dict[str, Measured], gpu: str = "NVIDIA H100 80GB HBM3") -> Results:
    """As if such a machine had measured these, and nothing else."""
    machine = replace(held.machine, gpu=gpu, driver="580.1", cores=CORES, affinity=CORES, quota=None)
    return replace(held, tier="gpu", machine=machine, gpu_properties=PROPERTIES, experiments=experiments)
