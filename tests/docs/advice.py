"""What a check says to whoever changed a page: what is wrong, where, and what to do."""

from collections.abc import Iterable


def nothing(found: Iterable[str], advice: str) -> None:
    """Fail where anything was found, with the advice first and then each find on a line of its own."""
    listed = sorted(found)
    assert not listed, "\n".join([advice, *(f"  {each}" for each in listed)])
