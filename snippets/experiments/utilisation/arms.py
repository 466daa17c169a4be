"""The arms of this experiment, by name."""

ONE_THREAD = "one thread computes"
STARVED = "waits for its batches"
HELD_UP = "waits for itself"
"""Three loops: what each does beside a step on the GPU."""
