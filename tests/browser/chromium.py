"""Where a Chromium stands on this machine. Standard library only: `.ci/browser.py` asks here too."""

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
MISSING = (
    "no Chromium found: install chromium (Debian: apt-get install chromium; "
    "macOS: brew install --cask chromium; Windows: any Chrome or Edge), or put one on PATH"
)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A request to another host is reported by a test; it must not leave the machine as well.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""Flags under which the browser speaks to nobody but the page's own host."""


def find_browser() -> str | None:
    """Path of a Chromium, Chrome or Edge: the first on PATH, else in the usual place of the system."""
    for name in NAMES:
        if found := shutil.which(name):
            return found
    return next((str(place) for place in _usual_places() if place.is_file()), None)


def _usual_places() -> list[Path]:
    if sys.platform == "darwin":
        applications = (Path("/Applications"), Path.home() / "Applications")
        names = ("Chromium", "Google Chrome", "Microsoft Edge")
        return [root / f"{name}.app/Contents/MacOS/{name}" for root in applications for name in names]
    if sys.platform == "win32":
        roots = [os.environ[key] for key in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA") if key in os.environ]
        inside = (
            "Chromium/Application/chrome.exe",
            "Google/Chrome/Application/chrome.exe",
            "Microsoft/Edge/Application/msedge.exe",
        )
        return [Path(root) / place for root in roots for place in inside]
    return [Path("/snap/bin/chromium")]
