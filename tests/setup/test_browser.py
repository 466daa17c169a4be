"""A browser is found, or installed where nobody has to be asked, or missing without that being an error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from .projects import ROOT, load, posix_only, run


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Debian and its kin have apt-get")
def test_a_missing_browser_is_installed_where_that_needs_no_question(project: Path, tmp_path: Path) -> None:
    """With an apt-get that only pretends: it puts a `chromium` beside itself."""
    bin_folder = pretended_tools(tmp_path)
    pretend = '[ "$1" = update ] || { : > "$0.new" && chmod +x "$0.new" && mv "$0.new" "${0%/*}/chromium"; }'
    (bin_folder / "apt-get").write_text(f'#!/bin/sh\necho "$@"\n{pretend}\n')
    (bin_folder / "apt-get").chmod(0o755)
    done = run(project, sys.executable, ".ci/browser.py", env={"PATH": str(bin_folder)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"Browser: {bin_folder / 'chromium'}"
    said = (project / ".cache" / "browser.log").read_text()
    assert said == "update\ninstall -y --no-install-recommends chromium\n"


@posix_only
@pytest.mark.parametrize(("ci", "fate"), [("", "are skipped"), ("true", "fail")])
def test_a_browser_that_cannot_be_had_is_no_error(project: Path, tmp_path: Path, ci: str, fate: str) -> None:
    only_tools = {"PATH": str(pretended_tools(tmp_path)), "CI": ci}
    done = run(project, sys.executable, ".ci/browser.py", env=only_tools)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Browser: no Chromium found. Until then, the browser tests {fate}.\n"


def test_the_browser_look_up_of_the_tests_has_what_the_installer_asks_for() -> None:
    chromium = load(ROOT / "tests" / "browser" / "chromium.py")
    found = chromium.find_browser()
    assert found is None or Path(found).is_file()
    assert "install" in chromium.MISSING
    assert "\n" not in chromium.MISSING


def pretended_tools(tmp_path: Path) -> Path:
    """A folder to be the whole PATH: what a script needs, and a sudo-free root."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "env", "chmod", "mv"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    if sys.platform != "win32" and os.geteuid() != 0:
        (folder / "sudo").write_text('#!/bin/sh\nshift\nexec "$@"\n')
        (folder / "sudo").chmod(0o755)
        (folder / "true").symlink_to(shutil.which("true") or "/bin/true")
    return folder
