"""Numbers as a figure prints them: three significant digits, thousands separators, SI prefixes for time."""

import math

NBSP = "\u00a0"
MINUS = "\u2212"

TIME_UNITS = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}
"""The units that `in_time_unit` may change, in seconds."""


def rounded(value: float, digits: int = 3) -> float:
    """`value` to so many significant digits. Raises ValueError if it is not finite."""
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return float(f"{value:.{digits - 1}e}")


def number(value: float, digits: int = 3) -> str:
    """`1238.7` → `1,240`, `0.52` → `0.52`, `2.0` → `2`: at most `digits` significant digits, none invented."""
    value = rounded(value, digits)
    if value == 0:
        return "0"
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{abs(value):,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text


def time_unit(largest: float) -> tuple[float, str]:
    """The unit in which `largest` seconds read best, as (units per second, name): s, ms or µs."""
    largest = abs(rounded(largest))
    if largest >= 1 or largest == 0:
        return 1.0, "s"
    return (1e3, "ms") if largest >= 1e-3 else (1e6, "µs")


def duration(seconds: float) -> str:
    """`1.0812` → `1.08 s`, `0.25` → `250 ms`, with a space that does not break."""
    factor, unit = time_unit(seconds)
    return f"{number(seconds * factor)}{NBSP}{unit}"


def in_time_unit(unit: str, largest: float) -> tuple[float, str]:
    """How a chart in `unit` is shown: (factor on its values, unit). Only s, ms and µs ever change."""
    if unit not in TIME_UNITS:
        return 1.0, unit
    seconds = TIME_UNITS[unit]
    factor, best = time_unit(largest * seconds)
    return (1.0, unit) if best == unit else (factor * seconds, best)


def times(ratio: float) -> str:
    """`2.04` → `2.0 times`, `0.043` → `0.043 times`: two digits, for that is what a shared machine resolves."""
    if abs(ratio) < 0.995:
        return f"{number(ratio, 2)}{NBSP}times"
    return f"{rounded(ratio, 2):,.{1 if abs(ratio) < 9.95 else 0}f}{NBSP}times"


def exact_times(ratio: float) -> str:
    """`1.2` → `1.2 times`, `1.15` → `1.15 times`: what was not measured, to the third digit."""
    two = rounded(ratio, 2)
    return times(ratio) if math.isclose(two, ratio) else f"{number(ratio)}{NBSP}times"


def percent(share: float) -> str:
    """`0.766` → `77 %`."""
    whole = round(rounded(share * 100, 15))
    return f"{MINUS if whole < 0 else ''}{abs(whole):,}{NBSP}%"


def megabytes(size: float) -> str:
    """`31457280` → `31 MB` (10^6 bytes)."""
    return f"{number(size / 1e6, 2) if abs(rounded(size, 15)) >= 1e5 else '< 0.1'}{NBSP}MB"


def counted(count: int, noun: str) -> str:
    """`1 round`, `7 rounds`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
