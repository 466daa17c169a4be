"""What the strict build refuses, and what it then says."""

from collections.abc import Callable

import pytest

from snippets.lab.results import results
from snippets.lab.site.mkdocs import complaints

from ..checkout import STRICTLY, Checkout


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        pytest.param("![A picture](figure:no-such)", "no-such", id="figure"),
        pytest.param("![](about:no-such)", "no-such", id="about"),
        pytest.param("![](table:no-such)", "no-such", id="table"),
        pytest.param("[{load}](measured:no-such)", "no-such", id="measured"),
        pytest.param("[{no_such}](measured:sprites-overlap)", "no_such", id="value"),
        pytest.param("![](figure:sprites-overlap)", "sprites-overlap", id="title"),
        pytest.param("[there](guides/optimization.md#no-such)", "#no-such", id="anchor"),
        pytest.param('--8<-- "helper_sprites/memory_goblins.py:no_such"', "no_such", id="section"),
        pytest.param('--8<-- "helper_sprites/no_such.py:code"', "no_such.py", id="snippet"),
        pytest.param("![What it prints](output:errors/no_such)", "snippets/pages/errors/no_such.py", id="output"),
        pytest.param("<script>a()</script>", "index.md: it has <script>", id="script"),
        pytest.param("A sentence.\n{ onclick=a() }", "index.md: <p> has the attribute onclick", id="handler"),
        pytest.param("![What it says](error:errors/no_such)", "snippets/pages/errors/no_such.py", id="error"),
    ],
)
def test_mistake_on_a_page_fails_the_build_and_is_named(
    copy: Checkout, edit: Callable[[str, str], None], mistake: str, named: str
) -> None:
    edit("docs/index.md", f"\n\n{mistake}\n")
    built = copy.run(*STRICTLY)
    assert built.returncode
    assert named in complaints(built.stderr)


def test_a_page_without_the_theme_around_it_fails_the_build_and_is_named(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    """Its scripts would be allowed as the theme's are."""
    edit("docs/how-to/bare.html", "<!doctype html><script>a()</script>")
    built = copy.run(*STRICTLY)
    assert built.returncode
    assert "how-to/bare.html: a page is written in Markdown" in complaints(built.stderr)


def test_mistake_on_a_page_leaves_the_old_site(copy: Checkout, edit: Callable[[str, str], None]) -> None:
    (copy.root / "site").mkdir()
    (copy.root / "site" / "index.html").write_text("the last good one")
    edit("docs/index.md", "\n\n[there](guides/no-such.md)\n")
    built = copy.run("-m", "snippets.lab", "site")
    assert built.returncode
    assert "guides/no-such.md" in built.stdout + built.stderr
    assert [path.name for path in (copy.root / "site").iterdir()] == ["index.html"]
    assert (copy.root / "site" / "index.html").read_text() == "the last good one"


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY], ids=["site", "mkdocs"])
def test_failed_experiment_fails_the_build_and_says_what_to_run(
    copy: Checkout, edit: Callable[[str, str], None], command: tuple[str, ...]
) -> None:
    """A failed one is tried again by each build; this one fails again at once."""
    edit(".cache/results.json", "")
    edit("snippets/experiments/pin_memory/measure.py", '\n\nraise RuntimeError("broken on purpose")\n')
    built = copy.run(*command)
    said = built.stdout + built.stderr
    assert built.returncode
    assert "pin-memory failed: RuntimeError: broken on purpose" in said
    assert "python -m snippets.lab measure --only pin-memory" in said
    measured = results.read(copy.root / ".cache" / "results.json").experiments["pin-memory"]
    assert measured.status == "error"


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY], ids=["site", "mkdocs"])
def test_a_snippet_that_does_not_print_what_its_page_shows_fails_the_build(
    copy: Checkout, edit: Callable[[str, str], None], command: tuple[str, ...]
) -> None:
    """And is named, with how to run it and how it failed."""
    edit("snippets/pages/arguments/worker_init.py", '\nraise RuntimeError("broken on purpose")\n')
    built = copy.run(*command)
    said = built.stdout + built.stderr
    assert built.returncode
    assert "snippets/pages/arguments/worker_init.py failed, and a page shows what it prints. Run it: " in said
    assert "RuntimeError: broken on purpose" in said


@pytest.mark.parametrize("command", [("-m", "snippets.lab", "site"), STRICTLY], ids=["site", "mkdocs"])
@pytest.mark.parametrize("path", [".cache/results.json", ".cache/outputs.json", "docs/results/elsewhere.json"])
def test_unreadable_results_fail_the_build_in_one_line(
    copy: Checkout, edit: Callable[[str, str], None], path: str, command: tuple[str, ...]
) -> None:
    edit(path, "{half a file")
    built = copy.run(*command)
    complaint = complaints(built.stderr).splitlines()
    assert built.returncode
    assert len(complaint) == 1, built.stderr
    assert str(copy.root / path) in complaint[0]
