"""The arms of this experiment, by name."""

LOADER, WORKERS, SLICES = "DataLoader, 0 workers", "DataLoader, 4 workers", "slices of whole batches"
