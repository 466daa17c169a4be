"""A browser runs nothing of what pages may show, and reads no more in it than our parser does.

The site lies in a folder, where no policy stands in the way. Each page holds one case, and is hovered and searched.
"""

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from playwright.sync_api import Browser, Dialog, Page, Request, expect

from snippets.lab.paths import DOCS, ROOT
from snippets.lab.site import build as ours
from snippets.lab.site.inert import ANYWHERE, DATA, DRAWS, OF_A_DRAWING, PLAIN, WITH_MORE, UnsafePage, refuse_active
from tests.site.hostile import RUNS, SHOWN

from .visit import hit_of_search

WORD = "persimmon"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By the project's own settings, with its hook, and nothing measured on it."""
    root = tmp_path_factory.mktemp("hostile")
    docs = root / "docs"
    shutil.copytree(DOCS / "assets", docs / "assets")
    (docs / "guides").mkdir()
    (docs / "index.md").write_text("# Home\n", encoding="utf-8")
    for number, text in enumerate(SHOWN.values()):
        (docs / "guides" / f"{number}.md").write_text(f"# Case {number}\n\n{WORD}\n\n{text}\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(ours.PREPARED, "1")
        patch.setenv("OFFLINE", "true")
        patch.setattr(ours, "generated_files", lambda site: {})
        config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(docs), site_dir=str(root / "site"))
        config.nav = None
        # A build ends by removing what it did not use of the notebooks' cache.
        config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(root / "notebook")
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    return root / "site"


@pytest.fixture(scope="module")
def ran() -> list[str]:
    """What the pages have run, or asked of another place than their folder."""
    return []


@pytest.fixture(scope="module")
def page(browser: Browser, ran: list[str]) -> Iterator[Page]:
    with watched(browser, ran) as page:
        yield page


@contextmanager
def watched(browser: Browser, ran: list[str]) -> Iterator[Page]:
    page = browser.new_page()

    def told(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    def asked(request: Request) -> None:
        if not request.url.startswith(("file:", "data:")):
            ran.append(request.url)

    page.on("dialog", told)
    page.on("request", asked)
    yield page
    page.close()


ACTIVE = """place => [...document.querySelectorAll(`${place} *`)]
    .filter(element => element.matches("script, style, iframe, object, embed, form, meta, base, link")
        || /^\\s*javascript:/i.test(element.getAttribute("href") ?? "")
        || element.getAttributeNames().some(name => name.startsWith("on")))
    .map(element => element.outerHTML)"""


def test_what_a_page_runs_would_be_noticed(browser: Browser) -> None:
    """On a page of its own: what it still has to say when this test is over is no other page's."""
    ran: list[str] = []
    with watched(browser, ran) as page:
        page.goto("about:blank")
        page.evaluate("document.body.innerHTML = `<article><img src=x: onerror='alert(1)'></article>`")
        if not ran:
            page.wait_for_event("dialog")
        assert page.evaluate(ACTIVE, "article")
        assert ran


@pytest.mark.parametrize("number", range(len(SHOWN)), ids=SHOWN)
def test_nothing_runs(page: Page, folder: Path, ran: list[str], number: int) -> None:
    page.goto((folder / "guides" / f"{number}.html").as_uri())
    expect(page.locator("article h1")).to_contain_text(f"Case {number}")
    for titled in page.locator("article :is(abbr, b, p > a)[title]").all():
        titled.hover(timeout=5_000)
        expect(page.locator(".md-tooltip2")).to_be_visible()
        assert page.evaluate(ACTIVE, ".md-tooltip2") == []
    assert page.evaluate(ACTIVE, "article") == page.evaluate(ACTIVE, ".md-nav") == []
    assert ran == []


def test_nor_does_it_where_it_is_found(page: Page, folder: Path, ran: list[str]) -> None:
    page.goto((folder / "index.html").as_uri())
    hit_of_search(page, WORD)
    assert page.locator(".md-search-result__item").count() >= 9
    assert page.evaluate(ACTIVE, ".md-search-result") == []
    assert ran == []


PIECES = (
    *"<>/=\"'` \n\t-!?[]&;#xa\0",
    *("<a ", "<p ", "<p>", "</p>", "<b/", "<!--", "-->", "--!>", "<!", "<?", "]]>", "<![CDATA[", "<svg>", "</svg>"),
    *("<title>", "</title>", "<desc>", "<table>", "<td>", "<q title=", "<img src=x ", f"onerror={RUNS}", "<script>"),
    *("</script", "href=", "java", "script:", "&colon;", "&Tab;", "style=", "<math>", "<style>", "</style>", "class="),
)
"""What mistakes of parsers are made of."""

TRIES = 4_000

READ = """pages => pages.map(text => {
    const page = new DOMParser().parseFromString(text, "text/html");
    return [...page.body.querySelectorAll("*")].map(element => [
        element.localName.toLowerCase(),
        element.getAttributeNames().map(name => name.toLowerCase()),
        ["href", "src", "xlink:href"].filter(name => element.hasAttribute(name)).map(name => protocol(element, name)),
    ]);

    function protocol(element, name) {
        const address = element.getAttribute(name);
        return URL.canParse(address, "file:///x") ? new URL(address, "file:///x").protocol : "";
    }
})"""


def test_a_browser_reads_no_more_in_it_than_we_do(page: Page) -> None:
    """Of random rubbish that we let pass: each element and attribute that a browser makes of it is a listed one."""
    dice = random.Random(20_261_121)
    texts = ["".join(dice.choices(PIECES, k=dice.randint(2, 9))) for _ in range(TRIES)]
    passed = [text for text in texts if passes(text)]
    assert len(passed) > TRIES / 20
    page.goto("about:blank")
    for text, elements in zip(passed, page.evaluate(READ, passed), strict=True):
        for tag, attributes, protocols in elements:
            assert tag in PLAIN | WITH_MORE.keys() | DRAWS, text
            listed = ANYWHERE | DATA | WITH_MORE.get(tag, set()) | (OF_A_DRAWING if tag in DRAWS else set())
            assert not [name for name in attributes if name not in listed and not name.startswith("aria-")], text
            assert {*protocols} <= {"", "file:", "http:", "https:", "mailto:"}, text


def passes(text: str) -> bool:
    try:
        refuse_active("a.md", text, {}, "A title")
    except UnsafePage:
        return False
    return True
