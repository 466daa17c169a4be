"""The arms of this experiment, by name."""

NONE, TWO, FOUR = "0 workers", "2 workers", "4 workers"
