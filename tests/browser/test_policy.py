"""The browser obeys the policy that each page carries, and no page breaks it.

That nothing is broken while a reader searches, copies, switches and walks, the other tests of this folder show: a
violation is an error on the console, and they allow none. What is not proven: other browsers than Chromium.
"""

import pytest

from .site import planned_pages
from .visit import Visit

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
    if page != "404.html":
        assert visitor.complaints == []


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
