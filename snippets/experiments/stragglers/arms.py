"""The arms of this experiment, by name."""

FACTORS = (1, 2, 4, 8)
ARMS = (
    *(("some slow", factor, in_order) for factor in FACTORS for in_order in (True, False)),
    ("every 16th slow", 2, True),
    ("none slow", FACTORS[0], True),
    ("none slow", FACTORS[-1], True),
)
"""Case, prefetch_factor, in_order."""


def arm(case: str, prefetch_factor: int, in_order: bool) -> str:
    return f"{case}, prefetch_factor={prefetch_factor}, {'in order' if in_order else 'out of order'}"
