"""Numbers in pictures: short, honest about their digits, readable."""

import pytest

from snippets.lab.numbers import in_time_unit, number, time, time_unit


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1238.7, "1,240"),
        (999.6, "1,000"),
        (12_400_000, "12,400,000"),
        (312.4, "312"),
        (87.65, "87.7"),
        (2.0, "2"),
        (1.0812, "1.08"),
        (0.52, "0.52"),
        (0.0021, "0.0021"),
        (0.000123456, "0.000123"),
        (-5.25, "\u22125.25"),
    ],
)
def test_number(value: float, text: str) -> None:
    assert number(value) == text


def test_ticks_keep_all_their_digits() -> None:
    assert number(10_250, 6) == "10,250"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (1.0812, "1.08 s"),
        (0.9996, "1 s"),
        (0.25, "250 ms"),
        (0.0009999, "1 ms"),
        (0.00003812, "38.1 µs"),
        (1234.5, "1,230 s"),
    ],
)
def test_time(seconds: float, text: str) -> None:
    assert time(seconds).replace("\u00a0", " ") == text
    assert " " not in time(seconds)


def test_only_units_of_time_change() -> None:
    assert in_time_unit("samples/s", 0.001) == (1, "samples/s")
    assert in_time_unit("s", 3) == (1, "s")
    assert in_time_unit("s", 0.02) == (1000, "ms")
    assert in_time_unit("ms", 2500) == (0.001, "s")
    assert time_unit(2e-5) == (1e6, "µs")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        number(value)
    with pytest.raises(ValueError, match="not a finite number"):
        time(value)
