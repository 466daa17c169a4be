"""Numbers are printed with the digits that were measured, and never as NaN."""

import math

import pytest

from snippets.lab.numbers import (
    MINUS,
    NBSP,
    counted,
    duration,
    in_time_unit,
    megabytes,
    number,
    percent,
    rounded,
    time_unit,
    times,
)
from snippets.lab.results.stats import Estimate, interval


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1238.7, "1,240"),
        (312.4, "312"),
        (87.65, "87.7"),
        (0.52, "0.52"),
        (2.0, "2"),
        (0.0, "0"),
        (-0.0, "0"),
        (-3.14159, f"{MINUS}3.14"),
        (999.6, "1,000"),
        (9.996, "10"),
        (0.00012345, "0.000123"),
        (12_345_678.0, "12,300,000"),
    ],
)
def test_three_significant_digits_and_no_invented_ones(value: float, shown: str) -> None:
    assert number(value) == shown


def test_ticks_keep_all_their_digits() -> None:
    assert number(10_250, 6) == "10,250"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_not_a_number(value: float) -> None:
    for show in (number, rounded, duration, times, time_unit, megabytes, percent):
        with pytest.raises(ValueError, match="finite"):
            show(value)
    with pytest.raises(ValueError, match="finite"):
        interval(Estimate(1.0, 0.5, value, 7))


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (1.0812, "1.08 s"),
        (0.25, "250 ms"),
        (0.9999, "1 s"),
        (0.0009999, "1 ms"),
        (0.0000512, "51.2 µs"),
        (0.0, "0 s"),
        (1234.5, "1,230 s"),
    ],
)
def test_a_time_in_the_unit_that_reads_best(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown.replace(" ", NBSP)


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [
        (2.04, "2.0"),
        (0.456, "0.46"),
        (0.043, "0.043"),
        (0.9, "0.9"),
        (0.996, "1.0"),
        (9.94, "9.9"),
        (9.96, "10"),
        (1234, "1,200"),
    ],
)
def test_how_many_times(ratio: float, shown: str) -> None:
    assert times(ratio) == f"{shown}{NBSP}times"


def test_percent() -> None:
    assert percent(0.766) == f"77{NBSP}%"
    assert percent(0) == f"0{NBSP}%"
    assert percent(1) == f"100{NBSP}%"


@pytest.mark.parametrize(("size", "shown"), [(31_457_280, "31"), (0, "< 0.1"), (100_000, "0.1"), (2.345e9, "2,300")])
def test_megabytes_are_a_million_bytes(size: float, shown: str) -> None:
    assert megabytes(size) == f"{shown}{NBSP}MB"


def test_an_interval_stands_beside_its_median() -> None:
    estimate = Estimate(1.08, 1.05, 1.12, 7)
    assert interval(estimate, "s") == f"1.08{NBSP}s (1.05 to 1.12)"
    assert interval(estimate) == "1.08 (1.05 to 1.12)"


def test_a_chart_changes_only_units_of_time() -> None:
    assert in_time_unit("samples/s", 0.001) == (1.0, "samples/s")
    assert in_time_unit("s", 0.02) == (1e3, "ms")
    assert in_time_unit("ms", 2000) == (1e-3, "s")
    assert in_time_unit("s", 2) == (1.0, "s")


def test_one_thing_and_more() -> None:
    assert [counted(count, "round") for count in (0, 1, 2)] == ["0 rounds", "1 round", "2 rounds"]
