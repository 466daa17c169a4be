"""What a stranger writes into a page is refused by the page's name, or shown and does nothing.

Each page goes through the project's own Markdown and its hook. That a browser runs nothing of what is shown is in
tests/browser/test_hostile.py.
"""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, writes
from pymdownx.snippets import SnippetMissingError

from snippets.lab.site import hook
from tests.docs.pages import config

from ..links import makes_links
from .hostile import INCLUDED, REFUSED, RUNS, SHOWN

PAGE = "guides/hostile.md"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "guides").mkdir()
    return tmp_path


def content(docs: Path, text: str) -> str:
    """What the hook lets pass of a page."""
    (docs / PAGE).write_text(text, encoding="utf-8")
    file = File(PAGE, str(docs), str(docs / "site"), use_directory_urls=True)
    files, page = Files([file]), Page(None, file, config())
    page.read_source(config())
    page.render(config(), files)
    return hook.on_page_content(page.content or "", page=page, files=files)


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_by_name(docs: Path, what: str) -> None:
    text, said = REFUSED[what]
    with pytest.raises(PluginError) as error:
        content(docs, text)
    message = str(error.value)
    assert message.startswith(f"{PAGE}: ") and said in message
    assert "\n" not in message and len(message) < 250 and message.isprintable()


@pytest.mark.parametrize("what", SHOWN)
def test_it_is_shown_and_does_nothing(docs: Path, what: str) -> None:
    page = BeautifulSoup(content(docs, SHOWN[what]), "html.parser")
    assert not page.select("script, style, iframe, [onclick], [onerror], [style]")
    assert RUNS not in str([link.get("href") for link in page.select("a")])


def test_code_and_entities_stand_as_they_were_written(docs: Path) -> None:
    words = f"<script>{RUNS}</script>"
    for text in (f"`{words}`", f"```text\n{words}\n```", words.replace("<", "&lt;")):
        assert words in BeautifulSoup(content(docs, text), "html.parser").get_text()


@pytest.mark.parametrize("path", INCLUDED)
def test_no_file_is_included_but_what_pages_may_show(docs: Path, path: str) -> None:
    with pytest.raises(SnippetMissingError):
        content(docs, f'--8<-- "{path}"')


def test_words_of_a_snippet_that_a_page_includes_are_a_page_s_words(
    docs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "said.py").write_text(f'"""<img src=x onerror={RUNS}>"""\n', encoding="utf-8")
    monkeypatch.setitem(config().mdx_configs["pymdownx.snippets"], "base_path", [str(tmp_path)])
    assert "<img" not in content(docs, '```python\n--8<-- "said.py"\n```')
    with pytest.raises(PluginError, match="<img> has the attribute onerror"):
        content(docs, '--8<-- "said.py"')


@pytest.mark.parametrize(
    "name",
    [f'a"><img src=x onerror={RUNS}>.md', 'a"><meta http-equiv=refresh content=0;url=http:x.invalid>.md', "a\n.md"],
)
def test_a_file_is_called_by_plain_words(docs: Path, name: str) -> None:
    """What a page is called stands in its links, as the theme has them: in the one to edit it, before all others."""
    page = File(f"guides/{name}", str(docs), str(docs / "site"), use_directory_urls=True)
    settings = config().copy()
    settings.docs_dir = str(docs)
    with pytest.raises(PluginError, match="letters, digits, - and _ are enough") as error:
        hook.on_files(Files([page]), settings)
    assert str(error.value).isprintable()


@makes_links
def test_a_link_out_of_the_folder_is_no_page(docs: Path) -> None:
    """It would publish what the building machine has there."""
    (docs / "guides" / "there.md").symlink_to("/etc/hostname")
    page = File("guides/there.md", str(docs), str(docs / "site"), use_directory_urls=True)
    settings = config().copy()
    settings.docs_dir = str(docs)
    with pytest.raises(PluginError, match="guides/there.md: it is a link out of this folder"):
        hook.on_files(Files([page]), settings)


# Notebooks: what a cell printed is whatever ran.

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'

OF_CELLS = {
    "a script": ({"text/html": f"<script>{RUNS}</script>"}, "it has <script>"),
    "a frame": ({"text/html": '<iframe src="https://x.invalid/"></iframe>'}, "it has <iframe>"),
    "a handler": ({"text/html": f"<b onclick={RUNS}>a</b>"}, "<b> has the attribute onclick"),
    "a style": ({"text/html": "<style>* { display: none }</style>"}, "it has <style>"),
    "JavaScript": ({"application/javascript": RUNS}, "an output that it cannot show: application/javascript"),
    "a drawing with a script": ({"image/svg+xml": DRAWN.format(f"<script>{RUNS}</script>")}, "it has <script>"),
    "a drawing from elsewhere": ({"image/svg+xml": DRAWN.format('<use href="//x.invalid/#a"/>')}, "from elsewhere"),
    "Markdown with a link that runs": ({"text/markdown": "[a](javascript:a())"}, "leads to 'javascript:a()'"),
    "text that runs backwards": ({"text/plain": "a\u202eb"}, r"nobody sees: '\u202e'"),
}


def notebook(tmp_path: Path, *cells: object) -> str:
    """The page that mkdocs-jupyter makes of a notebook that has run."""
    from mkdocs_jupyter.convert import nb2html

    path = tmp_path / "a.ipynb"
    path.write_text(writes(new_notebook(cells=cells)), encoding="utf-8")
    return nb2html(str(path), execute=False, include_requirejs=False, custom_mathjax_url="")


def of_notebook(tmp_path: Path, *cells: object) -> str:
    """The same after the hook, which refuses or shows it."""
    file = File("labs/a.py", str(tmp_path), str(tmp_path / "site"), use_directory_urls=True)
    page = Page("A title", file, config())
    page.toc, page.meta = TableOfContents([]), {}
    return hook.on_page_content(notebook(tmp_path, *cells), page=page, files=Files([file]))


@pytest.mark.parametrize("what", OF_CELLS)
def test_what_a_cell_shows_is_refused_by_name(tmp_path: Path, what: str) -> None:
    data, said = OF_CELLS[what]
    cell = new_code_cell("a", execution_count=1, outputs=[new_output("display_data", data=data)])
    with pytest.raises(PluginError) as error:
        of_notebook(tmp_path, cell)
    assert str(error.value).startswith("labs/a.py: ") and "\n" not in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize("text", [f"<img src=x onerror={RUNS}>", f"[a](javascript:{RUNS})", "<form></form>"])
def test_so_is_what_it_says(tmp_path: Path, text: str) -> None:
    with pytest.raises(PluginError, match="^labs/a.py: "):
        of_notebook(tmp_path, new_markdown_cell(text))


@pytest.mark.parametrize(
    "printed", [f"</pre><script>{RUNS}</script>", f"<img src=x onerror={RUNS}>", "\x1b[31mred\x1b[0m", "&lt;b&gt;"]
)
def test_what_a_cell_prints_is_text(tmp_path: Path, printed: str) -> None:
    cell = new_code_cell("a", execution_count=1, outputs=[new_output("stream", text=printed)])
    output = BeautifulSoup(of_notebook(tmp_path, cell), "html.parser").select_one(".nb-output")
    assert output and not output.select("script, img, [style]")
    assert output.get_text().strip() == printed.replace("\x1b[31m", "").replace("\x1b[0m", "")
