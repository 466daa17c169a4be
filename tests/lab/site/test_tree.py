"""A page's HTML as a tree."""

import pytest

from snippets.lab.site.tree import Element, tree


def written(element: Element | str) -> str:
    """`p.a[b c[d]]`: names, classes, words and what they stand in."""
    if isinstance(element, str):
        return element
    inside = " ".join(map(written, element.children))
    return ".".join([element.name, *element.classes]) + (f"[{inside}]" if inside else "")


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("a<p>b<em>c</em>d</p>e", "[a p[b em[c] d] e]"),
        ('<p class="x  y">a</p>', "[p.x.y[a]]"),
        ("<p>a<br>b<img src=c>d</p>", "[p[a br b img d]]"),
        ("<p>a<br/>b<i/>c</p>", "[p[a br b i c]]"),
        ("<ul><li>a<li>b</ul>c", "[ul[li[a li[b]]] c]"),
        ("<p><em>a</p>b", "[p[em[a]] b]"),
        ("a</p>b</div>", "[a b]"),
        ("a<!-- b -->c", "[a c]"),
        ("1 &lt; 2 &amp;&amp; &#62;", "[1 < 2 && >]"),
    ],
)
def test_what_stands_in_what(html: str, found: str) -> None:
    assert written(tree(html)) == found


def test_attributes_are_read_as_browsers_read_them() -> None:
    (element,) = tree('<a href="b?c&amp;d" title hidden>e</a>').elements()
    assert element.attributes == {"href": "b?c&d", "title": "", "hidden": ""}


def test_what_is_in_an_element_and_around_it() -> None:
    page = tree("<table><tr><td>a<b>c</b></td></tr><tr><td>d</td></tr></table>")
    assert [cell.text for cell in page.inside("td", "b")] == ["ac", "c", "d"]
    bold = next(page.inside("b"))
    assert [each.name for each in bold.around()] == ["td", "tr", "table", ""]
