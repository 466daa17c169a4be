"""The arms of this experiment, by name: each of STAIRS keeps what the one before it does."""

AS_WRITTEN = "as written"
CROPPED = "crop first"
SMALLER = "decode smaller"
BYTES = "return bytes"
STORED = "store small files"
PACKED = "pack them into one file"
MAPPED = "map decoded photos"
STAIRS = (AS_WRITTEN, CROPPED, SMALLER, BYTES, STORED, PACKED, MAPPED)

CACHED = "cache, without workers"
NEW = "own caches, 2 workers, new in each epoch"
KEPT = "own caches, 2 workers, persistent_workers"
SHARED = "shared cache, 2 workers, persistent_workers"
CACHES = (CACHED, NEW, KEPT, SHARED)
"""Instead of what comes after BYTES: caches of the photos that it decodes, in their second epoch."""

PREPARED = "brighten and normalise batches"
"""What BYTES and those after it leave to the device, done by one core."""
