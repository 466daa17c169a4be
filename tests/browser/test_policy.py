"""The browser obeys the policy that each page carries, and no page breaks it.

That nothing is broken while a reader searches, copies, switches and walks, the other tests of this folder show: a
violation is an error on the console, and they allow none. What is not proven: other browsers than Chromium.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from snippets.lab.site.csp import digest, inline_scripts
from tests.checkout import STRICTLY, checkout

from .site import Built, Site, planned_pages, served
from .visit import Visit, visiting

LISTEN = """() => {
    window.broken = [];
    document.addEventListener("securitypolicyviolation", event => broken.push(event.effectiveDirective));
}"""


@pytest.mark.parametrize("page", planned_pages(), ids=lambda page: page.strip("/") or "home")
def test_each_page_carries_the_policy_and_keeps_it(visitor: Visit, page: str) -> None:
    visitor.open(page)
    policy = visitor.page.locator('head meta[http-equiv="Content-Security-Policy"]')
    assert policy.count() == 1
    first = visitor.page.evaluate("() => [...document.head.children].slice(0, 2).map(e => e.outerHTML)")
    assert "charset" in first[0] and "Content-Security-Policy" in first[1], "nothing may be loaded before it"
    assert "unsafe" not in (policy.get_attribute("content") or "")
    assert visitor.complaints == []


def test_each_inline_script_is_one_of_the_themes(built_site: Built) -> None:
    """Four: its scope, which names the way home, its palette, its tabs and the tab in the address. A page that brought
    one would have it allowed on all pages. After an update of the theme that has another, look at it, and count anew.
    """
    texts = [path.read_text(encoding="utf-8") for path in built_site.root.rglob("*.html")]
    scripts = {re.sub(r'new URL\("[^"]*"', 'new URL("."', code) for text in texts for code in inline_scripts(text)}
    assert len(scripts) == 4
    starts = ("__md_scope=", "var palette=", "var tabs=", "var target=")
    assert all(any(code.startswith(start) for code in scripts) for start in starts)
    allowed = {word for text in texts for word in re.findall(r"'sha256-[^']+'", text)}
    assert allowed == {digest(code) for text in texts for code in inline_scripts(text)}


TABS = """

=== "One"

    The first.

=== "Two"

    The second.
"""


@pytest.fixture(scope="module")
def with_tabs(browser: Browser, built_site: Built, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with tabs on its front page; no page has any now."""
    copy = checkout(tmp_path_factory.mktemp("tabs"))
    with (copy.root / "docs" / "index.md").open("a", encoding="utf-8") as file:
        file.write(TABS)
    built = copy.run(*STRICTLY)
    assert built.returncode == 0, built.stderr
    with served(copy.root / "built") as site:
        yield site


def test_tabs_work_under_the_policy(browser: Browser, with_tabs: Site) -> None:
    with visiting(browser, with_tabs) as visit:
        visit.open()
        assert visit.page.get_by_text("The second.").is_hidden()
        visit.page.get_by_text("Two", exact=True).click()
        expect(visit.page.get_by_text("The second.")).to_be_visible()
        expect(visit.page.get_by_text("The first.")).to_be_hidden()
        visit.page.reload()
        expect(visit.page.get_by_text("The second.")).to_be_visible()
        assert visit.complaints == []


@pytest.mark.parametrize(
    ("markup", "directive"),
    [
        ("<img src=x onerror='window.run = 1'>", "script-src-attr"),
        ("<p style='color: red'>x</p>", "style-src-attr"),
        ("<img src='https://elsewhere.invalid/x.png'>", "img-src"),
        ("<iframe src='https://elsewhere.invalid/'></iframe>", "frame-src"),
        ("<object data='x.svg'></object>", "object-src"),
        ("<link rel=stylesheet href='https://elsewhere.invalid/x.css'>", "style-src-elem"),
    ],
)
def test_what_the_policy_forbids_does_not_happen(visitor: Visit, markup: str, directive: str) -> None:
    visitor.open()
    visitor.page.evaluate(LISTEN)
    visitor.page.evaluate("markup => document.body.insertAdjacentHTML('beforeend', markup)", markup)
    visitor.page.wait_for_function("() => broken.length > 0")
    assert visitor.page.evaluate("() => broken[0]") == directive
    assert visitor.page.evaluate("() => window.run") is None


@pytest.mark.parametrize(
    ("code", "directive"),
    [
        ("document.body.append(Object.assign(document.createElement('script'), {text: 'run = 1'}))", "script-src-elem"),
        ("fetch('https://elsewhere.invalid/').catch(() => 0)", "connect-src"),
    ],
)
def test_nor_by_a_script(visitor: Visit, code: str, directive: str) -> None:
    visitor.open()
    visitor.page.evaluate(LISTEN)
    visitor.page.evaluate(f"() => {{ {code} }}")
    visitor.page.wait_for_function("() => broken.length > 0")
    assert visitor.page.evaluate("() => broken[0]") == directive
    assert visitor.page.evaluate("() => window.run") is None


def test_an_event_handler_in_a_form_goes_nowhere(visitor: Visit) -> None:
    visitor.open()
    visitor.page.evaluate(LISTEN)
    visitor.page.evaluate(
        """() => {
            const form = document.createElement("form");
            form.action = "https://elsewhere.invalid/";
            document.body.append(form);
            form.submit();
        }"""
    )
    visitor.page.wait_for_function("() => broken.length > 0")
    assert visitor.page.evaluate("() => broken[0]") == "form-action"
