"""What nvidia-smi calls utilisation, asked again and again while something runs."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import torch

PAUSE_SECONDS = 0.1
ANSWER_SECONDS = 20
"""Within which it answers, even where the driver has to start first."""


def utilisation() -> float | None:
    """Of torch's first GPU, 0 to 1; None where nvidia-smi tells none.

    A command for each answer: one that repeats itself may keep its answers in a buffer.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    gpu = f"GPU-{torch.cuda.get_device_properties(0).uuid}"
    command = [program, f"--id={gpu}", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, timeout=ANSWER_SECONDS, check=True)
        return int(asked.stdout) / 100
    except (OSError, subprocess.SubprocessError, ValueError):
        return None


@contextmanager
def asking() -> Iterator[list[tuple[float, float]]]:
    """While the block runs, a thread asks. Yields its answers, which become more: when each came, and what it was."""
    answers: list[tuple[float, float]] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(PAUSE_SECONDS):
            if (share := utilisation()) is not None:
                answers.append((time.perf_counter(), share))

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield answers
    finally:
        over.set()
        thread.join()
