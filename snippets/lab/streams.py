"""What is printed reaches a stream of any encoding: that of Windows' pipes has no `−`."""

import io
import sys


def replace_what_stdout_lacks() -> None:
    """What its encoding lacks is written as a question mark, and raises nothing. Standard error has its own way."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
