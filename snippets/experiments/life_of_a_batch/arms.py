"""The arms of this experiment, by name."""

ARM = "3 workers"
