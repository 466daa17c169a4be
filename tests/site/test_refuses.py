"""What the strict build refuses, and what it then says: one mistake of each kind, through a whole build.

Each other name that a page may have wrong is in tests/docs/test_measured_names.py, each other markup in
tests/lab/site/test_inert.py.
"""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from snippets.lab.results import results
from snippets.lab.site import hook
from snippets.lab.site.build import PREPARED
from snippets.lab.site.mkdocs import complaints

from ..checkout import STRICTLY, Checkout

SITE = ("-m", "snippets.lab", "site")
LINKED = "guides/optimization.md"
AT_FIRST: dict[str, str] = {}
ONCE_MEASURED = {PREPARED: "1"}
"""As `snippets.lab site` starts the build."""


@pytest.fixture(scope="module")
def looked_at() -> list[str]:
    return [LINKED]


@pytest.mark.parametrize(
    ("mistake", "named", "when"),
    [
        pytest.param("![A picture](figure:no-such)", "no-such", ONCE_MEASURED, id="name"),
        pytest.param('--8<-- "helper_sprites/memory_goblins.py:no_such"', "no_such", ONCE_MEASURED, id="section"),
        pytest.param(
            "![What it prints](output:errors/no_such)", "snippets/pages/errors/no_such.py", AT_FIRST, id="output"
        ),
        pytest.param(
            "A sentence.\n{ onclick=a() }", "index.md: <p> has the attribute onclick", ONCE_MEASURED, id="markup"
        ),
    ],
)
def test_mistake_on_a_page_fails_the_build_and_is_named(
    copy: Checkout, edit: Callable[[str, str], None], mistake: str, named: str, when: dict[str, str]
) -> None:
    edit("docs/index.md", f"\n\n{mistake}\n")
    built = copy.run(*STRICTLY, **when)
    assert built.returncode
    assert named in complaints(built.stderr)


def test_a_line_for_the_search_that_leads_to_no_page_fails_the_build(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    edit("docs/asked.toml", '\n["no/such.md"]\ntop = ["it hangs"]\n')
    built = copy.run(*STRICTLY, **ONCE_MEASURED)
    assert built.returncode and "Traceback" not in built.stderr
    assert 'asked.toml: ["no/such.md"] is no page' in complaints(built.stderr)


def test_links_that_lead_nowhere_are_named_and_leave_the_old_site(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    (copy.root / "site").mkdir()
    (copy.root / "site" / "index.html").write_text("the last good one")
    edit("docs/index.md", f"\n\n[there](guides/no-such.md) and [there]({LINKED}#no-anchor)\n")
    built = copy.run(*SITE)
    assert built.returncode
    assert "guides/no-such.md" in built.stderr and "#no-anchor" in built.stderr
    assert [path.name for path in (copy.root / "site").iterdir()] == ["index.html"]
    assert (copy.root / "site" / "index.html").read_text() == "the last good one"


def test_a_page_without_the_theme_around_it_is_refused_by_name(tmp_path: Path) -> None:
    """Its scripts would be allowed as the theme's are."""
    page = File("how-to/bare.html", str(tmp_path), str(tmp_path / "site"), use_directory_urls=True)
    config: Any = SimpleNamespace(docs_dir=str(tmp_path))
    with pytest.raises(PluginError, match="how-to/bare.html: a page is written in Markdown"):
        hook.on_files(Files([page]), config)


def test_failed_experiment_fails_the_build_and_says_what_to_run(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    """A failed one is tried again by each build; this one fails again at once."""
    edit(".cache/results.json", "")
    edit("snippets/experiments/pin_memory/measure.py", '\n\nraise RuntimeError("broken on purpose")\n')
    built = copy.run(*STRICTLY)
    said = built.stdout + built.stderr
    assert built.returncode
    assert "pin-memory failed: RuntimeError: broken on purpose" in said
    assert "python -m snippets.lab measure --only pin-memory" in said
    measured = results.read(copy.root / ".cache" / "results.json").experiments["pin-memory"]
    assert measured.status == "error"


def test_a_snippet_that_does_not_print_what_its_page_shows_fails_the_build(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    """And is named, with how to run it and how it failed."""
    edit("snippets/pages/arguments/worker_init.py", '\nraise RuntimeError("broken on purpose")\n')
    built = copy.run(*SITE)
    said = built.stdout + built.stderr
    assert built.returncode
    assert "error: snippets/pages/arguments/worker_init.py failed, and a page shows what it prints. Run it: " in said
    assert "RuntimeError: broken on purpose" in said


@pytest.mark.parametrize(
    ("path", "command"),
    [
        (".cache/results.json", SITE),
        (".cache/outputs.json", STRICTLY),
    ],
)
def test_unreadable_results_fail_the_build_in_one_line(
    copy: Checkout, edit: Callable[[str, str], None], path: str, command: tuple[str, ...]
) -> None:
    edit(path, "{half a file")
    built = copy.run(*command)
    complaint = complaints(built.stderr).splitlines()
    assert built.returncode
    assert len(complaint) == 1, built.stderr
    assert str(copy.root / path) in complaint[0]
