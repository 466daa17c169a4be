"""The arms of this experiment, by name."""

BESIDE_OTHERS = True
"""Nothing is timed, and what is counted is its own."""

LIBRARIES = ("torch", "random", "numpy")
"""Those with a generator of their own; what each drew is a value of the first arm."""

GENERATORS = "each library’s own generator"
GENERATOR_HELD = "generator held"
GENERATOR_FROM_SEED = "generator from the worker’s seed"
GENERATOR_RESEEDED = "generator reseeded"
EPOCH_ATTRIBUTE = "epoch in an attribute"
EPOCH_SHARED = "epoch in shared memory"
NOT_SHARDED = "iterable, not sharded"
SHARDED = "iterable, sharded"
FILE_SHARED = "file shared"
FILE_OWN = "file of its own"
TWO_RUNS = "two runs"
IN_ORDER = "in order"
OUT_OF_ORDER = "out of order"
RESUMED_BY_SKIPPING = "resumed by skipping"
RESUMED_BY_ORDER = "resumed by order"
SHARDS = "shards"
SHARDS_WITHOUT_RANK = "shards, no rank"
