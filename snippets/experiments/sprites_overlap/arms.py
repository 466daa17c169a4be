"""The arms of this experiment, by name."""

ALONE, HELPED, UNTRACED = "0 workers", "4 workers", "4 workers, untraced"
