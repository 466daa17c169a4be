"""The arms of this experiment, by name."""

PAGEABLE, PINNED = "pageable", "pinned"
MEMORIES = (PAGEABLE, PINNED)
SIZES = tuple(2**power for power in range(12, 29, 2))
"""Bytes of a copy: from a page to a very large batch."""
UINT8, FLOAT32 = "a batch as uint8, made float32 on the GPU", "a batch as float32"


def arm(memory: str, size: int) -> str:
    return f"{memory}, {size} bytes"
