"""What a page's own words and drawings may bring: markup that shows something, and nothing that runs, loads or styles.

Anyone may propose a change of the prose, and Markdown passes HTML through. So what is not listed here is refused, where
the theme is not yet around it; then each script of a page is one of the theme's.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from snippets.lab.site.tree import VOID
from snippets.lab.unseen import unseen


class UnsafePage(ValueError):
    """A page or a file of the site that no policy should have to stop; the message names it and what is wrong."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ANYWHERE = _words("class id lang role tabindex title")
"""Attributes of any element, beside `aria-…` and those of DATA."""
DATA = _words("data-begins data-form data-search-exclude data-spans data-tabs")
"""Others make the theme’s scripts fetch a page, or copy what nobody sees."""
PLAIN = _words("""
    abbr b blockquote br caption cite code dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd mark
    p pre q s samp section small span strong sub summary sup table tbody tfoot thead tr u ul var
""")
WITH_MORE = {
    "a": _words("download href rel"),
    "col": _words("span"),
    "colgroup": _words("span"),
    "details": _words("open"),
    "img": _words("align alt height src width"),
    "input": _words("checked disabled name type"),
    "label": _words("for"),
    "li": _words("value"),
    "ol": _words("start type"),
    "td": _words("align colspan rowspan"),
    "th": _words("align colspan rowspan scope"),
    "time": _words("datetime"),
}
"""Elements of a page's content, and the attributes that some of them may have beside."""
DRAWS = _words("""
    circle clippath defs desc ellipse g line lineargradient marker mask path pattern polygon polyline radialgradient
    rect stop svg symbol text title tspan use
""")
"""Elements of a drawing, in small letters, as HTML reads them."""
OF_A_DRAWING = ANYWHERE | _words("""
    clip-path clip-rule clippathunits cx cy d dominant-baseline dx dy fill fill-opacity fill-rule focusable font-family
    font-size font-style font-weight gradienttransform gradientunits height href letter-spacing marker-end marker-mid
    marker-start markerheight markerunits markerwidth mask offset opacity orient paint-order patternunits
    patterntransform points preserveaspectratio r refx refy rotate rx ry shape-rendering stop-color stop-opacity stroke
    stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width
    text-anchor textlength transform version viewbox width x x1 x2 xlink:href xml:space xmlns xmlns:xlink y y1 y2
""")
INPUTS = {"checkbox", "radio"}
"""As tabs and lists of tasks have them: nothing to type into, and no form around it."""
CLOBBERS = re.compile(r"__(?!tabbed_\d)")
"""How the theme names what its scripts look up; of these, a page may have its own tabs."""
HOOK = re.compile(r"(?:^|\s)(?:md-\S*|mermaid)(?!\S)", re.IGNORECASE)
"""Classes of the theme’s own. For a `mermaid` its scripts load one from another host."""
TAG = re.compile(r"<(?!(?:class|function|lambda|locals|module)\b[^=>]*>)[a-z!?]", re.IGNORECASE)
"""How a tag begins. The theme shows a title, and a heading in its table of contents, as what their words would be as
HTML. What Python prints of a type or a function is no element that does anything, and one that only ends is none.
"""
ODD_END = re.compile(r"</(?![a-z][a-z0-9]*>).{0,40}", re.IGNORECASE | re.DOTALL)
"""Where such a tag ends, in its quotation marks or behind them, each version of Python's parser tells otherwise."""
LINKED = re.compile(r"(?![/\\]{2})(?![a-z][a-z0-9+.-]*:)|https?://|mailto:", re.IGNORECASE)
LOADED = re.compile(r"(?![/\\]{2})(?![a-z][a-z0-9+.-]*:)|data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,]", re.IGNORECASE)
IGNORED_IN_A_URL = re.compile(r"[\x00-\x20]")
FUNCTION = re.compile(r"([\w-]*)\((\s*[\"']?#)?")
OF_COLOURS_AND_PLACES = _words("""
    calc hsl hsla matrix rgb rgba rotate scale skewx skewy translate translatex translatey var
""")
"""Functions in the attributes of a drawing. Beside them there is `url(#…)`, for a part of the same drawing."""
REFERENCES = {"href", "xlink:href"}
SAID = {"aria-label", "title"}
"""What attributes of a drawing hold other parts of it, and words."""
SVG, XLINK, XML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace"
HEAD = {"description", "hide", "search", "title"}
"""What the head of a Markdown file may say. The theme puts some of it into its pages as it stands."""
LISTED = "what it may have is listed in snippets/lab/site/inert.py"
MARKUP = re.compile(r"[<>\"]")
HOST = re.compile(r"""\b(?:href|src)=["']?(?:https?:)?//([^/"'?#\s>]*)""", re.IGNORECASE)
STACKED = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3}")
"""More marks on one letter than a language has: they would cover the lines above and below."""


