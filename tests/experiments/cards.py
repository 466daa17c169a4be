"""What three GPUs would give by theory: the values of each experiment for a GPU, of cards of which nobody measured one.

Another experiment is one function more, by its name in THEORY. What it does not prove: that a card gives these.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from snippets.experiments.copies.arms import FLOAT32, MEMORIES, SIZES, UINT8
from snippets.experiments.copies.arms import arm as copy_of
from snippets.experiments.copies.measure import IMAGES
from snippets.experiments.cuda_fork.arms import DEVICE_COUNT, FORK, IS_AVAILABLE, SPAWN
from snippets.experiments.cuda_overlap import arms as overlap
from snippets.experiments.cuda_overlap.measure import BATCH_SIZE, STEP_SHARE
from snippets.experiments.cuda_workers.arms import AFTER, BEFORE, WITH, WITHOUT
from snippets.experiments.gpu_choosing import arms as choosing
from snippets.experiments.gpu_training import arms as training
from snippets.experiments.pin_memory.arms import PAGEABLE, PAGEABLE_NON_BLOCKING, PINNED, PINNED_NON_BLOCKING
from snippets.experiments.pin_memory.measure import BATCH_BYTES, BUFFER_BYTES, STEP_OVER_COPY, STEP_OVER_LOADING
from snippets.experiments.streams.arms import ALREADY, OWN, SAME
from snippets.experiments.streams.measure import BATCH_BYTES as STREAMED_BYTES
from snippets.experiments.streams.measure import STEP_OVER_COPY as STREAMED_STEP
from snippets.experiments.utilisation.arms import HELD_UP, ONE_THREAD, STARVED
from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.instruments.gpu_step import PRODUCT_SECONDS
from snippets.lab.machine.machine import Machine
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.results.results import Measured, RoundSample, TraceSpan

from ..docs.small_results import measured as made

ROUNDS, PASSES = 7, 3
NOISE = 0.02
"""Of each value in each round, but of counts, which are whole numbers here."""
NOISE_OF_FORKS = 0.15
"""Of the time in which eight forked workers start."""
OTHER_BYTES = 2e6
"""Of GPU memory, which other processes take or give back meanwhile."""


@dataclass(frozen=True)
class Card:
    """`name` as torch says it; the machine's usable `cores`; bytes/s to it from `pinned` and from `pageable` memory;
    seconds in which a core decodes a photo (`decode`), and four workers hand over a batch of `pin-memory` (`loading`);
    photos/s that the network of `gpu-training` takes (`network`); bytes/s of the card's own `memory`; seconds for a
    product of matrices of MATRIX rows (`product`).
    """

    name: str
    cores: int
    pinned: float
    pageable: float
    decode: float
    loading: float
    network: float
    memory: float
    product: float

    def step(self, seconds: float) -> float:
        """What is made of a step that should take so long: whole products, of matrices that are large enough."""
        product = self.product
        while product < PRODUCT_SECONDS:
            product *= 8
        return max(1, round(seconds / product)) * product

    def machine(self, of: Machine) -> Machine:
        """Such a machine with this card."""
        return replace(of, gpu=self.name, driver="580.1", cores=self.cores, affinity=self.cores, quota=None)


CARDS = (
    Card("Tesla T4", 4, 12e9, 5e9, decode=0.0045, loading=0.004, network=1200, memory=300e9, product=6e-4),
    Card("NVIDIA A100-SXM4-40GB", 12, 25e9, 8e9, decode=35e-4, loading=3e-3, network=3500, memory=1.5e12, product=7e-5),
    Card("NVIDIA H100 80GB HBM3", 16, 52e9, 8e9, decode=3e-3, loading=25e-4, network=6000, memory=3e12, product=2.8e-5),
)

Values = Mapping[str, float]


def copies(card: Card) -> dict[str, Values]:
    """To begin one takes ten microseconds."""
    rates = dict(zip(MEMORIES, (card.pageable, card.pinned), strict=True))
    sizes = {copy_of(memory, size): 10e-6 + size / rates[memory] for memory in MEMORIES for size in SIZES}
    batch = IMAGES * 3 * 224 * 224
    types = {UINT8: batch / card.pinned + 5 * batch / card.memory, FLOAT32: 4 * batch / card.pinned}
    return {arm: {"seconds": seconds, "bus": 1} for arm, seconds in {**sizes, **types}.items()}


def cuda_fork(card: Card) -> dict[str, Values]:
    used: dict[str, Values] = {FORK: {"refused": 1}, SPAWN: {"refused": 0}}
    return {**used, IS_AVAILABLE: {"refused": 1, "nvml": 1}, DEVICE_COUNT: {"refused": 0, "nvml": 1}}


def cuda_overlap(card: Card) -> dict[str, Values]:
    """Decoding and the step one after the other, at the same time, or shared among workers."""
    decode = BATCH_SIZE * card.decode
    step = card.step(STEP_SHARE * decode)

    def values(per_batch: float, hidden: float = 0.0) -> Values:
        return {
            "per_batch": per_batch,
            "idle": round(1 - step / per_batch, 9),
            "step": step,
            "decode": decode,
            "hidden": hidden,
            "main_cpu": 0.9,
        }

    behind = {overlap.arm(count): max(step, decode / min(count, card.cores)) for count in overlap.COUNTS if count}
    seconds = {overlap.NONE: decode + step, **behind}
    alone = {arm: values(per_batch) for arm, per_batch in seconds.items()}
    return {**alone, overlap.UNAWAITED: values(max(step, decode), hidden=min(1.0, decode / step))}


def pin_memory(card: Card) -> dict[str, Values]:
    """Each batch's copy comes on top of its step, for both are on one stream, and so does what makes it float32."""
    converted = 13 * BATCH_BYTES / card.memory
    step = card.step(max(STEP_OVER_COPY * BATCH_BYTES / card.pageable, STEP_OVER_LOADING * card.loading))

    def values(rate: float, call: float | None = None) -> Values:
        copy = BUFFER_BYTES / rate
        call = copy if call is None else call
        looped = {"per_batch": step + BATCH_BYTES / rate + converted, "step": step, "waited": 0.01}
        return {**looped, "copy": copy, "call": call, "bus": 1}

    return {
        PAGEABLE: values(card.pageable),
        PAGEABLE_NON_BLOCKING: values(card.pageable, 0.95 * BUFFER_BYTES / card.pageable),
        PINNED: values(card.pinned),
        PINNED_NON_BLOCKING: values(card.pinned, 15e-6),
    }


