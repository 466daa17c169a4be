"""The first use of a term is a link to its definition, in prose alone, whatever its form.

What it does not prove: that a definition is right, or that the word means the term where it stands. People read that.
"""

from __future__ import annotations

import re
from xml.etree.ElementTree import fromstring, tostring

import pytest
from markdown.extensions.toc import slugify

from snippets.lab.markdown import glossary
from snippets.lab.markdown.glossary import NO_TERM, anchor, definitions, link_first_uses
from snippets.lab.paths import DOCS

TERMS = {
    "Batch": "Some items.",
    "Collate": "To put together.",
    "Fork": "A copy.",
    "Fork server": "A process.",
    "PSS": "Memory.",
}
LINK = re.compile(r'<a class="nw-term" href="/reference/glossary.md#([\w-]+)" title="[^"]+">([^<]+)</a>')


def linked(html: str) -> str:
    """HTML in which `{anchor:words}` stands for a link to the glossary."""
    root = fromstring(f"<div>{html}</div>")
    link_first_uses(root, TERMS)
    made = tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    return LINK.sub(r"{\1:\2}", made)


@pytest.mark.parametrize(
    ("html", "after"),
    [
        ("<p>A batch is a batch.</p>", "<p>A {batch:batch} is a batch.</p>"),
        ("<p>Two batches.</p><p>A batch.</p>", "<p>Two {batch:batches}.</p><p>A batch.</p>"),
        ("<p>It collates a Batch.</p>", "<p>It {collate:collates} a {batch:Batch}.</p>"),
        ("<p>Collating, collated.</p>", "<p>{collate:Collating}, collated.</p>"),
        ("<p>A fork server, a fork.</p>", "<p>A {fork-server:fork server}, a {fork:fork}.</p>"),
        ("<p>A batch, <em>a fork</em>, collated.</p>",
         "<p>A {batch:batch}, <em>a {fork:fork}</em>, {collate:collated}.</p>"),
        ("<ul><li>A batch<p>and PSS</p></li></ul>", "<ul><li>A {batch:batch}<p>and {PSS:PSS}</p></li></ul>"),
    ],
)  # fmt: skip
def test_the_first_use_is_a_link(html: str, after: str) -> None:
    assert linked(html) == after.replace("{PSS:", "{pss:")


@pytest.mark.parametrize(
    "html",
    [
        "<h2>A batch</h2>",
        '<p><a href="b.md">A batch</a></p>',
        "<p><code>batch</code> <strong>Fork:</strong></p>",
        "<pre><code>batch</code></pre>",
        "<table><tr><td>batch</td></tr></table>",
        '<div class="nw-figure"><p>A batch</p></div>',
        "<p>rebatch, batch_size, batch-wise, pss, forklift</p>",
    ],
)
def test_what_is_no_use_of_a_term(html: str) -> None:
    assert linked(html) == html


def test_without_terms_nothing_changes() -> None:
    root = fromstring("<div><p>A batch.</p></div>")
    link_first_uses(root, {})
    assert not root.findall(".//a")


def test_each_heading_of_the_glossary_has_its_definition() -> None:
    """In one sentence that stands alone, since a reader sees it without the page; in alphabetical order."""
    headings = re.findall(r"(?m)^## (.+)$", (DOCS / glossary.PAGE).read_text(encoding="utf-8"))
    terms = definitions()
    assert [*terms, NO_TERM] == headings
    assert [*terms] == sorted(terms, key=str.lower)
    assert [term for term, text in terms.items() if not 20 < len(text) < 180 or re.search(r"[\[\]`*{}]", text)] == []
    assert {term: anchor(term) for term in terms} == {term: slugify(term, "-") for term in terms}
