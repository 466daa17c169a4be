"""A result file of a GPU that nobody has, and what may be wrong with one.

What it does not prove: that a number is right, or that a GPU gives it.
"""

from dataclasses import replace

from snippets.lab.catalog import experiment_names
from snippets.lab.judging.claims import needs_gpu
from snippets.lab.results.results import Measured, Results, RoundSample

from ..experiments.cards import Card
from ..lab.made import PROPERTIES

FOR_A_GPU = [name for name in experiment_names() if needs_gpu(name)]


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


def all_the_same(one: Measured) -> Measured:
    """Each value of each arm is 1, and a fresh pass has confirmed it: claims of more than one are contradicted."""
    samples = [replace(sample, values=dict.fromkeys(sample.values, 1.0)) for sample in one.samples]
    last = one.passes - 1
    fresh = [replace(sample, pass_=one.passes) for sample in samples if sample.pass_ == last]
    return replace(one, samples=samples, confirmation=fresh, surroundings=[*one.surroundings, one.surroundings[-1]])


def on_a_gpu(held: Results, experiments: dict[str, Measured], card: Card) -> Results:
    """As if such a machine had measured these, and nothing else."""
    machine = card.machine(held.machine)
    return replace(held, tier="gpu", machine=machine, gpu_properties=PROPERTIES, experiments=experiments)