def cuda_workers(card: Card) -> dict[str, Values]:
    """No theory: what such a context takes on any card."""
    return {
        WITHOUT: {"first_batch": 3.5, "gpu_bytes": 0.0, "bus": 1},
        WITH: {"first_batch": 5.5, "gpu_bytes": 300e6, "bus": 1},
        BEFORE: {"first_batch": 0.1},
        AFTER: {"first_batch": 0.2},
    }


def gpu_training(card: Card) -> dict[str, Values]:
    """The cores decode what the step could take; handing over costs a twentieth."""

    def values(count: int) -> Values:
        rate = min(card.network, min(count, card.cores) / card.decode) * 0.95 if count else 1 / card.decode
        return {"throughput": rate, "waited": 1 - rate / card.network, "main_cpu": 0.5}

    alone = {training.DECODING: {"throughput": 1 / card.decode}, training.REPLAYED: {"throughput": card.network}}
    counts = training.tried(card.cores)
    here = {training.arm(count): values(count) for count in counts}
    return {**alone, **here, **{training.on_gpu(count): values(count) for count in (1, counts[-1])}}


def gpu_choosing(card: Card) -> dict[str, Values]:
    """Rows need no worker. Photos need one for each core, or fewer where the step sets the pace; each chooser finds the
    best count. Photos that arrive after a wait need more workers than cores.
    """
    counts = choosing.counts(card.cores)

    def throughput(loop: str, count: int) -> float:
        if loop == choosing.ROWS:
            return 30e3 if count == 0 else 25e3
        waited = 0.002 if loop == choosing.DISTANT else 0.0
        made = min(max(1, count) / (card.decode + waited), card.cores / card.decode)
        return min(card.network, made) if count else 1 / (card.decode + waited + 1 / card.network)

    arms: dict[str, Values] = {}
    for loop in choosing.LOOPS:
        rates = {count: throughput(loop, count) for count in counts}
        best = max(rates, key=lambda count: rates[count])
        arms |= {choosing.tried(loop, count): {"throughput": rate, "waited": 0.1} for count, rate in rates.items()}
        chosen = {"throughput": rates[best], "waited": 0.1, "chosen": best, "unsure": 0}
        arms |= {choosing.chosen_by(chooser, loop): chosen for chooser in choosing.CHOOSERS}
    watched = {"throughput": card.network, "right": 1, "waited": 0.01}
    return arms | {loop: watched for loop in choosing.RIGHT}


