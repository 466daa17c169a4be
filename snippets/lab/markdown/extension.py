"""The page side, as a Python-Markdown extension (so that it needs no template language and no MkDocs).

    ![Title of the figure](figure:sprites-overlap)            the figure, its caption and its numbers
    [the step waits {waited_alone} of it](measured:sprites-overlap)   words with measured values
    [{value} as fast](claim:waiting-scales-to-8)              words that a claim stands behind, with its verdict
    [eight are {value} as fast](claim:waiting-scales-to-8 "more can wait")   the same, and words for without the value
    ### On a GPU { data-needs="cuda-overlap" }                a section that is there where that is measured
    ![Play with it](simulator:signatures/bursts)              the loader's model, to play with, beside measured runs
    ![](about:sprites-overlap)                                question, unit, traps, cost
    ![](table:machines)                                       a table about all results
    ![](ledger:claims)                                        every claim, or statement, with its verdict
    ![What it prints](output:errors/ragged_fixed)             what a snippet printed
    ![What it says](error:errors/ragged)                      how a snippet failed
    [CONTRIBUTING](source:.github/CONTRIBUTING.md)            a file of the project, in its repository
    --8<-- "helper_sprites/overlap.py:loaders"                 in a block of code: its file's name stands below it

The first use of a word that the glossary defines becomes a link to it. An unknown name raises, and so fails the build.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from snippets.lab.catalog import experiment_names
from snippets.lab.markdown.fences import with_kinds
from snippets.lab.markdown.figures import about_element, figure_element, table_element
from snippets.lab.markdown.glossary import definitions, link_first_uses
from snippets.lab.markdown.ledger import claims_element, statements_element, verdicts_element
from snippets.lab.markdown.links import included, point_to
from snippets.lab.markdown.marks import fill_claim, fill_measured, say_once
from snippets.lab.markdown.needs import present
from snippets.lab.markdown.output_block import output_element, printed_elsewhere
from snippets.lab.markdown.sentences import description
from snippets.lab.markdown.shown import UnknownName, shown, unknown
from snippets.lab.markdown.simulator import simulator_element
from snippets.lab.markdown.tables import TABLES
from snippets.lab.markdown.verdicts import ruling
from snippets.lab.outputs import outputs
from snippets.lab.paths import OUTPUTS

LEDGERS: dict[str, Callable[[], Element]] = {
    "claims": claims_element,
    "statements": statements_element,
    "verdicts": verdicts_element,
}

BEFORE_LINKS_ARE_CHECKED = 15
"""After inline parsing (20), before MkDocs rewrites and checks links (0)."""

AFTER_THAT = 12
"""Once each link is one, and before MkDocs looks at the links."""

BEFORE_FILES_ARE_PUT_IN = 40
"""Before the markers of pymdownx.snippets are replaced by what they name (32)."""

FIRST = 50
"""Before anything else reads the lines."""

HEADINGS = {f"h{level}" for level in range(1, 7)}
IN_OTHER_WORDS = "In other words:"

INCLUDED = re.compile(r"\s*--8<-- \"(?P<path>[\w/]+\.py)(?::[\w-]+)?\"\s*")


class MeasuredExtension(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Needs(md), "needs", FIRST)
        md.preprocessors.register(_Sources(md), "sources", BEFORE_FILES_ARE_PUT_IN)
        md.treeprocessors.register(_Measured(md), "measured", BEFORE_LINKS_ARE_CHECKED)
        md.treeprocessors.register(_Glossary(md), "glossary", AFTER_THAT)
        md.treeprocessors.register(_Answers(md), "answers", AFTER_THAT)


def makeExtension(**settings: Any) -> MeasuredExtension:
    return MeasuredExtension(**settings)


class _Needs(Preprocessor):
    """Without the parts of the page that speak of what is not measured."""

    def run(self, lines: list[str]) -> list[str]:
        return present(lines)


class _Sources(Preprocessor):
    """Under each block of code that is a file: a line that names it."""

    def run(self, lines: list[str]) -> list[str]:
        page: list[str] = []
        indent, path = "", None
        for line, kind in with_kinds(lines):
            page.append(line)
            if kind == "opening":
                indent, path = line[: len(line) - len(line.lstrip())], None
            elif kind == "code" and (match := INCLUDED.fullmatch(line)):
                path = match["path"]
            elif kind == "closing" and path:
                page += ["", f"{indent}[`{included(path)}`](source:{included(path)})", ""]
        return page


def _address(element: Element, attribute: str = "src") -> tuple[str, str]:
    """Scheme and name of an address: `figure:scaling` as two words."""
    scheme, _, name = element.get(attribute, "").partition(":")
    return scheme, name


def _is_source(link: Element) -> bool:
    return link.get("href", "").startswith("source:")


def _figure(md: Markdown, name: str, title: str) -> Element:
    if not title:
        raise UnknownName(f"figure:{name} has no title: write ![what it is](figure:{name})")
    return figure_element(md, shown(name), title)


def _about(_md: Markdown, name: str, _title: str) -> Element:
    return about_element(shown(name))


def _table(_md: Markdown, name: str, title: str) -> Element:
    if name not in TABLES:
        raise unknown(f"no table {name!r}", TABLES)
    box = Element("div", {"class": "nw-scroll", "tabindex": "0", "role": "group", "aria-label": title or name})
    table = table_element(TABLES[name]())
    for head in table.iter("th"):
        if head.text in experiment_names():
            link = SubElement(head, "a", {"href": description(head.text)})
            link.text, head.text = head.text, None
    box.append(table)
    return box


def _output(md: Markdown, name: str, title: str, *, failed: bool) -> Element:
    by_name = outputs.read(OUTPUTS)
    if name not in by_name:
        raise unknown(f"no output of {name!r}", by_name)
    output = by_name[name]
    if output.absent and (held := printed_elsewhere(name, output, "error" if failed else "output")):
        return output_element(md, title, held.results.outputs[name], failed, held.results.machine)
    return output_element(md, title, output, failed)


def _ledger(_md: Markdown, name: str, _title: str) -> Element:
    if name not in LEDGERS:
        raise unknown(f"no ledger {name!r}", LEDGERS)
    return LEDGERS[name]()


ELEMENTS: Mapping[str, Callable[[Markdown, str, str], Element]] = {
    "figure": _figure,
    "simulator": simulator_element,
    "about": _about,
    "table": _table,
    "output": partial(_output, failed=False),
    "error": partial(_output, failed=True),
    "ledger": _ledger,
}
"""What stands in the place of an image, by the scheme of its address; made of the name after that, and of the image's
title. Each raises UnknownName.
"""


class _Measured(Treeprocessor):
    """What was measured, in the place of images and in the words of links."""

    def run(self, root: Element) -> None:
        images = [(parent, place, *_address(image), image.get("alt", "")) for parent, place, image in _images(root)]
        described = {name for _, _, scheme, name, _ in images if scheme == "about"}
        for parent, place, scheme, name, title in reversed(images):  # so that what goes moves no place that comes
            if make := ELEMENTS.get(scheme):
                parent[place] = make(self.md, name, title)
            if scheme == "figure" and not shown(name).is_measured and shown(name).name not in described:
                del parent[place]
        for paragraph in root.iter("p"):
            if len(paragraph) == 1 and not paragraph.text and not paragraph[0].tail and _is_source(paragraph[0]):
                paragraph.set("class", "nw-source")
                paragraph.set("data-search-exclude", "")
        marked: set[str] = set()
        for link in root.iter("a"):
            scheme, name = _address(link, "href")
            if scheme in ("http", "https"):
                link.set("rel", "external")  # on paper its address stands behind it
            elif scheme == "source":
                point_to(link, name)
            elif scheme == "measured":
                fill_measured(link, shown(name))
            elif scheme == "claim":
                fill_claim(link, ruling(name))
                if name not in marked:  # where the ledger leads back to
                    link.set("id", f"claim-{name}")
                marked.add(name)
        for block in (element for element in root.iter() if element.tag in ("p", "li", "td")):
            say_once(block)


class _Glossary(Treeprocessor):
    """Links from words to their definitions."""

    def run(self, root: Element) -> None:
        link_first_uses(root, definitions())


class _Answers(Treeprocessor):
    """How else people ask is found by a search, and stands in small print behind what answers them: a section begins
    with its answer.
    """

    def run(self, root: Element) -> None:
        asked: list[Element] = []
        for child in [*root]:
            if child.tag in HEADINGS:
                for paragraph in asked:
                    root.insert([*root].index(child), paragraph)
                asked = []
            elif child.tag == "p" and len(child) and (child[0].tag, child[0].text) == ("em", IN_OTHER_WORDS):
                child.set("class", "nw-asked")
                root.remove(child)
                asked.append(child)
        root.extend(asked)


def _images(root: Element) -> Iterator[tuple[Element, int, Element]]:
    """Paragraphs that hold one image and nothing else, with their parent and place in it."""
    for parent in root.iter():
        for place, child in enumerate(parent):
            alone = child.tag == "p" and len(child) == 1 and not (child.text or "").strip()
            if alone and child[0].tag == "img" and not (child[0].tail or "").strip():
                yield parent, place, child[0]
