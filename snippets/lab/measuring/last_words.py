"""Why a pass ended early, by the last lines that its process wrote to standard error."""

import re
from collections.abc import Iterable

REASON_CHARACTERS = 300
REFUSALS = {
    r"busy or unavailable": "the GPU takes no further process (compute mode exclusive, or another program has it)",
    r"CUDA (error: )?out of memory": "the GPU has too little free memory",
}
"""What CUDA says where a GPU is there and cannot be had, as a pattern, and what that says of the machine."""


def last_words(noise: Iterable[str]) -> str:
    """The exception's own line of a traceback: the last line that is not indented."""
    lines = [line.rstrip() for line in noise if line.strip() and not line.startswith((" ", "\t"))]
    return lines[-1][:REASON_CHARACTERS] if lines else ""


def refusal(noise: Iterable[str]) -> str:
    """What the machine's GPU did not give; "" where it was something else. These are not the last words, for torch puts
    advice behind those of CUDA.
    """
    text = "".join(noise)
    return next((reason for words, reason in REFUSALS.items() if re.search(words, text)), "")
