"""One page open in the browser, and everything it complained about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from .site import Site

WIDE, NARROW = 1280, 360
WIDTHS = (WIDE, NARROW)
Scheme = Literal["light", "dark"]
LIGHT: Scheme = "light"
DARK: Scheme = "dark"
NAME_IN_THE_THEME = {LIGHT: "default", DARK: "slate"}
HEIGHT = 900


@dataclass
class Visit:
    page: Page
    site: Site
    complaints: list[str] = field(default_factory=list)
    """Console errors and warnings, exceptions, failed requests, requests to another host."""

    def open(self, address: str = "") -> None:
        self.page.goto(self.site.address + address)

    def at(self, width: int) -> Page:
        """The page at this width, laid out."""
        if self.page.viewport_size != {"width": width, "height": HEIGHT}:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            self.settle()
        return self.page

    def in_scheme(self, scheme: Scheme) -> Page:
        """The page in this scheme, by its own switch."""
        if self.page.locator("body").get_attribute("data-md-color-scheme") != NAME_IN_THE_THEME[scheme]:
            self.page.evaluate("() => document.querySelector('#nw-scheme label:not([hidden])').click()")
            self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until running transitions are over and two frames were drawn."""
        self.page.evaluate(
            """async () => {
                const frame = () => new Promise(requestAnimationFrame);
                await frame();
                const ending = document.getAnimations()
                    .filter(a => a.effect?.getTiming().iterations !== Infinity);
                await Promise.race([
                    Promise.allSettled(ending.map(a => a.finished)),
                    new Promise(done => setTimeout(done, 2000)),
                ]);
                await frame();
            }"""
        )

    @contextmanager
    def styled(self, css: str) -> Iterator[None]:
        """The page with more style, in a way that its content security policy does not forbid."""
        self.page.evaluate(
            """css => {
                const sheet = new CSSStyleSheet();
                sheet.replaceSync(css);
                document.adoptedStyleSheets.push(sheet);
            }""",
            css,
        )
        try:
            yield
        finally:
            self.page.evaluate("() => { document.adoptedStyleSheets.pop(); }")

    def _listen(self) -> None:
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"exception: {error}"))
        self.page.on("request", self._on_request)
        self.page.on("requestfailed", self._on_failure)
        self.page.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in ("data", "blob") and asked.netloc != urlsplit(self.site.address).netloc:
            self.complaints.append(f"request to another host: {request.url}")

    def _on_failure(self, request: Request) -> None:
        # A page that is left while it still loads stops its own requests.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"request failed: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.complaints.append(f"status {response.status}: {response.url}")


def hit_of_search(page: Page, words: str) -> Locator:
    """The first one for these words. While they are typed, the theme shows the hits for how they begin."""
    page.locator(".md-search__input").click()
    page.keyboard.type(words)
    hit = page.locator(".md-search-result__item a", has_text=words).first
    expect(hit).to_be_visible(timeout=10_000)
    return hit


@contextmanager
def visiting(browser: Browser, site: Site, scheme: Scheme = LIGHT, width: int = WIDE) -> Iterator[Visit]:
    """A fresh browser profile whose system prefers this colour scheme."""
    context = browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": HEIGHT},
        permissions=["clipboard-read", "clipboard-write"],
    )
    try:
        visit = Visit(context.new_page(), site)
        visit._listen()
        yield visit
    finally:
        context.close()
