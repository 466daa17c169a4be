"""What one snippet printed, as a file keeps it: a build's own, one that is published, one that a machine shares."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from snippets.lab.store import StrictError, past_day
from snippets.lab.unseen import unseen

GAP = "…"
"""A line that stands for what was left out."""
LONGEST = 6_000
"""Characters that are kept of what a snippet prints; of more, the beginning and the end."""
LONGEST_SHOWN = LONGEST + len(f"\n{GAP}\n")
LONGEST_REASON = 400
"""Characters."""
NAME = re.compile(r"\w+/\w+", re.ASCII)
HASH = re.compile(r"[0-9a-f]{0,64}")
VERSION = re.compile(r"[0-9A-Za-z.+~-]{1,40}")


@dataclass(frozen=True)
class Output:
    """What a snippet printed (`text`), on which `day` (2026-11-21), and under which versions.

    `source_hash`: of the snippet's code. `absent`: why it could not run here, or ""; then there is no text.
    """

    source_hash: str
    python: str
    torch: str
    day: str
    exit_code: int
    text: str
    absent: str


def problems(name: str, output: Output) -> Iterator[str]:
    """Why nothing that ran can have left this: the file has come from elsewhere."""
    try:
        past_day(output.day)
    except StrictError as error:
        yield str(error)
    if not NAME.fullmatch(name):
        yield "no snippet can be called so"
    if not HASH.fullmatch(output.source_hash):
        yield f"source_hash is {output.source_hash[:20]!r}"
    for version in (output.python, output.torch):
        if not VERSION.fullmatch(version):
            yield f"{version[:40]!a} is no version"
    for text, most in ((output.text, LONGEST_SHOWN), (output.absent, LONGEST_REASON)):
        if len(text) > most:
            yield f"a text has {len(text)} characters; {most} are enough"
        if signs := unseen(text):
            yield f"a text has a character that nobody sees: {min(signs)!a}"
