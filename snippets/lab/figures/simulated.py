"""A traced run of a loader, and the settings with which the loader's model makes it again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from snippets.lab.batch_costs import factors
from snippets.lab.loader_model import Batch, Loader, simulate
from snippets.lab.results.results import TraceSpan

VERSION = 1
"""Of the form that a link to the simulator has behind its #."""


@dataclass(frozen=True)
class Settings:
    """What the simulator asks the model: `batches` that cost as much as `batch` on average, and vary by `spread`, their
    standard deviation over that mean; but the last of each `slow_every` costs `slow_times` as much.
    """

    batch: Batch
    loader: Loader
    batches: int
    slow_every: int = 8
    slow_times: float = 1.0
    spread: float = 0.0

    def costs(self) -> list[Batch]:
        """Of each batch."""
        each = factors(self.batches, self.spread)
        slow = slice(self.slow_every - 1, None, self.slow_every)
        each[slow] = [self.slow_times * factor for factor in each[slow]]
        return [Batch(factor * self.batch.wait, factor * self.batch.compute) for factor in each]

    def epoch(self) -> float:
        """Seconds until the last step is over, by the model."""
        computing = self.loader.step_compute / min(1.0, self.loader.cores)
        return simulate(self.costs(), self.loader)[-1] + self.loader.step + computing

    def link(self) -> str:
        """As docs/assets/simulator.mjs reads it, behind the # of its page."""
        loader, batch = self.loader, self.batch
        values = {
            "w": loader.num_workers,
            "b": batch.wait + batch.compute,
            "c": batch.compute,
            "s": loader.step + loader.step_compute,
            "n": loader.cores,
            "p": loader.prefetch_factor,
            "o": int(loader.in_order),
            "h": loader.send,
            "r": loader.receive,
            "d": loader.step_compute,
            "v": self.spread,
            "k": self.slow_every,
            "x": self.slow_times,
            "i": loader.start,
            "e": loader.begin,
            "l": self.batches,
        }
        return ";".join([str(VERSION), *(f"{key}={value:.4g}" for key, value in values.items())])


@dataclass(frozen=True)
class SimulatedRun:
    """`spans`: of its first epoch, without its end. `settings`: for the same run by the model."""

    name: str
    title: str
    spans: list[TraceSpan]
    settings: Settings

    @property
    def epoch(self) -> float:
        """Seconds until the last step is over, as measured."""
        return max(span.end for span in self.spans if span.lane == "main")


def first_epoch(spans: Iterable[TraceSpan]) -> list[TraceSpan]:
    """Until the main process starts the next workers, or ends these."""
    own = [span for span in spans if span.role != "shutdown"]
    later = [span.start for span in own if span.lane == "main" and span.role == "start-up" and span.start > 0]
    return [span for span in own if span.start < min(later, default=float("inf"))]


def settings_of(
    spans: Sequence[TraceSpan], cores: float, computes: bool, slow_every: int = 8, slow_times: float = 1.0
) -> Settings:
    """The medians of what a traced epoch's parts took, as `first_epoch` gives it. `computes`: whether items compute or
    wait, which a trace does not tell.

    To a batch belongs what its worker needs to turn to the next one, the least time between two. A trace does not tell
    sending from receiving: both count as receiving. Whatever the first batches take longer is what beginning costs;
    workers that begin on fewer cores take turns.
    """
    main = {role: [_length(span) for span in spans if span.lane == "main" and span.role == role] for role in _MAIN}
    made = [_made(spans, lane) for lane in sorted({span.lane for span in spans} - {"main"})]
    turns = [after - before for batches in made for (_, before), (after, _) in pairwise(batches)]
    turn = min(turns, default=0.0)
    batch = _middle([turn + end - start for batches in made for start, end in batches])
    start = _rounded(sum(main["start-up"]) / max(1, len(made)))
    first = [batches[0][1] - batch - start * (number + 1) for number, batches in enumerate(made) if batches]
    begin = _rounded(max(0.0, _middle(first)) * min(1.0, cores / max(1, len(made))))
    loader = Loader(
        num_workers=len(made),
        receive=_middle(main["receive"]),
        step=_middle(main["step"]),
        cores=_rounded(cores),
        start=start,
        begin=begin,
    )
    cost = Batch(0.0, batch) if computes else Batch(batch)
    return Settings(cost, loader, max(1, len(main["step"])), slow_every, _rounded(slow_times))


_MAIN = ("start-up", "receive", "step")


def _made(spans: Sequence[TraceSpan], lane: str) -> list[tuple[float, float]]:
    """When a worker began and ended each of its batches, from the first item until it is collated."""
    own: dict[int, list[TraceSpan]] = {}
    for span in spans:
        if span.lane == lane and span.batch is not None:
            own.setdefault(span.batch, []).append(span)
    return [(min(span.start for span in each), max(span.end for span in each)) for each in own.values()]


def _length(span: TraceSpan) -> float:
    return span.end - span.start


def _middle(seconds: Sequence[float]) -> float:
    return _rounded(median(seconds)) if seconds else 0.0


def _rounded(value: float) -> float:
    """To as many digits as a link has."""
    return float(f"{value:.4g}")
