"""The notebook page is rebuilt from its cells; what could run or fetch something is refused, as on any page."""

import base64

import pytest

from snippets.lab.site.inert import UnsafePage, refuse_active
from snippets.lab.site.notebook import slim

INERT = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>'

SHELL = """<div class="jupyter-wrapper">
<style>body {{ color: red }}</style><script>alert(1)</script>
<div class="jp-Notebook" tabindex="0"><main>{cells}</main></div>
</div>"""

PROSE = """<div id="cell-id=1" class="jp-Cell jp-MarkdownCell">
<div class="jp-InputPrompt">In [ ]:</div>
<div class="jp-RenderedHTMLCommon jp-MarkdownOutput" data-mime-type="text/markdown">{html}</div></div>"""

CODE = """<div id="cell-id=2" class="jp-Cell jp-CodeCell"><div class="jp-InputArea">
<div class="jp-InputPrompt">In [1]:</div>
<div class="highlight-ipynb"><pre><span></span><span class="k">import</span> torch
</pre></div><div class="zeroclipboard-container"><clipboard-copy>import torch</clipboard-copy></div>
</div>{outputs}</div>"""

OUTPUT = """<div class="jp-OutputArea-child"><div class="jp-OutputPrompt">Out[1]:</div>
<div class="jp-RenderedText jp-OutputArea-output" data-mime-type="{kind}">{html}</div></div>"""


def notebook(*cells: str) -> str:
    return SHELL.format(cells="".join(cells))


def shown(kind: str, html: str) -> str:
    return slim(notebook(CODE.format(outputs=OUTPUT.format(kind=kind, html=html))))


def image(svg: str) -> str:
    data = base64.b64encode(svg.encode()).decode()
    return shown("image/svg+xml", f'<img src="data:image/svg+xml;base64,{data}"/>')


def test_another_page_is_left_as_it_is() -> None:
    page = '<h1 id="a">A &amp; b</h1>\n<p>jp-Notebook</p>'
    assert slim(page) == page


@pytest.mark.parametrize("opening", ["<!doctype html>", "\n  <!DOCTYPE html>"])
def test_a_whole_page_is_refused(opening: str) -> None:
    with pytest.raises(ValueError, match="takes the content of a page"):
        slim(f"{opening}<html><body>{notebook()}</body></html>")


def test_nothing_of_the_shell_is_left() -> None:
    page = slim(notebook(PROSE.format(html="<p>Words.</p>"), CODE.format(outputs="")))
    for gone in ("<style", "<script", "jp-", "In [", "Out[", "clipboard", "tabindex"):
        assert gone not in page


def test_prose() -> None:
    html = '<h2 id="slow">Slow<a class="anchor-link" href="#slow">¶</a></h2><p>1 &lt; 2</p>'
    assert slim(notebook(PROSE.format(html=html))) == (
        '<h2 id="slow">Slow<a class="headerlink" href="#slow" title="Link to this section">¶</a></h2><p>1 &lt; 2</p>'
    )


def test_inline_styles_become_attributes_or_go() -> None:
    html = '<table><tr><td style="text-align: right">1</td><td style="color: red">2</td></tr></table>'
    assert slim(notebook(PROSE.format(html=html))) == ('<table><tr><td align="right">1</td><td>2</td></tr></table>')


def test_a_cell_is_a_block_that_can_be_copied() -> None:
    assert slim(notebook(CODE.format(outputs=""))) == (
        '<div class="language-python highlight"><pre><code><span class="k">import</span> torch\n</code></pre></div>'
    )


@pytest.mark.parametrize("kind", ["text/plain", "application/vnd.jupyter.stdout"])
def test_printed_text(kind: str) -> None:
    page = shown(kind, '<pre>1 &lt; 2\n<span style="color: red">red</span></pre>')
    block = "<pre><code>1 &lt; 2\n<span>red</span>\n</code></pre>"
    assert page.endswith(f'\n<div class="nb-output no-copy">{block}</div>')


def test_what_went_to_standard_error_is_marked() -> None:
    assert 'class="nb-output no-copy nb-output--error"' in shown("application/vnd.jupyter.stderr", "<pre>!</pre>")


@pytest.mark.parametrize("kind", ["text/html", "text/markdown", "image/png", "image/jpeg"])
def test_other_outputs_stay_as_they_are(kind: str) -> None:
    assert shown(kind, "\n<b>1</b>\n").endswith('<div class="nb-output no-copy"><b>1</b></div>')


@pytest.mark.parametrize("kind", ["application/javascript", "application/vnd.jupyter.widget-view+json", "text/latex"])
def test_an_unknown_output_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match=f"an output that it cannot show: {kind}".replace("+", r"\+")):
        shown(kind, "<b>1</b>")


def test_a_picture_stands_in_the_page_itself() -> None:
    assert INERT in image(f'<?xml version="1.0"?>\n{INERT}')
    assert "<img" not in image(INERT) and "<?xml" not in image(f'<?xml version="1.0"?>\n{INERT}')
    assert "<rect" in shown("image/svg+xml", INERT)


@pytest.mark.parametrize(
    "active",
    [
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        '<rect onload="alert(1)"/>',
        '<rect\nonclick = "alert(1)"/>',
        '<image href="https://example.org/a.png"/>',
        "<image xlink:href='http://example.org/a.png'/>",
        '<a href=" javascript:alert(1)"/>',
        '<use href="//example.org/a.svg#b"/>',
    ],
)
def test_a_picture_that_could_run_or_fetch_is_refused(active: str) -> None:
    svg = INERT.replace("</svg>", f"{active}</svg>")
    for content in (image(svg), shown("image/svg+xml", svg)):
        with pytest.raises(UnsafePage, match="labs/a.py: "):
            refuse_active("labs/a.py", content, {}, "A title")


@pytest.mark.parametrize("kind", ["text/html", "text/markdown"])
def test_so_is_any_other_output(kind: str) -> None:
    with pytest.raises(UnsafePage, match="labs/a.py: it has <script>"):
        refuse_active("labs/a.py", shown(kind, "<p>x</p><script>alert(1)</script>"), {}, "A title")
    refuse_active("labs/a.py", shown(kind, "<table><tr><td>1</td></tr></table>"), {}, "A title")


def test_the_order_of_the_cells_stays() -> None:
    page = slim(notebook(PROSE.format(html="<p>one</p>"), CODE.format(outputs=""), PROSE.format(html="<p>two</p>")))
    assert page.index("one") < page.index("import") < page.index("two")
