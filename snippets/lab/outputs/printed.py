"""What is printed into a pipe: its beginning and its end, however much is printed, and never more in memory."""

import os
import threading
from typing import IO

from snippets.lab.output import GAP

KEPT = 200_000
"""Bytes of the beginning, and of the end. Pages show far less: what is left out of a text makes it shorter."""
PIECE = 65_536


class Printed:
    """Reads a pipe to its end, in a thread of its own, and closes it. Whoever prints is never kept waiting."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._first, self._last = bytearray(), bytearray()
        self._is_cut = False
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def is_open(self) -> bool:
        """Whether somebody can still print."""
        return self._reader.is_alive()

    def wait(self, seconds: float) -> None:
        """Until nobody can print any more. Raises TimeoutError."""
        self._reader.join(seconds)
        if self.is_open:
            raise TimeoutError

    def text(self) -> str:
        """What was printed. Line ends are \\n; what is not UTF-8 is U+FFFD. Of too much, a GAP in whole lines."""
        if not self._is_cut:
            return _text(self._first + self._last)
        first, _, cut = _text(self._first).rpartition("\n")
        rest, _, last = _text(self._last).partition("\n")
        return f"{first or cut}\n{GAP}\n{last or rest}"

    def _read(self) -> None:
        with self._pipe:
            while piece := os.read(self._pipe.fileno(), PIECE):
                room = KEPT - len(self._first)
                self._first += piece[:room]
                self._last += piece[room:]
                if len(self._last) > KEPT:
                    self._is_cut = True
                    del self._last[:-KEPT]


def _text(printed: bytes | bytearray) -> str:
    return printed.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
