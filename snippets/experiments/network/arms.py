"""The arms of this experiment, by name."""

COUNTS = (0, 1, 2, 4, 8, 16)
"""Workers that ask for one item after the other."""
LIMITED_COUNTS = (4, 8, 16)
"""The same, where the server answers few requests at a time: with fewer workers than that, it is no other server."""
THREADED = (0, 1, 2)
"""Workers that ask for all items of a batch at once."""

ANY, FEW = "any number at a time", "few at a time"
"""How many requests the server answers."""


def one_by_one(count: int, server: str = ANY) -> str:
    return f"{count} workers, one by one, {server}"


def at_once(count: int, server: str = ANY) -> str:
    return f"{count} workers, a batch at once, {server}"
