"""A page’s Markdown twin: what the page says, with its values and verdicts, for programs that read no drawings.

It is made of the page's HTML, so that it has all that a reader sees, whatever put it there.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markdown.extensions.toc import slugify

from snippets.lab.markdown.extension import IN_OTHER_WORDS
from snippets.lab.site.csp import DRAWING
from snippets.lab.site.tree import Element, tree

SPECIAL = re.compile(r"[\\`*\[\]<]|(?<!\w)_++|_++(?!\w)")
STARTS_A_BLOCK = re.compile(r"^(?:(?=#|[-+]\s|>|~~~)|\d+(?=[.)]\s))", re.MULTILINE)
LANGUAGE = re.compile(r"\blanguage-(?!text\b)(\w+)")
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
PREFORMATTED = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
COLOURED = re.compile(r"</?(?:a|code|span)\b[^>]*>")
"""What highlights code: most of a page's elements, and nothing that is said."""
LEFT_OUT = {"headerlink", "nw-unseen", "nw-filter", "nw-source"}
LINKS_LITTLE = {"nw-measured", "nw-term"}
"""A link of these leads to what a number was measured by, or to the glossary, which has a twin itself."""
WITHOUT_PLACE = ("claim-", "figure-")
"""How ids begin of what is no heading: a twin has no place for them."""
MEASURING = "snippets/experiments/"
"""Code in this folder is a third of all that the pages hold, and what it does stands above it in words."""
ASKED = (IN_OTHER_WORDS, "Also described as")
"""How that begins which a search for words needs. A program that reads knows other words for a thing."""
SOURCE = re.compile(r"^\| \[([^\]]+)\]\(https?://[^)]+\) \|")
"""A row of a list of sources: whichever page relies on one has its address beside what it says."""
VERSIONS = re.compile(r"Python \S+, torch [^\s,]+, ")
"""What a snippet ran with."""
BETWEEN = " ·"
BLOCKS = {
    *("blockquote", "details", "div", "dl", "figcaption", "figure", "hr", "noscript", "ol", "p", "pre", "section"),
    *("summary", "table", "ul", *HEADINGS),
}
INDENT = "    "


def twin(content: str, before: str = "") -> str:
    """The content of a page (HTML, without the theme) as Markdown; `before` stands below its first heading. If it says
    what snippets ran with, this is not said of each.
    """
    without_drawings = DRAWING.sub("", content)
    page = tree(PREFORMATTED.sub(lambda pre: COLOURED.sub("", pre[0]), without_drawings))
    _leave_out(page, frozenset())
    blocks = [*_blocks(page)]
    if before:
        blocks.insert(1, before)
    text = "\n\n".join(blocks) + "\n"
    own = VERSIONS.search(before)
    return re.sub(rf"(?<=\*\*) – {re.escape(own[0])}[\d-]{{10}}$", "", text, flags=re.MULTILINE) if own else text


def twin_of(address: str) -> str:
    """Where the twin of a page lies, by the address of the page, relative to whatever: `../a/#b` has `../a/index.md#b`.
    Of what is no page of this site, the address itself.
    """
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path:
        return address
    path = parts.path + "index.html" if parts.path.endswith(("/", "..")) else parts.path
    if parts.path.endswith(".."):
        path = f"{parts.path}/index.html"
    fragment = "" if parts.fragment.startswith(WITHOUT_PLACE) else parts.fragment
    return parts._replace(path=re.sub(r"\.html$", ".md", path), fragment=fragment).geturl()


def _leave_out(element: Element, around: frozenset[str]) -> None:
    """Take away what says nothing here. `around`: the classes of what the element stands in."""
    around = around.union(element.classes)
    for number, child in enumerate([*element.elements()], start=1):
        if _says_nothing(child, number, around):
            element.children.remove(child)
        else:
            _leave_out(child, around)


def _says_nothing(element: Element, number: int, around: frozenset[str]) -> bool:
    """Or something that the twin says elsewhere: of a whole traceback its messages, of a claim's pages their names, of
    a claim that holds on the first machine its verdict there.
    `number`: which of its siblings it is, from 1.
    """
    match element.name:
        case "input":
            return True
        case "details" if "nw-output" in around:
            return True
        case "p" | "details" if element.text.lstrip().startswith(ASKED):
            return True
        case "a" if "nw-figure" in around and element.attributes.get("href", "").startswith("https:"):
            return True
        case "th" | "td" if "nw-ledger" in around and number == 5:
            return True
        case "li" if "nw-card" in around and number == 1 and "nw-holds" in element.classes:
            return True
        case "li" if "nw-card" in around and number == 1 and "nw-noisy" in element.classes:
            return ";" not in element.text  # after which a reason stands that the row has not
    return not LEFT_OUT.isdisjoint(element.classes) or "nw-where" in element.classes and "nw-card" in around


