"""What decides over rights, packages, pages, claims and numbers has owners.

What must be owned is found where it is used: in mkdocs.yml, in the imports of the lab, in SECURITY.md's table. What it
does not prove: that the owners named exist. GitHub says so where it shows the file.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from snippets.lab.code import imported_modules
from tests.browser.site import settings
from tests.setup.projects import load

from .policy import ROOT, WORKFLOWS, read

LINES = [line.split() for line in (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()]
OWNERS = {line[0]: line[1:] for line in LINES if line and line[0] != "#"}
"""By pattern, in order; nobody where a line takes back what stands above it."""
MADE = {".git", ".venv", ".cache", "site", "images", "node_modules", "__pycache__"}
NESTED = {"tests/site", "tests/lab/site", "snippets/images", "snippets/lab/site"}
"""Of the same names, and ours."""
SECURITY = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")


def files() -> Iterator[str]:
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if name not in MADE or (here / name).as_posix() in NESTED]
        yield from ((here / name).as_posix() for name in names)


FILES = sorted(files())


def below(folder: str) -> list[str]:
    return [path for path in FILES if path.startswith(folder)]


def run_by_workflows() -> list[str]:
    """What their commands name, and themselves; make's commands are in one file."""
    named = {word for path in WORKFLOWS for _, command in read(path).commands() for word in command.split()}
    return [*below(".github/"), *below(".ci/"), "Makefile", *(path for path in FILES if path in named)]


ASKED = re.compile(r"(.*/)?(requirements[^/]*\.(txt|in|lock)|pyproject\.toml|setup\.(py|cfg)|package(-lock)?\.json)")


def installed() -> list[str]:
    """By whatever pip, uv or npm read."""
    return [path for path in FILES if ASKED.fullmatch(path)]


def in_each_page() -> list[str]:
    """The settings of MkDocs, and each file and folder of ours that they name for all pages."""
    said = settings()
    given = [*said["extra_css"], *said["extra_javascript"], said["theme"]["logo"], said["theme"]["favicon"]]
    return ["mkdocs.yml", *said["hooks"], *(f"docs/{name}" for name in given), *below(said["theme"]["custom_dir"])]


def imported_by_builds() -> list[str]:
    modules = imported_modules("snippets.lab.__main__") | imported_modules("snippets.lab.site.hook")
    paths = [module.replace(".", "/") for module in modules if module.startswith("snippets.lab.")]
    return [f"{path}.py" for path in paths if f"{path}.py" in FILES]


def named_in_security() -> list[str]:
    """The last column of the table of what stands in the way: where that is checked."""
    places = re.findall(r"\| `([^`]+)` \|$", SECURITY, re.MULTILINE)
    return [path for place in places for path in FILES if path == place or path.startswith(f"{place}/")]


def claims() -> list[str]:
    """What contradicts sentences and statements, and what it computes with."""
    found = [path for path in FILES if path.endswith("/claims.py")]
    modules = set().union(*(imported_modules(path.removesuffix(".py").replace("/", ".")) for path in found))
    own = {f"{module.replace('.', '/')}.py" for module in modules if module.startswith("snippets.experiments.")}
    return [*found, *own.intersection(FILES), "snippets/experiments/first_version.py"]


def run_by_a_build() -> list[str]:
    """Whatever is no prose: it could write into the site, beside what it is there for."""
    return [path for path in FILES if path.endswith((".py", ".js", ".mjs", ".html", ".sh", ".toml", ".ini"))]


def looked_at() -> list[str]:
    """The tests of what decides, and what all tests work on."""
    return [*below("tests/"), ".gitignore", "docs/reference/gates.json"]


KINDS = (
    *(run_by_workflows, installed, in_each_page, imported_by_builds, named_in_security),
    *(claims, run_by_a_build, looked_at),
)


def matches(pattern: str, path: str) -> bool:
    """As in .gitignore, for what this file uses: a leading slash, a folder, `*`, and `**` for any folders between."""
    regex = re.escape(pattern.lstrip("/")).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
    anywhere = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    return re.fullmatch(anywhere + regex + (".*" if pattern.endswith("/") else "(?:/.*)?"), path) is not None


def owned(path: str) -> bool:
    """The last line that fits counts."""
    fitting = [owners for pattern, owners in OWNERS.items() if matches(pattern, path)]
    return bool(fitting and fitting[-1])


def test_each_line_names_an_owner_or_takes_prose_back() -> None:
    assert OWNERS["*"]
    assert all(owner.startswith("@") for owners in OWNERS.values() for owner in owners)
    assert all(pattern.endswith(".md") for pattern, owners in OWNERS.items() if not owners)


def test_nothing_but_prose_is_without_an_owner() -> None:
    """As the workflow check tells it from all else. What tells people how to contribute is owned, too."""
    prose = load(ROOT / ".ci" / "scope.py").PROSE
    free = {path for path in FILES if not owned(path)}
    assert free == {path for path in FILES if prose.fullmatch(path)} - {*below(".github/"), "LICENSE"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_what_decides_has_owners(kind: Callable[[], list[str]]) -> None:
    found = kind()
    assert found
    assert [path for path in found if not owned(path)] == []


@pytest.mark.parametrize(
    "path",
    [
        "docs/results/any-machine.json",
        "snippets/lab/store.py",
        "snippets/pages/leave_dataloader/requirements.lock",
        "snippets/pages/helper_sprites/memory_goblins.py",
        "docs/labs/notes.md",
        "docs/theme/notes.md",
        "docs/results/notes.md",
        "docs/evil.md/run.py",
        "numpy.py",
        "pytest.ini",
        ".gitattributes",
        "tests/anywhere/conftest.py",
    ],
)
def test_so_have_these(path: str) -> None:
    assert owned(path)


@pytest.mark.parametrize("path", ["docs/index.md", "docs/guides/optimization.md", "README.md"])
def test_prose_needs_none(path: str) -> None:
    assert not owned(path)


MAY_MATCH_NOTHING = {"/docs/results/", "/docs/**/*.md/"}


@pytest.mark.parametrize("pattern", OWNERS)
def test_no_line_is_left_over(pattern: str) -> None:
    assert any(matches(pattern, path) for path in FILES) or pattern in MAY_MATCH_NOTHING, "nothing has this name"


def test_nothing_that_a_build_makes_is_in_the_repository() -> None:
    """A result that lies in .cache/ would be believed, as this build's own."""
    listed = subprocess.run(["git", "ls-files", "-ci", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip(f"not a git repository: {listed.stderr.strip()}")
    assert listed.stdout == ""


def test_what_is_installed_is_watched() -> None:
    """By Dependabot, in each folder that asks for packages."""
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))["updates"]
    watched = {place for each in updates for place in each.get("directories", [each.get("directory")])}
    asking = [Path(path) for path in installed() if Path(path).name in ("requirements.txt", "package.json")]
    assert asking
    assert {f"/{path.parent.as_posix()}".removesuffix(".") for path in asking} - watched == set()
