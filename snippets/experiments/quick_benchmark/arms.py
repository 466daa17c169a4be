"""The arms of this experiment, by name."""

AS_WRITTEN, CORRECTED = "as written", "corrected"
