"""The arms of this experiment, by name: each of STAIRS keeps what the one before it does."""

AS_WRITTEN = "as written"
CROPPED = "crop first"
SMALLER = "decode smaller"
BYTES = "return bytes"
STORED = "store small files"
MAPPED = "map decoded photos"
STAIRS = (AS_WRITTEN, CROPPED, SMALLER, BYTES, STORED, MAPPED)

PREPARED = "brighten and normalise batches"
"""What BYTES and those after it leave to the device, done by one core."""
