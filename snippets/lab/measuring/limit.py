"""How long one command may measure."""

import argparse
import math
import time
from dataclasses import dataclass, field

GRACE_SECONDS = 60.0
"""For so long a pass that was begun in time may go on after it."""


def number_of_minutes(text: str) -> float:
    """What a user says. Raises ArgumentTypeError, in argparse's own words, also for what a float calls no number."""
    try:
        minutes = float(text)
    except ValueError:
        minutes = math.nan
    if math.isnan(minutes):
        raise argparse.ArgumentTypeError(f"invalid float value: {text!r}")
    return minutes


@dataclass(frozen=True)
class Limit:
    """So many `minutes` from when it `began`, on the clock of `time.monotonic`."""

    minutes: float = math.inf
    began: float = field(default_factory=time.monotonic)

    @property
    def is_set(self) -> bool:
        return self.minutes < math.inf

    @property
    def nothing(self) -> bool:
        """Whether nothing may be begun at all."""
        return self.minutes <= 0

    @property
    def until(self) -> float:
        return self.began + 60 * self.minutes

    @property
    def cut(self) -> float:
        """When whatever still runs is stopped, on the same clock."""
        return self.until + GRACE_SECONDS

    def allows(self, seconds: float) -> bool:
        """Whether something that takes so long would end in time, if it began now."""
        return time.monotonic() + seconds < self.until