def _blocks(parent: Element) -> Iterator[str]:
    """The blocks in an element; words between them are a block, too."""
    words: list[str] = []
    for child in parent.children:
        if isinstance(child, Element) and child.name in BLOCKS:
            if text := _paragraph(words):
                yield text
            words = []
            yield from _block(child)
        else:
            words.append(_inline(child))
    if text := _paragraph(words):
        yield text


def _block(element: Element) -> Iterator[str]:
    classes = element.classes
    if file := _of_measuring(element):
        yield f"**{file}**: the page shows it."
    elif sign := HEADINGS.get(element.name):
        yield f"{sign} {_words(element)}{_named(element)}"
    elif element.name == "pre":
        yield _fenced(element)
    elif element.name == "table":
        yield _table(element)
    elif element.name in ("ul", "ol"):
        if text := _list(element):  # all of it may have been left out
            yield text
    elif element.name == "dl":
        for term, meaning in zip(element.inside("dt"), element.inside("dd"), strict=True):
            yield f"**{_words(term)}**: {_words(meaning)}"
    elif element.name == "hr":
        yield "---"
    elif element.name == "blockquote" or "admonition" in classes:
        yield _indented("\n\n".join(_blocks(element)), "> ")
    elif element.name == "summary" or "admonition-title" in classes:
        yield f"**{_words(element)}**"
    elif "tabbed-labels" in classes:
        return
    elif "tabbed-set" in classes:
        labels, tabs = element.elements()
        for label, tab in zip(labels.elements(), tabs.elements(), strict=True):
            yield f"**{_words(label)}**"
            yield from _blocks(tab)
    else:
        yield from _blocks(element)


def _of_measuring(element: Element) -> str:
    """The file whose code is folded here, where it measures."""
    summary = next(element.inside("summary"), None) if element.name == "details" else None
    return summary.text if summary and summary.text.startswith(MEASURING) else ""


def _named(heading: Element) -> str:
    """The id by which links know a heading, where its words do not give it."""
    name = heading.attributes.get("id")
    return f" {{#{name}}}" if name and name != slugify(heading.text, "-") else ""


def _fenced(element: Element) -> str:
    code = element.text.strip("\n")
    around = next((each for each in element.around() if "highlight" in each.classes), element)
    languages = LANGUAGE.findall(" ".join(around.classes))
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{''.join(languages)}\n{code}\n{fence}"


def _table(table: Element) -> str:
    rows = [[_cell(cell) for cell in row.inside("th", "td")] for row in table.inside("tr")]
    columns = max(map(len, rows))
    lines = ["| " + " | ".join(row + [""] * (columns - len(row))) + " |" for row in rows]
    lines = [SOURCE.sub(r"| \1 |", line) for line in lines]
    lines.insert(1, "|" + " --- |" * columns)
    return "\n".join(lines)


def _cell(cell: Element) -> str:
    return " ".join(" · ".join(_blocks(cell)).replace("|", "\\|").split())


def _list(element: Element) -> str:
    items = [child for child in element.elements() if child.name == "li"]
    signs = ["-"] * len(items) if element.name == "ul" else [f"{number}." for number in range(1, len(items) + 1)]
    return "\n".join(f"{sign} {_item(item)}" for sign, item in zip(signs, items, strict=True))


def _item(item: Element) -> str:
    return _indented("\n\n".join(_blocks(item)), INDENT).lstrip(" ")


def _indented(text: str, by: str) -> str:
    return "\n".join(f"{by}{line}".rstrip() for line in text.split("\n"))


def _words(element: Element) -> str:
    return _tidy("".join(_inline(child) for child in element.children))


def _paragraph(words: list[str]) -> str:
    return STARTS_A_BLOCK.sub(r"\g<0>\\", _tidy("".join(words)))


def _tidy(text: str) -> str:
    return " ".join(text.replace("\u2060", "").split()).rstrip(BETWEEN)


def _inline(node: Element | str) -> str:
    if isinstance(node, str):
        return _plain(node)
    if node.name == "code":
        code = node.text
        return f"`` {code} ``" if "`" in code else f"`{code}`"
    if node.name == "br":
        return "\n"
    inner = "".join(_inline(child) for child in node.children)
    if node.name == "img":
        return f"![{_plain(node.attributes.get('alt', ''))}]({node.attributes.get('src')})"
    if "nw-claim" in node.classes:
        name = node.attributes["href"].rpartition("#")[2]
        return f"{inner} (claim {name}: {_plain(node.attributes['title'])})"
    if not inner.strip() or not LINKS_LITTLE.isdisjoint(node.classes):
        return inner
    if node.name == "a" and (address := node.attributes.get("href")):
        return f"[{inner}]({twin_of(address)})"
    if node.name in ("strong", "b"):
        return f"**{inner}**"
    if node.name in ("em", "i"):
        return f"*{inner}*"
    return inner


def _plain(text: str) -> str:
    """Words that mean themselves, whoever wrote them."""
    return SPECIAL.sub(lambda special: "".join(f"\\{sign}" for sign in special[0]), text)
