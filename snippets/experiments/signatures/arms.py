"""The arms of this experiment, by name, and their settings."""

FED, STARVED, BURSTS, STRAGGLER = "fed", "starved", "bursts", "straggler"
SLOW_FIRST_BATCH = "slow first batch"
ALONE, BUSY_NEIGHBOUR = "alone", "busy neighbour"
MORE_AHEAD, REPLAYED = "bursts, more ahead", "starved, replayed"

BURST = 4
"""Workers of `bursts`."""
EPOCH = 8
"""Batches of an epoch of `slow first batch`."""
AHEAD = 8
"""`prefetch_factor` of `bursts, more ahead`; all others have the default."""
