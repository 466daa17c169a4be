"""Copies to the GPU by size, memory and type: on a machine without a GPU, what is copied from where to
where, waited for and timed, what is claimed and said.

The GPU is replaced by a clock that its calls move. What it does not prove: that a GPU answers like that, or any number.
"""

from typing import Any

import pytest
import torch

from snippets.experiments.copies import measure, show
from snippets.experiments.copies.arms import FLOAT32, MEMORIES, PAGEABLE, PINNED, SIZES, UINT8, arm
from snippets.lab.figures.drawing import draw
from snippets.lab.figures.figure import Lines
from snippets.lab.instruments.experiment import Sample
from snippets.lab.judging.claim import NotHere
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import inside
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import estimate

from .gpu import Gpu
from .results import claim, plain, plain_values, result, statistics

SMALLEST, LARGEST = SIZES[0], SIZES[-1]
COPIES = {arm(memory, size): (memory, size) for memory in MEMORIES for size in SIZES}


class Noting:
    """In the place of a tensor: notes what is done with it. `name`: what it is, and how much of it."""

    def __init__(self, name: tuple[object, ...], done: list[Any]) -> None:
        self.name, self.done = name, done

    def __getitem__(self, part: slice) -> "Noting":
        assert not part.start and not part.step
        return Noting((*self.name, part.stop), self.done)

    def copy_(self, source: Any, non_blocking: bool) -> None:
        assert non_blocking, "the call is not what is waited for"
        self.done.append((source.name, self.name))

    def to(self, device: str, non_blocking: bool) -> "Noting":
        assert device == "cuda" and non_blocking
        self.done.append(self.name)
        return self

    def __truediv__(self, by: int) -> None:
        self.done.append(("divided by", by))


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is copied in the runs of the arms, each copy once. What is made is noted, too."""
    done: list[Any] = []

    def once(copy: Any) -> Sample:
        copy()
        return Sample({"seconds": 1.0})

    def made(*name: object) -> Noting:
        done.append(("made", *name))
        return Noting(name, done)

    monkeypatch.setattr(measure, "per_copy", once)
    monkeypatch.setattr(measure, "on_the_gpu", lambda: made("room"))
    monkeypatch.setattr(measure, "source", lambda memory: made(memory))
    monkeypatch.setattr(measure, "batch", lambda dtype: made(dtype))
    return done


@pytest.mark.parametrize("name", COPIES)
def test_an_arm_copies_as_many_bytes_from_the_memory_that_it_names(done: list[Any], name: str) -> None:
    memory, size = COPIES[name]
    with measure.EXPERIMENT.prepared() as arms:
        assert done == [], "a machine without a GPU may ask which arms there are"
        arms[name]()
    assert done[-1] == ((memory, size), ("room", size))


def test_a_batch_is_sent_as_it_is_and_uint8_is_made_float_on_the_gpu(done: list[Any]) -> None:
    with measure.EXPERIMENT.prepared() as arms:
        arms[UINT8]()
        assert done[1:] == [(torch.uint8,), ("divided by", 255)]
        done.clear()
        arms[FLOAT32]()
        assert done[1:] == [(torch.float32,)]


def test_what_is_copied_is_made_once(done: list[Any]) -> None:
    with measure.EXPERIMENT.prepared() as arms:
        for _ in range(2):
            for run in arms.values():
                run()
    made = [each[1:] for each in done if each[0] == "made"]
    assert sorted(made, key=str) == sorted(
        [("room",), ("pageable",), ("pinned",), (torch.uint8,), (torch.float32,)], key=str
    )


def test_memory_is_pinned_where_it_is_called_so_and_as_large_as_the_largest_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measure, "SIZES", (8, 64))
    monkeypatch.setattr(measure, "IMAGES", 2)
    monkeypatch.setattr(torch.Tensor, "pin_memory", lambda tensor: ("pinned", tensor.nbytes))
    assert measure.source(PINNED) == ("pinned", 64)
    assert measure.source(PAGEABLE).nbytes == 64
    assert measure.batch(torch.uint8) == ("pinned", 2 * 3 * 224 * 224)
    assert measure.batch(torch.float32) == ("pinned", 4 * 2 * 3 * 224 * 224)


@pytest.mark.parametrize(
    ("copy", "copies", "bus"),
    [(0.6 * measure.SECONDS, 2, True), (0.3 * measure.SECONDS, 4, False), (10.0, 1, True)],
)
def test_each_copy_is_waited_for_and_the_first_one_not_timed(
    monkeypatch: pytest.MonkeyPatch, gpu: Gpu, copy: float, copies: int, bus: bool
) -> None:
    """The first one also takes memory, and the GPU's clock is low. What was queued before is no part of it."""
    begun: list[float] = []

    def queue() -> None:
        gpu.queued += 100 * copy if not begun else copy
        begun.append(gpu.now)
        assert len(begun) < 100, "it does not end"

    def clock() -> float:
        gpu.now += 1e-5
        return gpu.now

    monkeypatch.setattr(measure.time, "perf_counter", clock)
    gpu.queued = 5000.0
    monkeypatch.setattr(measure, "across_a_bus", lambda: bus)
    assert measure.per_copy(queue).values == {"seconds": pytest.approx(copy, rel=0.01), "bus": float(bus)}
    assert len(begun) == 1 + copies == gpu.waits


# What is claimed and said.


def copied(rates: dict[str, tuple[float, float]], uint8: float, float32: float, bus: float = 1.0) -> Measured:
    """Of each memory: GB/s of the smallest copy and of all others."""
    seconds = {
        name: size / 1e9 / rates[memory][0 if size == SMALLEST else 1] for name, (memory, size) in COPIES.items()
    }
    values = {name: {"seconds": each, "bus": bus} for name, each in {**seconds, UINT8: uint8, FLOAT32: float32}.items()}
    return result("seconds", values, sizes=[*SIZES], images=12)


MEASURED = copied({PAGEABLE: (0.25, 5.0), PINNED: (0.5, 20.0)}, 0.004, 0.012)


def test_claims() -> None:
    assert statistics("copies", MEASURED) == pytest.approx(
        {"a-small-copy-leaves-the-bus-idle": 40.0, "float-batches-take-longer-to-copy": 3.0}
    )


def test_what_a_claim_says_of_its_sizes_is_so() -> None:
    assert claim("a-small-copy-leaves-the-bus-idle").statistic.words.endswith(
        "of 256 MiB to the GPU over those of one of 4 KiB"
    )
    assert (SMALLEST, LARGEST) == (4 * 2**10, 256 * 2**20)
    assert [larger / size for size, larger in zip(SIZES, SIZES[1:], strict=False)] == [4.0] * (len(SIZES) - 1), (
        "even steps on a log scale"
    )


def held(measured: Measured) -> list[bool]:
    """Which claims hold."""
    return [inside(one.bounds, estimate(one.statistic.of(measured))) for one in claims("copies")]


def theory(bus: float, memory: float, to_begin: float) -> Measured:
    """A card with so many GB/s over the bus and in its own memory, and so many seconds to begin and end a copy."""
    images = measure.IMAGES * 3 * 224 * 224 / 1e9
    small, large = SMALLEST / 1e9, LARGEST / 1e9
    rates = small / (to_begin + small / bus), large / (to_begin + large / bus)
    converted = to_begin + images / bus + 5 * images / memory
    return copied({PAGEABLE: rates, PINNED: rates}, converted, to_begin + 4 * images / bus)


CARDS = {
    "T4": (12, 300, 8e-6),
    "A100": (25, 1500, 8e-6),
    "H100": (52, 3000, 6e-6),
    "H100, slow to begin": (52, 3000, 2e-5),
}


@pytest.mark.parametrize("card", CARDS)
def test_cards_meet_the_bounds_with_room(card: str) -> None:
    """By arithmetic from what data sheets say; a factor of 1.2 in either direction changes no verdict."""
    measured = theory(*CARDS[card])
    assert held(measured) == [True, True]
    found, (idle, longer) = statistics("copies", measured), (one.bounds for one in claims("copies"))
    assert 1.2 * idle.low <= found["a-small-copy-leaves-the-bus-idle"]
    assert 1.2 * longer.low <= found["float-batches-take-longer-to-copy"] <= longer.high / 1.2


def test_bounds_can_be_missed() -> None:
    """If the size of a copy, or of a batch, made no difference."""
    assert held(copied({PAGEABLE: (5.0, 5.0), PINNED: (20.0, 20.0)}, 0.01, 0.01)) == [False, False]


def test_what_a_fast_bus_makes_of_sizes_can_be_read() -> None:
    """A share of it would be printed as none."""
    judged = claim("a-small-copy-leaves-the-bus-idle")
    (found,) = {*judged.statistic.of(copied({PAGEABLE: (0.2, 50.0), PINNED: (0.2, 50.0)}, 0.01, 0.01))}
    assert plain(judged.say(found)) == "250 times"


def test_nothing_is_claimed_where_no_bus_is_crossed() -> None:
    for one in claims("copies"):
        with pytest.raises(NotHere, match="as its own"):
            one.statistic.of(copied({PAGEABLE: (0.25, 5.0), PINNED: (0.5, 20.0)}, 0.004, 0.012, bus=0.0))


def test_values_and_figure() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["smallest"], values["largest"], values["images"]) == ("4 KiB", "256 MiB", "12")
    assert (values["pageable_smallest"], values["pageable_largest"]) == ("0.25 GB/s", "5 GB/s")
    assert (values["pinned_smallest"], values["pinned_largest"]) == ("0.5 GB/s", "20 GB/s")
    assert (values["uint8"], values["float32"]) == ("4 ms", "12 ms")
    figure = show.figure(MEASURED)
    assert "<svg" in draw("copies", figure.chart, figure.message)
    assert "at 20 GB/s from pinned memory and at 5 GB/s from pageable" in plain(figure.message)
    assert "takes 12 ms as float32, and 4 ms as uint8" in plain(figure.message)
    assert isinstance(figure.chart, Lines) and figure.chart.x_steps and figure.chart.y_scale == "log"
    lines = {series.label: series for series in figure.chart.panels[0].series}
    assert {*lines} == {*MEMORIES}
    assert [point.x for point in lines[PINNED].points] == [4.0 * 4**step for step in range(len(SIZES))]
    for memory, rates in ((PAGEABLE, (0.25, 5.0)), (PINNED, (0.5, 20.0))):
        assert [point.y.median for point in lines[memory].points][:2] == pytest.approx(rates)
    assert [plain(row[0]) for row in figure.table.rows][:2] == ["4 KiB", "16 KiB"]
    last = [plain(row[2]).split(" (")[0] for row in figure.table.rows]
    assert last[:2] == ["0.5 GB/s", "20 GB/s"] and last[-2:] == ["4 ms", "12 ms"]
