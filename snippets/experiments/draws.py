"""Which of many workloads a short form measures: those of a day, for all of them take minutes."""

import random
from collections.abc import Sequence
from datetime import date


def drawn(names: Sequence[str], always: str, count: int, day: date) -> list[str]:
    """The one that is measured `always`, and `count` others. Each has its turn before one is drawn again."""
    others = [name for name in names if name != always]
    deal, turn = divmod(day.toordinal(), -(-len(others) // count))
    random.Random(deal).shuffle(others)
    return [always, *others[turn * count : (turn + 1) * count]]
