"""The arms of this experiment, by name."""

ALONE, HELPED = "0 workers", "1 workers"
FREE, LIMITED = "NumPy, its own threads", "NumPy, one thread"
