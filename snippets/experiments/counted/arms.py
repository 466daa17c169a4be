"""The arms of this experiment, by name."""

BESIDE_OTHERS = True
"""Nothing is timed, and what is counted is its own."""

ALONE = "0 workers"
HELPED = "4 workers"
NOTHING_TAKEN = "4 workers, nothing taken"
EPOCHS = "3 epochs"
EPOCHS_PERSISTENT = "3 epochs, persistent_workers"
AS_WRITTEN = "100 batches, as written"
RANGES = "num_workers = 4-8, 2-4"
SCRIPTS = "scripts"
ERROR = "an error in a worker"
PINNING = "pin_memory=True"
