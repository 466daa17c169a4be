"""How long a step on a GPU is made, on a card that is simulated: kernels that load, a clock that rises or swings.

What it does not prove: that a GPU does what this one does.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from snippets.lab.instruments import gpu_step
from snippets.lab.instruments.gpu_step import times_that_take

PRODUCT = 0.00025
"""Seconds for a product at full clock."""


class Card:
    """Takes `loading` seconds before its first product, and begins at a fifth of its clock, which rises to all of it
    within `rise` seconds of work; or swings by `swing`.
    """

    def __init__(self, loading: float = 0.0, rise: float = 0.0, swing: float = 0.0) -> None:
        self.now, self.loading, self.rise, self.swing = 0.0, loading, rise, swing
        self.worked, self.windows = 0.0, 0

    def run(self, times: int) -> None:
        self.windows += 1
        self.now += self.loading
        self.loading = 0.0
        for _ in range(times):
            clock = min(1.0, 0.2 + 0.8 * self.worked / self.rise) if self.rise else 1.0
            took = PRODUCT / clock * (1 + self.swing * (self.windows % 2))
            self.now += took
            self.worked += took


@pytest.fixture
def on_card(monkeypatch: pytest.MonkeyPatch) -> Callable[[Card], Card]:
    def put(card: Card) -> Card:
        class Event:
            def __init__(self, enable_timing: bool) -> None:
                assert enable_timing

            def record(self) -> None:
                self.at, self.is_over = card.now, False

            def synchronize(self) -> None:
                self.is_over = True

            def elapsed_time(self, end: Any) -> float:
                assert end.is_over, "asked before the GPU was there"
                return 1000 * (end.at - self.at)

        monkeypatch.setattr(torch.cuda, "Event", Event)
        return card

    return put


@pytest.mark.parametrize("loading", [0.0, 0.05])
@pytest.mark.parametrize("rise", [0.0, 0.1, 0.5])
def test_a_step_is_as_long_as_asked_at_the_clock_it_settles_on(
    on_card: Callable[[Card], Card], loading: float, rise: float
) -> None:
    card = on_card(Card(loading, rise))
    assert times_that_take(0.010, card.run) == 40
    assert card.windows <= 8


def test_a_step_is_one_product_at_least(on_card: Callable[[Card], Card]) -> None:
    assert times_that_take(PRODUCT / 10, on_card(Card()).run) == 1


def test_a_clock_that_swings_is_no_clock(on_card: Callable[[Card], Card]) -> None:
    with pytest.raises(RuntimeError, match="clock did not settle"):
        times_that_take(0.010, on_card(Card(swing=0.2)).run)


def test_a_step_multiplies_so_many_times_and_waits_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    multiplied: list[int] = []

    def randn(*size: int, device: str, dtype: torch.dtype) -> torch.Tensor:
        assert (device, dtype) == ("cuda", torch.float16), "cards before Ampere emulate bfloat16"
        return torch.empty(*size, dtype=dtype, device="meta")

    monkeypatch.setattr(torch, "randn", randn)
    monkeypatch.setattr(torch, "mm", lambda left, right, out: multiplied.append(len(left)))
    monkeypatch.setattr(gpu_step, "seconds_each", lambda run: 0.001)
    monkeypatch.setattr(torch.cuda, "synchronize", lambda: pytest.fail("it waited"))
    gpu_step.products(0.007)()
    assert multiplied == [2048] * 7


@pytest.mark.parametrize(
    ("product", "size", "times"), [(28e-6, 4096, 27), (2e-6, 16384, 6), (0.0002, 2048, 30), (0.004, 2048, 2)]
)
def test_products_are_large_enough_for_few_of_them_to_keep_the_gpu_busy(
    monkeypatch: pytest.MonkeyPatch, product: float, size: int, times: int
) -> None:
    """A card that multiplies faster gets larger ones: twice the rows are eight times the work."""
    made: list[int] = []

    def multiplying(rows: int) -> Callable[[int], None]:
        return lambda times: made.extend([rows] * times)

    def seconds_each(run: Callable[[int], None]) -> float:
        run(1)
        return product * (made.pop() / gpu_step.MATRIX) ** 3

    monkeypatch.setattr(gpu_step, "multiplying", multiplying)
    monkeypatch.setattr(gpu_step, "seconds_each", seconds_each)
    step = gpu_step.products(0.006)
    assert made == []
    step()
    assert made == [size] * times
