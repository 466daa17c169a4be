"""The arms of this experiment, by name."""

BESIDE_OTHERS = True
"""Nothing is timed but one hang, and what is counted is its own."""

ITEM_BY_ITEM = "item by item"
BATCH_BY_BATCH = "batch by batch"
SAMPLER = "sampler"
INIT = "worker_init_fn"
INIT_PERSISTENT = "worker_init_fn, persistent_workers"
AHEAD = "prefetch_factor=3"
DROP_LAST = "drop_last"
TIMEOUT = "timeout=1"
WITHOUT_WORKERS = "without workers"
BREAK = "break"
BREAK_PERSISTENT = "break, persistent_workers"
GENERATOR = "generator"
