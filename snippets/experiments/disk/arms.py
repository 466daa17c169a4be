"""The arms of this experiment, by name."""

KINDS, PAGES, COUNTS = ("sprites", "photos"), ("cold", "warm"), (0, 4)


def arm(kind: str, pages: str, count: int) -> str:
    return f"{kind}, {pages}, {count} workers"
