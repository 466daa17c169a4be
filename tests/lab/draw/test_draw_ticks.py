"""Where an axis has its numbers."""

import pytest

from snippets.lab.draw.sheet import linear_ticks


@pytest.mark.parametrize(
    ("ends", "at_most", "whole", "ticks"),
    [
        ((0, 4), 9, False, [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4]),
        ((0, 4), 9, True, [0, 1, 2, 3, 4]),
        ((0, 4), 2, True, [0, 2, 4]),
        ((0, 0.4), 4, False, [0, 0.1, 0.2, 0.3, 0.4]),
    ],
)
def test_ticks(ends: tuple[float, float], at_most: int, whole: bool, ticks: list[float]) -> None:
    assert linear_ticks(*ends, at_most, whole) == pytest.approx(ticks)
