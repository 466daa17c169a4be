"""What is published now at SITE_URL: results, accepted values and outputs of snippets, fetched and read as data."""

import os
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from snippets.lab.judging import accepted, history
from snippets.lab.outputs import outputs
from snippets.lab.paths import PUBLISHED
from snippets.lab.results import contributed
from snippets.lab.results.contributed import MAX_BYTES
from snippets.lab.store import ResultError, write_whole

FILES = ("results.json", "accepted.json", "outputs.json")
"""What a build that measures nothing cannot do without."""
VERDICTS = "verdicts.json"
READERS: dict[str, Callable[[Path], object]] = {
    "results.json": contributed.read,
    "accepted.json": accepted.read,
    "outputs.json": outputs.read,
    VERDICTS: history.read,
}
FOLDER = "measured/"
"""Of the site, where `build.generated_files` puts them."""
SECONDS = 20
"""That a server may take to answer, and between two pieces of what it sends. What it sends has a size at most; one that
sends it drop by drop is stopped with the job, by its own limit of time.
"""
OWN = ("127.0.0.1", "localhost")
PAUSES = (5.0, 20.0)
"""Seconds between tries to reach a site."""


class NothingPublished(RuntimeError):
    """Nothing of use could be fetched; the message says why."""


class Unreachable(NothingPublished):
    """Something may be published, and could not be read just now."""


class Unusable(NothingPublished):
    """Something is published that this version does not read, or may be, at an address that is not asked."""


def fetch(folder: Path = PUBLISHED, names: Sequence[str] = FILES) -> None:
    """Bring the files into `folder`. Raises NothingPublished; then the files that were there before are untouched."""
    site = os.environ.get("SITE_URL", "")
    if not site:
        raise NothingPublished("SITE_URL is not set, so nothing is known to be published")
    folder.mkdir(parents=True, exist_ok=True)
    new_files = {name: folder / f"new-{name}" for name in names}
    try:
        for name, path in new_files.items():
            write_whole(path, _text(f"{site.removesuffix('/')}/{FOLDER}{name}"))
            check(name, path)
        for name, path in new_files.items():
            path.replace(folder / name)
    except ResultError as error:
        raise Unusable(f"{site} publishes what this version does not read ({error})") from error
    finally:
        for path in new_files.values():
            path.unlink(missing_ok=True)


def fetch_patiently(name: str) -> Path:
    """Bring one file, in as many tries as a line that is down for a moment needs, and give where it is. Raises
    NothingPublished; Unreachable after the last try.
    """
    for pause in PAUSES:
        try:
            fetch(names=[name])
            return PUBLISHED / name
        except Unreachable:
            time.sleep(pause)
    fetch(names=[name])
    return PUBLISHED / name


def check(name: str, path: Path) -> None:
    """Raises ResultError where no build would read this file, if it were published under that name."""
    if path.stat().st_size > MAX_BYTES:
        raise ResultError(f"{path}: {path.stat().st_size:,} bytes; at most {MAX_BYTES:,} are fetched")
    READERS[name](path)


def _text(address: str) -> str:
    """What stands at an address. Never asks over a line that others can change on the way."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in OWN):
        raise Unusable(f"{address}: only https is asked")
    try:
        with urlopen(address, timeout=SECONDS) as answer:
            if urlsplit(answer.url)[:2] != parts[:2]:
                raise Unreachable(f"{address} leads to another host")
            data = answer.read(MAX_BYTES + 1)
    except (URLError, OSError, HTTPException) as error:
        absent = False
        if isinstance(error, HTTPError):
            absent = error.code in (404, 410)
            error.close()  # it is an answer, too
        kind = NothingPublished if absent else Unreachable
        raise kind(f"{address}: {getattr(error, 'reason', error)}") from error
    if len(data) > MAX_BYTES:
        raise Unusable(f"{address} has more than {MAX_BYTES:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(f"{address} is not UTF-8 text") from error