def refuse_active(page: str, content: str, head: Mapping[str, Any], title: str, headings: Iterable[str] = ()) -> None:
    """Raises UnsafePage, in one line with the page's name, for content (HTML, without the theme) that does more than
    show, and for a title, a head or one of the `headings` of its table of contents (HTML) that would become markup.
    """
    for name, value in head.items():
        if name not in HEAD:
            raise UnsafePage(f"{page}: its head says {name!r}; it may say {', '.join(sorted(HEAD))}")
        if any(isinstance(part, Mapping | list) for part in _parts(value)):
            raise UnsafePage(f"{page}: the {name} in its head has a list within a list. Say it in one")
        for text in _texts(value):
            if MARKUP.search(text) or _becomes_markup(text):
                raise UnsafePage(f"{page}: the {name} in its head has markup or quotation marks in it: {text[:60]!r}")
    if MARKUP.search(title) or _becomes_markup(title):
        raise UnsafePage(f"{page}: its title would become markup: {title[:60]!r}. Give it one in its head")
    for heading in headings:
        if _becomes_markup(heading):
            raise UnsafePage(f"{page}: its heading {heading[:60]!r} would become markup. Say it without the <")
    for text in (content, title, *(text for value in head.values() for text in _texts(value))):
        if signs := unseen(html.unescape(text)):
            raise UnsafePage(f"{page}: it has a character that nobody sees: {ascii(min(signs))}. Take it out")
        if marks := STACKED.search(html.unescape(text)):
            raise UnsafePage(f"{page}: it has a pile of marks on one letter: {ascii(marks[0])}. Take them away")
    for host in map(html.unescape, HOST.findall(content)):
        if not host.isascii():
            raise UnsafePage(f"{page}: a link to {host[:60]!a}, which looks like another host. Write it as xn--…")
    if problem := _problem(content):
        raise UnsafePage(f"{page}: {problem}. A page shows something; it runs, loads and styles nothing ({LISTED})")


def _becomes_markup(words: str) -> bool:
    """Whether HTML shows words which, taken for HTML once more, have a tag in them."""
    return bool(TAG.search(html.unescape(words)))


def refuse_drawing(name: str, drawing: str | bytes) -> None:
    """Raises UnsafePage for an SVG that does more than show. It is read as XML, as a browser reads such a file.

    A part with an `id`, which others can show, shows none itself: ten that show the next one ten times each, nine deep,
    would keep a browser busy for good.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    can_be_shown = [False]

    def refuse(what: str) -> None:
        raise UnsafePage(f"{name}: a drawing has {what}. Draw it without.")

    def element(tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        if space not in ("", SVG) or local.lower() not in DRAWS:
            refuse(f"<{local}>")
        can_be_shown.append(can_be_shown[-1] or "id" in map(str.lower, attributes))
        for key, value in attributes.items():
            space, _, local = key.rpartition(" ")
            prefix = {"": "", XLINK: "xlink:", XML: "xml:"}.get(space, "?")
            name = prefix + local.lower()
            if problem := _drawing_attribute(name, value):
                refuse(problem)
            if can_be_shown[-1] and _shows_another(name, value):
                refuse(f"a part that can be shown, and shows another: {value[:40]!r}")

    def declaration(version: str, encoding: str | None, standalone: int) -> None:
        if (encoding or "utf-8").lower() != "utf-8":
            refuse(f"the encoding {encoding}")

    parser.XmlDeclHandler = declaration
    parser.StartElementHandler = element
    parser.EndElementHandler = lambda _: can_be_shown.pop()
    parser.StartDoctypeDeclHandler = lambda *_: refuse("a document type")
    parser.ProcessingInstructionHandler = lambda *_: refuse("an instruction for another program")
    try:
        parser.Parse(drawing, True)
    except expat.ExpatError as error:
        raise UnsafePage(f"{name}: a drawing is not well-formed ({error})") from error


@lru_cache(maxsize=256)
def _problem(content: str) -> str:
    """What in some HTML does more than show; "" if nothing does. A preview renders most pages again as they were."""
    if odd := ODD_END.search(content):
        return f"it has an end tag that is more than its name: {odd[0]!r}"
    reader = _Reader()
    try:
        reader.feed(content)
    except AssertionError:  # Python's parser gives up in this way
        return "it has a declaration that is none"
    if "<" in reader.rawdata:  # not read yet, for it does not end
        return "it has a tag that nothing closes"
    reader.close()
    return reader.problem


class _Reader(HTMLParser):
    """Whatever a browser might read in another way than this parser is refused, too: a comment with markup in it, a
    declaration, a tag that nothing closes.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.problem = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # In a <title>, some versions of this parser see no markup, and browsers do.
        if tag == "title" or tag not in PLAIN and tag not in WITH_MORE and tag not in DRAWS:
            self._note(f"it has <{tag}>")
        for name, value in attrs:
            self._note(_attribute(tag, name, value or ""))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """What the page itself has not begun last may be an element of the theme's, around the page."""
        if tag in VOID:
            return
        if self._open[-1:] != [tag]:
            self._note(f"it has </{tag}>, which does not end what began last")
        self._open[-1:] = []

    def handle_data(self, data: str) -> None:
        if "<" in data:
            self._note(f"it has a tag that nothing closes: {data[data.index('<') :][:40]!r}")

    def handle_comment(self, data: str) -> None:
        if re.search(r"[<>]|--", data):
            self._note("it has a comment with markup in it")

    def handle_decl(self, decl: str) -> None:
        self._note(f"it has a declaration: {decl[:40]!r}")

    def unknown_decl(self, data: str) -> None:
        self._note(f"it has a declaration: {data[:40]!r}")

    def handle_pi(self, data: str) -> None:
        self._note(f"it has an instruction for another program: {data[:40]!r}")

    def updatepos(self, i: int, j: int) -> int:
        """No message says in which line, and counting lines takes a fifth of the time."""
        return j

    def _note(self, problem: str) -> None:
        self.problem = self.problem or problem


