"""The snippets that time or weigh something take the right difference of the right moments: tried with a clock of our
own.

What it does not prove: that the times are right on a real clock; there each build measures.
"""

import runpy
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from snippets.pages.arguments import shuffle_in_blocks
from snippets.pages.choose_num_workers import verify
from snippets.pages.find_the_bottleneck import (
    bursts,
    busy_neighbour,
    fed,
    headspace,
    slow_first_batch,
    starved,
    straggler,
)
from snippets.pages.front_page import wait_fraction
from snippets.pages.helper_sprites import optional_num_workers
from snippets.pages.inside_the_loader import one_long_epoch
from snippets.pages.optimization_guide import complete_example, too_many_workers
from snippets.pages.what_a_worker_costs import few_large_tensors, preloaded_forkserver, shared_memory

WAITING = (bursts, busy_neighbour, fed, slow_first_batch, starved, straggler)
TIMED = (
    *WAITING,
    optional_num_workers,
    complete_example,
    too_many_workers,
    verify,
    wait_fraction,
    headspace,
    few_large_tensors,
    preloaded_forkserver,
    shared_memory,
    one_long_epoch,
    shuffle_in_blocks,
)


class Clock:
    """Stands at 100 s and goes on only when somebody sleeps or works; what is worked counts as CPU time, too."""

    def __init__(self) -> None:
        self.now = 100.0
        self.worked = 10.0

    def perf_counter(self) -> float:
        return self.now

    def thread_time(self) -> float:
        return self.worked

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def work(self, seconds: float) -> None:
        self.now += seconds
        self.worked += seconds

    def loads(self, batches: Iterable[Any], seconds: float) -> Iterator[Any]:
        """Batches that take so long each."""
        for batch in batches:
            self.sleep(seconds)
            yield batch


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    time = SimpleNamespace(perf_counter=made.perf_counter, sleep=made.sleep, thread_time=made.thread_time)
    for module in TIMED:
        monkeypatch.setattr(module, "time", time)
    return made


def loading(clock: Clock, seconds: float, batches: int = 10**6) -> Callable[..., Iterator[Any]]:
    """In the place of DataLoader."""
    return lambda *_, **__: clock.loads(range(batches), seconds)


@pytest.mark.parametrize(
    ("module", "timed", "batches", "seconds"),
    [
        (optional_num_workers, lambda: optional_num_workers.seconds_for_an_epoch(4), 8, 2.0),
        (few_large_tensors, lambda: few_large_tensors.seconds_per_batch([]), 10**6, 0.25),
        (preloaded_forkserver, preloaded_forkserver.seconds_to_first_batch, 10**6, 0.25),
    ],
)
def test_a_loader_of_batches_that_take_a_quarter_of_a_second(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, module: Any, timed: Callable[[], float], batches: int, seconds: float
) -> None:
    monkeypatch.setattr(module, "DataLoader", loading(clock, 0.25, batches))
    assert timed() == seconds


def test_what_is_given_is_timed(clock: Clock) -> None:
    assert shuffle_in_blocks.first_index(clock.loads([1, 2], 0.25)) == 0.25
    assert headspace.steps_per_second(clock.loads(range(99), 0.125), lambda _: clock.sleep(0.125), 0, 32) == 4.0


def test_headspace_leaves_out_first_steps(clock: Clock) -> None:
    """The first three take a second each; those of a quarter of a second follow."""
    batches = clock.loads([1.0] * 3 + [0.125] * 40, 0.125)
    assert headspace.steps_per_second(batches, clock.sleep, 3, 32) == 4.0


def test_each_name_of_the_complete_example_stands_for_its_loader(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made: list[dict[str, Any]] = []
    image, label = torch.zeros(1), torch.zeros(1)

    def loader(dataset: Any, batch_size: int, **options: Any) -> list[tuple[torch.Tensor, torch.Tensor]]:
        made.append(options)
        return [(image, label)]

    monkeypatch.setattr(torch.utils.data, "DataLoader", loader)
    runpy.run_path(str(complete_example.__file__), run_name="__main__")
    names = [*dict.fromkeys(line.partition(":")[0] for line in capsys.readouterr().out.splitlines())]
    helped, kept = {"num_workers": 2}, {"num_workers": 2, "persistent_workers": True}
    assert [*zip(names, made, strict=True)][:3] == [("Single", {}), ("Multi", helped), ("Multi, kept", kept)]


def test_the_complete_example(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The first batch comes after 0.25 s; four batches and four steps of 0.02 s are an epoch."""

    class Loader:
        def __iter__(self) -> Iterator[tuple[torch.Tensor, int]]:
            return clock.loads([(torch.zeros(1), 0)] * 4, 0.25)

    complete_example.time_epochs("four", Loader())
    assert capsys.readouterr().out == "four: first batch 0.25 s, epoch 1.08 s\n" * 2


@pytest.mark.parametrize("num_workers", [0, 4])
def test_batches_per_second(clock: Clock, monkeypatch: pytest.MonkeyPatch, num_workers: int) -> None:
    """The head start is not counted: 64 batches in 16 s are 4 per second."""
    taken: list[int] = []

    def batches(*_: Any, **settings: Any) -> Iterator[int]:
        assert settings["num_workers"] == num_workers
        for number in clock.loads(range(10**6), 0.25):
            taken.append(number)
            yield number

    monkeypatch.setattr(too_many_workers, "DataLoader", batches)
    assert too_many_workers.batches_per_second(num_workers) == 4.0
    assert len(taken) == 3 * num_workers + 1 + 64


@pytest.mark.parametrize(
    ("rates", "enough"),
    [
        ({0: 10, 2: 10, 4: 40, 8: 80, 16: 160}, 0),
        ({0: 10, 2: 20, 4: 21, 8: 80, 16: 160}, 2),
        ({0: 10, 2: 11, 4: 22, 8: 44, 16: 44}, 8),
        ({0: 10, 2: 20, 4: 40, 8: 80, 16: 160}, 16),
    ],
)
def test_enough_workers(monkeypatch: pytest.MonkeyPatch, rates: dict[int, float], enough: int) -> None:
    """The last count that paid a tenth more than the one before."""
    monkeypatch.setattr(too_many_workers, "batches_per_second", rates.__getitem__)
    assert too_many_workers.enough_workers() == enough


@pytest.mark.parametrize("num_workers", [0, 3])
def test_the_share_of_time_that_is_waited(clock: Clock, num_workers: int) -> None:
    """Of each second a step takes three quarters. The head start, of which the first batch is late, is not counted;
    an epoch that ends is followed by the next.
    """
    loader = Epochs(clock, num_workers)
    assert verify.wait_fraction(loader, lambda _: clock.sleep(0.75)) == 0.25
    assert loader.taken == 3 * num_workers + 1 + {0: 32, 3: 33}[num_workers], "whole turns of the workers"


def test_what_was_begun_before_is_no_part_of_a_wait(clock: Clock, accelerator: Callable[[Any], None]) -> None:
    """A step that takes as long as its batch is waited for half of the time, whatever the GPU still has to do."""
    assert verify.wait_fraction(Epochs(clock, 0), accelerator) == 0.5


def test_a_loader_without_batches_is_not_asked_for_ever(clock: Clock) -> None:
    empty = Epochs(clock, 0, length=0)
    with pytest.raises(StopIteration):
        verify.wait_fraction(empty, lambda _: None)


def test_what_the_front_page_prints(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    """The first batch, which takes a minute, is left out; then each step takes three times as long as its batch."""
    for _ in wait_fraction.timed(Epochs(clock, 0)):
        clock.sleep(0.75)
    assert capsys.readouterr().out == "the loop waits for 25% of its time\n"


def test_what_the_front_page_prints_beside_a_gpu(
    clock: Clock, accelerator: Callable[[Any], None], capsys: pytest.CaptureFixture[str]
) -> None:
    """A step that takes as long as its batch is waited for half of the time, though it returns at once."""
    for batch in wait_fraction.timed(Epochs(clock, 0)):
        accelerator(batch)
    assert capsys.readouterr().out == "the loop waits for 50% of its time\n"


class Epochs:
    """A loader of 16 batches an epoch, of a quarter of a second each; only the very first takes a minute."""

    def __init__(self, clock: Clock, num_workers: int, length: int = 16) -> None:
        self.clock, self.num_workers, self.length, self.taken = clock, num_workers, length, 0

    def __iter__(self) -> Iterator[int]:
        for number in range(self.length):
            self.clock.sleep(0.25 if self.taken else 60)
            self.taken += 1
            yield number


@pytest.mark.parametrize("module", WAITING)
def test_waits_before_each_batch(clock: Clock, module: Any) -> None:
    assert [*module.waits(clock.loads(range(3), 0.25), lambda _: clock.sleep(0.5))] == [0.25, 0.25, 0.25]


@pytest.fixture
def accelerator(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """A step that returns at once and is done a quarter of a second later, as on a GPU, in whose place this stands:
    `synchronize` waits for all that was begun. What a GPU itself does is left to tests/experiments/test_gpu.py.
    """
    done = [clock.now]

    def step(_: Any) -> None:
        done.append(max(done[-1], clock.now) + 0.25)

    monkeypatch.setattr(torch.accelerator, "is_available", lambda: True)
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda: clock.sleep(max(0.0, done[-1] - clock.now)))
    return step


@pytest.mark.parametrize("module", WAITING)
def test_a_step_that_returns_before_it_is_done_is_no_wait(
    clock: Clock, accelerator: Callable[[Any], None], module: Any
) -> None:
    """The batches take 0.125 s each, and none of the step's time is counted with them."""
    assert [*module.waits(clock.loads(range(3), 0.125), accelerator)] == [0.125, 0.125, 0.125]
    assert clock.now == 100 + 3 * (0.125 + 0.25)


def test_steps_that_return_before_they_are_done_are_timed_whole(
    clock: Clock, accelerator: Callable[[Any], None]
) -> None:
    """What was begun before is waited for first; 32 steps of a quarter of a second take eight."""
    accelerator(None)
    assert headspace.steps_per_second(repeat(0), accelerator, 0, 32) == 4.0
    assert clock.now == 100 + 0.25 + 8


def test_waits_of_a_long_epoch(clock: Clock) -> None:
    """In whole milliseconds, without the loop's own 0.12 s, which there is."""
    began = clock.now
    assert [*one_long_epoch.waits(clock.loads(range(3), 0.25))] == [250, 250, 250]
    assert clock.now - began == pytest.approx(3 * (0.25 + 0.12))


def test_rounds_have_every_item_once_and_another_order() -> None:
    rounds = [*one_long_epoch.Rounds(16, 4, rounds=3)]
    orders = [sum(rounds[at : at + 4], []) for at in (0, 4, 8)]
    assert [sorted(order) for order in orders] == [[*range(16)]] * 3
    assert len(rounds) == 12 and len({*map(tuple, orders)}) == 3


@pytest.mark.parametrize(("size", "block"), [(10, 4), (8, 4), (3, 10), (1, 1)])
def test_blocks_have_every_item_once_and_stay_together(size: int, block: int) -> None:
    sampler = shuffle_in_blocks.InBlocks(range(size), block)
    order = [*sampler]
    assert sorted(order) == [*range(size)] and len(sampler) == size
    blocks = [index // block for index in order]
    assert sum(one != next_ for one, next_ in zip(blocks, blocks[1:], strict=False)) == len({*blocks}) - 1


def test_orders_of_blocks_differ() -> None:
    orders = {tuple(shuffle_in_blocks.InBlocks(range(1000), 10)) for _ in range(3)}
    assert len(orders) == 3
    assert len({order[0] // 10 for order in orders} | {0}) > 1, "the blocks, too, come in random order"


class Listed:
    """A sampler that makes a list of a hundred thousand integers at its first index, some 36 bytes each."""

    def __iter__(self) -> Iterator[int]:
        yield from [number + 1000 for number in range(100_000)]


def test_what_a_sampler_holds_at_its_first_index_is_weighed() -> None:
    assert 3.5 < shuffle_in_blocks.megabytes(Listed()) < 4.5
    assert shuffle_in_blocks.megabytes(range(100_000)) < 0.1


def test_megabytes_that_lie_ahead(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lay there before is not counted, and what workers make is, until a second after each has delivered."""
    begun = clock.now
    monkeypatch.setattr(shared_memory, "DataLoader", loading(clock, 0.25))
    monkeypatch.setattr(shared_memory, "used", lambda: 3e6 + 8e6 * (clock.now - begun))
    assert shared_memory.megabytes_ahead(2, 2) == 8.0 * 1.5, "two batches of 0.25 s and a second"
