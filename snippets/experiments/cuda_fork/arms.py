"""The arms of this experiment, by name."""

FORK, SPAWN = "fork", "spawn"
"""Workers whose parent has used CUDA."""
ASKED = {
    "fork, after is_available() alone": "is_available",
    "fork, after device_count() alone": "device_count",
}
"""Forked workers whose parent has only asked: the function of `torch.cuda`, by arm."""
IS_AVAILABLE, DEVICE_COUNT = ASKED
