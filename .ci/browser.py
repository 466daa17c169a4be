"""Find a Chromium for the browser tests, or install it where that needs no question. Says which, in one line.

.venv/bin/python .ci/browser.py
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOG = ROOT / ".cache" / "browser.log"

sys.path.insert(0, str(ROOT))

from tests.browser.chromium import MISSING, find_browser  # noqa: E402  (the path above leads there)


def main() -> int:
    try:
        print(browser_line(), flush=True)
    except KeyboardInterrupt:
        return 130
    return 0


def browser_line() -> str:
    """Where the browser is; without one, what is missing, which the browser tests then say too."""
    found = find_browser()
    apt_get = None if found else apt_get_command()
    if apt_get:
        print("Browser: none yet, installing Debian's chromium", flush=True)
        install_browser(apt_get)
        found = find_browser()
    if found:
        return f"Browser: {found}"
    fate = "fail" if os.environ.get("CI") == "true" else "are skipped"
    return f"Browser: {MISSING}. Until then, the browser tests {fate}."


def apt_get_command() -> list[str] | None:
    """How to call apt-get without being asked anything, as root or by sudo; None where that cannot be."""
    if sys.platform != "linux" or not shutil.which("apt-get"):
        return None
    apt_get = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    if os.geteuid() == 0:  # type: ignore  (POSIX)
        return apt_get
    if shutil.which("sudo") and subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0:
        return ["sudo", "-n", *apt_get]
    return None


def install_browser(apt_get: list[str]) -> None:
    """Install Debian's `chromium`, apt-get's words into a log. A new look-up tells whether it worked."""
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.call([*apt_get, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)


if __name__ == "__main__":
    sys.exit(main())
