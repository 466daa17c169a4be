"""Each page carries the policy, and the browser obeys it.

That no page breaks it, nor a reader who searches, copies, switches and walks, the other tests of this folder show: a
violation is an error on the console, and they allow none. What is not proven: other browsers than Chromium.
"""

import re

import pytest

from snippets.lab.site.csp import digest, inline_scripts

from .site import Built
from .visit import Visit

EACH_KIND = ("", "guides/optimization/", "labs/helper_sprites/", "reference/claims/", "404.html")
"""The front page, one with drawings, the notebook, one with a script of ours, and the one for what is not there."""

HEAD = re.compile(r"<head>\s*(?P<first><[^>]+>)\s*(?P<second><[^>]+>)")
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')


def test_each_page_carries_the_policy(built_site: Built) -> None:
    for path in built_site.root.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        head = HEAD.search(text)
        assert head and "charset" in head["first"], path
        assert POLICY.fullmatch(head["second"]), f"{path}: nothing may be loaded before it"
        (policy,) = POLICY.findall(text)
        assert "unsafe" not in policy, path


def test_each_inline_script_is_one_of_the_themes(built_site: Built) -> None:
    """Four: its scope, which names the way home, its palette in our words (docs/theme/partials/scheme.html), its tabs
    and the tab in the address. A page that brought one would have it allowed on all pages. After an update of the theme
    that has another, look at it, and count anew.
    """
    texts = [path.read_text(encoding="utf-8") for path in built_site.root.rglob("*.html")]
    scripts = {re.sub(r'new URL\("[^"]*"', 'new URL("."', code) for text in texts for code in inline_scripts(text)}
    assert len(scripts) == 4
    starts = ("__md_scope=", "(() => {", "var tabs=", "var target=")
    assert all(any(code.lstrip().startswith(start) for code in scripts) for start in starts)
    allowed = {word for text in texts for word in re.findall(r"'sha256-[^']+'", text)}
    assert allowed == {digest(code) for text in texts for code in inline_scripts(text)}


FORBIDDEN = {
    "script-src-attr": "put(`<img src=x onerror='window.run = 1'>`)",
    "style-src-attr": "put(`<p style='color: red'>x</p>`)",
    "img-src": "put(`<img src='https://elsewhere.invalid/x.png'>`)",
    "frame-src": "put(`<iframe src='https://elsewhere.invalid/'></iframe>`)",
    "object-src": "put(`<object data='x.svg'></object>`)",
    "style-src-elem": "put(`<link rel=stylesheet href='https://elsewhere.invalid/x.css'>`)",
    "script-src-elem": "put(Object.assign(document.createElement('script'), { text: 'window.run = 1' }))",
    "connect-src": "fetch('https://elsewhere.invalid/').catch(() => 0)",
    "form-action": "put(`<form id=away action='https://elsewhere.invalid/'></form>`), away.submit()",
}
"""What each directive stops, as a script of a page would try it."""

TRY = """async () => {
    const put = what => what.nodeType
        ? document.body.append(what) : document.body.insertAdjacentHTML("beforeend", what);
    const stopped = new Promise(done => {
        document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective), { once: true });
        setTimeout(done, 10_000, "nothing is stopped");
    });
    FORBIDDEN;
    return [await stopped, window.run ?? null];
}"""


@pytest.mark.parametrize("page", EACH_KIND)
def test_what_the_policy_forbids_does_not_happen(regular: Visit, page: str) -> None:
    regular.open(page)
    tried = {directive: regular.page.evaluate(TRY.replace("FORBIDDEN", code)) for directive, code in FORBIDDEN.items()}
    assert tried == {directive: [directive, None] for directive in FORBIDDEN}
