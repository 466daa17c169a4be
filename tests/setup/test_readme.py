"""The README names every command there is, and no other.

What it does not prove: that the commands do what it says of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DESCRIBED = set(re.findall(r"^([a-z-]+):[^#\n]*##", MAKEFILE, re.MULTILINE))


def test_each_make_target_is_in_the_readme_and_each_command_in_the_makefile() -> None:
    assert set(re.findall(r"\bmake ([a-z-]+)\b(?=`| [A-Z]+=|\n)", README)) == DESCRIBED


def test_no_target_is_without_a_description() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    # set-up is what the others need first; nobody has to type it.
    assert set(phony[1].split()) - {"set-up"} == DESCRIBED


def test_make_help_shows_each_target() -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("no make here")
    # Within `make test`, a make would also say which folder it enters.
    command = [make, "--no-print-directory", "help"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert {line.split()[1] for line in shown.splitlines()} == DESCRIBED


def test_the_commands_behind_make_are_the_same_in_the_readme() -> None:
    for command in ("-m snippets.lab site", ".ci/test.py", ".ci/install.py"):
        assert command in MAKEFILE
        assert command in README.replace("\\", "/")


def test_what_was_missing_is_measured_once_it_is_installed() -> None:
    """A build would not look again for a library that it did not find."""
    (recipe,) = re.findall(r"^others:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)
    assert re.search(
        r"pip install[^@]*\n\t@.* -m snippets\.lab measure --only other-loaders video$", recipe, re.MULTILINE
    )


def test_each_path_in_the_readme_exists() -> None:
    made_by_the_build = {"site/", ".venv"}
    named = set(re.findall(r"`([\w./-]+/)`", README)) | set(re.findall(r"\]\(([\w./-]+)\)", README))
    missing = {path for path in named - made_by_the_build if not (ROOT / path).exists()}
    assert not missing


# CONTRIBUTING.md, which people follow word for word.

CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for folder in ("snippets", "tests", ".ci")
    for path in (ROOT / folder).rglob("*.py")
    if path != Path(__file__)
)


def said_by_checks() -> list[str]:
    """What stands between backticks at the head of an item below "What a check may say"."""
    lists = "".join(re.findall(r"What a check may say:\n\n((?:[- ] .*\n)+)", CONTRIBUTING))
    heads = [re.split("`(?=:|, with)", item)[0] + "`" for item in re.split(r"^- ", lists, flags=re.MULTILINE)[1:]]
    return [message for head in heads for message in re.findall("`([^`]+)`", head)]


def test_what_checks_say_is_quoted() -> None:
    assert len(said_by_checks()) >= 8


@pytest.mark.parametrize("message", said_by_checks())
def test_a_check_says_what_is_quoted(message: str) -> None:
    """Its fixed parts; what is filled in is quoted as an ellipsis or an example."""
    parts = [part.strip() for part in re.split(r"…|'[^']+'|: ", message)]
    assert any(parts)
    for part in filter(None, parts):
        assert part in CODE or f"{part}:" in CODE, part


def test_each_target_and_module_that_contributors_call_exists() -> None:
    assert set(re.findall(r"[`$] ?make ([a-z-]+)", CONTRIBUTING)) <= DESCRIBED
    modules = set(re.findall(r"python -m ([\w.]+)", CONTRIBUTING)) - {"pip"}
    assert modules
    for module in modules:
        path = ROOT / module.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), module


def test_the_form_for_claims_has_each_command_for_windows_too() -> None:
    form = (ROOT / ".github" / "ISSUE_TEMPLATE" / "claim.yml").read_text(encoding="utf-8")
    descriptions = [" ".join(each.split()) for each in re.split(r"^  - type:", form, flags=re.MULTILINE)]
    commands = [each for each in descriptions if "`make " in each or "`.venv/bin/python" in each]
    assert len(commands) == 2
    assert all("`.venv\\Scripts\\python -m snippets.lab " in each for each in commands)


def test_each_path_that_contributors_are_sent_to_exists() -> None:
    named = re.findall(r"`((?:docs|snippets|tests|\.github|\.ci)/[\w./-]*)`", CONTRIBUTING)
    assert named
    assert [path for path in named if "<" not in path and not (ROOT / path).exists()] == []
