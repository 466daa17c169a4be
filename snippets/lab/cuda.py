"""Whether an experiment for a CUDA GPU can run here."""

import torch


def missing() -> str | None:
    """Why it cannot; None where it can."""
    return None if torch.cuda.is_available() else "no CUDA GPU on this machine"
