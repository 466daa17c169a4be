"""The arms of this experiment, by name, and their settings."""

BURST = 4
"""Workers of `bursts`."""
EPOCH = 8
"""Batches of an epoch of `slow first batch`."""
AHEAD = 8
"""`prefetch_factor` of `bursts, more ahead`; all others have the default."""