def streams(card: Card) -> dict[str, Values]:
    copy = STREAMED_BYTES / card.pinned
    step = card.step(STREAMED_STEP * copy)
    return {
        ALREADY: {"per_step": step, "step": step},
        SAME: {"per_step": step + copy, "step": step, "copy": copy},
        OWN: {"per_step": 1.02 * step, "step": step, "copy": copy},
    }


def utilisation(card: Card) -> dict[str, Values]:
    """Half of the time nothing runs, but for one thread."""
    return {
        ONE_THREAD: {"utilised": 0.99, "waited": 0.02, "threads": 2**16},
        STARVED: {"utilised": 0.5, "waited": 0.48},
        HELD_UP: {"utilised": 0.5, "waited": 0.03},
    }


THEORY: dict[str, Callable[[Card], dict[str, Values]]] = {
    "copies": copies,
    "cuda-fork": cuda_fork,
    "cuda-overlap": cuda_overlap,
    "cuda-workers": cuda_workers,
    "gpu-choosing": gpu_choosing,
    "gpu-training": gpu_training,
    "pin-memory": pin_memory,
    "streams": streams,
    "utilisation": utilisation,
}


def traced(values: Values) -> list[TraceSpan]:
    """A batch in each lane that there may be."""
    step = values.get("step", 1.0)
    lanes = (("main", "wait"), ("main", "step"), ("GPU", "step"), ("worker 0", "fetch"))
    return [TraceSpan(lane, role, step, 2 * step, 0) for lane, role in lanes]


def measured(name: str, card: Card) -> Measured:
    """Three passes, as if that machine had measured the experiment."""
    one, arms = made(name), THEORY[name](card)
    tried_there = {"gpu-choosing": choosing.counts, "gpu-training": training.tried}
    params = {**one.params, **({"counts": tried_there[name](card.cores)} if name in tried_there else {})}
    values = {**arms, **({one.again + AGAIN: arms[one.again]} if one.again else {})}
    rounds = 1 if not one.headline else ROUNDS
    chance = random.Random(f"{card.name} {name}")

    def noisy(arm: str, key: str, value: float) -> float:
        if isinstance(value, int):
            return float(value)
        share = NOISE_OF_FORKS if arm.removesuffix(AGAIN) in (BEFORE, AFTER) else NOISE
        return value * chance.gauss(1, share) + (chance.gauss(0, OTHER_BYTES) if key == "gpu_bytes" else 0.0)

    samples = [
        RoundSample(number, at, arm, {key: noisy(arm, key, value) for key, value in of.items()})
        for number in range(PASSES)
        for at in range(rounds)
        for arm, of in values.items()
    ]
    return replace(
        one,
        params=params,
        rounds=rounds,
        passes=PASSES,
        samples=samples,
        traces={arm: traced(arms[arm]) for arm in one.traces if arm in arms},
        surroundings=[Surroundings([float(card.cores)] * rounds, 0.0, None)] * PASSES,
    )