def _attribute(tag: str, name: str, value: str) -> str:
    """What is wrong with an attribute, or "". An end in it would be one to whoever reads the element as text: a browser
    does so with a card in its `<noscript>`.
    """
    if "</" in value:
        return f"<{tag}> has the end of an element in its {name}: {value[:40]!r}"
    if name in ("for", "id", "name") and CLOBBERS.match(value):
        return f"{name}={value!r} is a name that the theme’s scripts look for"
    if name.startswith("data-md-"):
        return f"it has {name}, which the theme’s scripts look for"
    if name == "class" and HOOK.search(value):
        return f"<{tag}> has the class {value[:40]!r}, which the theme’s scripts and styles look for"
    if name == "title" and TAG.search(value):
        return f"<{tag}> has a title that would become markup: {value[:40]!r}"
    if tag == "svg" and name == "transform":  # of a part, it moves within the drawing; of the whole, over the page
        return f"<{tag}> has the attribute {name}"
    if tag in DRAWS:
        return f"its drawing has {problem}" if (problem := _drawing_attribute(name, value)) else ""
    if not _is_listed(name, ANYWHERE | WITH_MORE.get(tag, frozenset())):
        return f"<{tag}> has the attribute {name}"
    if tag == "input" and name == "type" and value not in INPUTS:
        return f"<input> is of the type {value!r}"
    address = IGNORED_IN_A_URL.sub("", value)
    if name == "href" and not LINKED.match(address):
        return f"<{tag}> leads to {value[:40]!r}"
    if name == "src" and not LOADED.match(address):
        return f"<{tag}> loads {value[:40]!r}"
    return ""


def _drawing_attribute(name: str, value: str) -> str:
    if not _is_listed(name, OF_A_DRAWING):
        return f"the attribute {name}"
    if name in REFERENCES and not value.startswith("#"):
        return f"something from elsewhere: {value[:40]!r}"
    if name in SAID:
        return ""
    if "\\" in value:  # with it a style spells the name of a function in another way
        return f"a backslash: {value[:40]!r}"
    for function, own in FUNCTION.findall(value) if "(" in value else ():
        if function.lower() not in OF_COLOURS_AND_PLACES and not (function.lower() == "url" and own):
            return f"something from elsewhere: {value[:40]!r}"
    return ""


def _shows_another(name: str, value: str) -> bool:
    return name in REFERENCES or name not in SAID and "url(" in value.lower()


def _is_listed(name: str, listed: frozenset[str]) -> bool:
    return name in listed or name in DATA or name.startswith("aria-")


def _texts(value: Any) -> Iterator[str]:
    """Of a value in a head that has no list within a list: by names of one in another, a few lines grow endlessly."""
    return map(str, _parts(value) or [value])


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []
