"""The arms of this experiment, by name."""


def alone(pieces: int) -> str:
    return f"{pieces} pieces, 0 workers"


def handed(pieces: int) -> str:
    return f"{pieces} pieces, 1 worker"


def floats(count: int) -> str:
    return f"{count:,} floats, 1 worker"


WAITING, IN_PYTHON = "received while its worker waits", "received while its worker runs Python"
