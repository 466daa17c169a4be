"""The arms of this experiment, by name."""

COUNTS = (0, 1, 2, 4, 8, 16)
"""Workers. Tried are those of which at most two share a core."""
DECODING, REPLAYED = "decoding alone", "one batch replayed"
"""Photos that one process decodes, and no step; the step, and nothing is decoded."""


def tried(cores: float) -> list[int]:
    return [count for count in COUNTS if count <= max(2, 2 * cores)]


def arm(count: int) -> str:
    return f"{count} workers"


def on_gpu(count: int) -> str:
    """Where the photos are augmented; else it is done in the workers."""
    return f"{count} workers, augmented on the GPU"
