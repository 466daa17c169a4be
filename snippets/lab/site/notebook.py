"""The notebook page without its 590 kB: the same cells as plain HTML that the site's own styles know."""

import base64
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

ALIGNED = re.compile(r"text-align:\s*(left|center|right)")


def slim(html: str) -> str:
    """Rebuild what mkdocs-jupyter renders; the content of any other page is returned as it is.

    For `on_page_content`: before the template is around it, and before the search index reads it.
    The style sheets, scripts, prompts and second copy of each cell go. What stays is the prose, each cell as
    a highlighted block of the kind that the theme gives a copy button, and each output in a `.nb-output`.

    Raises:
        ValueError: for a whole page in place of its content, or for an output that it does not know. What an output
            brings is looked at like all of a page's content, after this.
    """
    if html.lstrip().lower().startswith("<!doctype"):
        raise ValueError("slim() takes the content of a page (on_page_content), not the page around it")
    notebook = BeautifulSoup(html, "html.parser").select_one(".jupyter-wrapper > .jp-Notebook")
    if notebook is None:
        return html
    return "\n".join(part for cell in notebook.select("[id^='cell-id=']") for part in _cell(cell))


def _cell(cell: Tag) -> Iterator[str]:
    for prose in cell.select(".jp-MarkdownOutput"):
        yield _prose(prose)
    for source in cell.select(".jp-InputArea .highlight-ipynb pre"):
        yield f'<div class="language-python highlight">{_block(source)}</div>'
    for output in cell.select(".jp-OutputArea-output"):
        yield _output(output)


def _prose(prose: Tag) -> str:
    for link in prose.select("a.anchor-link"):
        link["class"] = "headerlink"
        link["title"] = "Link to this section"
    for block in prose.select(".highlight pre"):
        block.replace_with(BeautifulSoup(_block(block), "html.parser"))
    for aligned in prose.select("[style]"):
        # Inline styles would need 'unsafe-inline' in a content security policy.
        if match := ALIGNED.search(str(aligned.attrs.pop("style"))):
            aligned["align"] = match[1]
    return prose.decode_contents().strip()


def _block(pre: Tag) -> str:
    code = pre.decode_contents().removeprefix("<span></span>").strip("\n")
    return f"<pre><code>{code}\n</code></pre>"


def _output(output: Tag) -> str:
    kind = str(output.get("data-mime-type"))
    classes = "nb-output no-copy"
    if kind == "application/vnd.jupyter.stderr":
        classes += " nb-output--error"
    return f'<div class="{classes}">{_shown(output, kind)}</div>'


def _shown(output: Tag, kind: str) -> str:
    match kind:
        case "text/plain" | "application/vnd.jupyter.stdout" | "application/vnd.jupyter.stderr":
            for coloured in output.select("[style]"):
                del coloured["style"]
            return "".join(_block(pre) for pre in output.select("pre"))
        case "image/svg+xml":
            return _inline_svg(output)
        case "text/html" | "text/markdown" | "image/png" | "image/jpeg":
            return output.decode_contents().strip()
    raise ValueError(f"the notebook page has an output that it cannot show: {kind}")


def _inline_svg(output: Tag) -> str:
    """The picture itself in place of an `<img>`, so that it follows the reader's colour scheme."""
    picture = output.select_one("img[src^='data:image/svg+xml;base64,']")
    if picture is None:
        svg = output.decode_contents().strip()
    else:
        svg = base64.b64decode(str(picture["src"]).partition(",")[2]).decode()
    return svg[svg.index("<svg") :]
