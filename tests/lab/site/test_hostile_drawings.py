"""Files that a stranger puts under docs/: a drawing that does more than show, and what no site has, is refused by name.

The theme's own drawings, and those of the project, pass: the built site is looked at in the same way.
"""

from pathlib import Path

import pytest

from snippets.lab.paths import DOCS
from snippets.lab.site.csp import CHARSET, check
from snippets.lab.site.inert import UnsafePage

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SHOWS, MASKS, FILLS = '<use href="{}"/>', '<path mask="url({})"/>', '<path fill="URL({})"/>'


def tenfold(part: str, shows: str) -> str:
    """Nine parts, each of which shows the one before ten times."""
    return "".join(f'<{part} id="a{n}">{shows.format(f"#a{n - 1}") * 10}</{part}>' for n in range(1, 10))


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))

DRAWINGS: dict[str, tuple[str, str]] = {
    "a script": (f"<svg {SVG}><script>alert(1)</script></svg>", "a drawing has <script>"),
    "a script of another name": (
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script href="data:,alert(1)"/></s:svg>',
        "a drawing has <script>",
    ),
    "a script of HTML": (
        f'<svg {SVG}><h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script></svg>',
        "a drawing has <script>",
    ),
    "a handler": (f'<svg {SVG} onload="alert(1)"/>', "the attribute onload"),
    "a handler far within": (f'<svg {SVG}>{"<g>" * 9}<g onclick="a()"/>{"</g>" * 9}</svg>', "the attribute onclick"),
    "a handler that is set": (f'<svg {SVG}><set attributeName="onload" to="alert(1)"/></svg>', "<set>"),
    "an address that is set": (
        f'<svg {SVG}><animate attributeName="href" values="javascript:alert(1)"/></svg>',
        "<animate>",
    ),
    "a link that runs": (f'<svg {SVG}><a xlink:href="javascript:alert(1)"><text>a</text></a></svg>', "<a>"),
    "the same by entities": (f'<svg {SVG}><use href="&#106;avascript:alert(1)"/></svg>', "something from elsewhere"),
    "a part from elsewhere": (f'<svg {SVG}><use xlink:href="https://x.invalid/x.svg#a"/></svg>', "from elsewhere"),
    "a part as data": (f'<svg {SVG}><use href="data:image/svg+xml;base64,AAAA#a"/></svg>', "from elsewhere"),
    "a picture": (f'<svg {SVG}><image href="https://x.invalid/x.png"/></svg>', "<image>"),
    "a page in it": (f"<svg {SVG}><foreignObject><iframe/></foreignObject></svg>", "<foreignObject>"),
    "a style that loads": (f"<svg {SVG}><style>@import url(https://x.invalid/x.css)</style></svg>", "<style>"),
    "a style of one element": (f'<svg {SVG}><g style="fill: url(https://x.invalid/#a)"/></svg>', "attribute style"),
    "a colour from elsewhere": (f'<svg {SVG}><g fill="url(https://x.invalid/#a)"/></svg>', "from elsewhere"),
    "the same in another spelling": (rf'<svg {SVG}><g fill="\75rl(https://x.invalid/)"/></svg>', "a backslash"),
    "a mask from elsewhere": (f"""<svg {SVG}><g mask="image-set('//x.invalid/x' 1x)"/></svg>""", "from elsewhere"),
    "a base": (f'<svg {SVG} xml:base="https://x.invalid/"><use href="#a"/></svg>', "the attribute xml:base"),
    "a billion parts": (
        f"<svg {SVG}>{tenfold('g', SHOWS)}</svg>",
        "a part that can be shown, and shows another: '#a0'",
    ),
    "a billion masks": (f"<svg {SVG}>{tenfold('mask', MASKS)}</svg>", "a part that can be shown, and shows another"),
    "a billion tiles": (f"<svg {SVG}>{tenfold('pattern', FILLS)}</svg>", "a part that can be shown, and shows another"),
    "a part that itself shows another": (f'<svg {SVG}><use ID="a" href="#b"/></svg>', "and shows another: '#b'"),
    "an entity": (f'<!DOCTYPE svg [<!ENTITY a "b">]><svg {SVG}>&a;</svg>', "a document type"),
    "a file as an entity": (
        f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg {SVG}><text>&a;</text></svg>',
        "a document type",
    ),
    "a billion laughs": (f'<!DOCTYPE svg [<!ENTITY a0 "ha">{LAUGHS}]><svg {SVG}>&a9;</svg>', "a document type"),
    "a sheet of style": (f'<?xml-stylesheet href="https://x.invalid/x.css"?><svg {SVG}/>', "an instruction"),
    "another encoding": (f'<?xml version="1.0" encoding="ISO-8859-1"?><svg {SVG}/>', "the encoding ISO-8859-1"),
    "what is no XML": (f"<svg {SVG}><g></svg>", "a drawing is not well-formed"),
    "HTML": ("<!doctype html><script>alert(1)</script>", "not well-formed"),
    "HTML without a type": ("<html><body>a</body></html>", "<html>"),
}
"""By what somebody would try: the drawing, and what is said of it."""

DEEP = f"<svg {SVG}>{{}}</svg>".format("<g>" * 50_000 + "{}" + "</g>" * 50_000)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    return tmp_path


def refused(site: Path, name: str) -> str:
    with pytest.raises(UnsafePage) as error:
        check(site)
    message = str(error.value)
    assert message.startswith(f"{name}: ") and "\n" not in message and len(message) < 200
    return message


@pytest.mark.parametrize("what", DRAWINGS)
def test_a_drawing_is_refused_by_name(site: Path, what: str) -> None:
    drawing, said = DRAWINGS[what]
    (site / "assets" / "x.svg").write_text(drawing, encoding="utf-8")
    assert said in refused(site, "assets/x.svg")


@pytest.mark.parametrize("what", [what for what, (drawing, _) in DRAWINGS.items() if drawing.startswith("<svg")])
def test_so_it_is_in_a_page(site: Path, what: str) -> None:
    drawing, said = DRAWINGS[what]
    (site / "x.html").write_text(f"<!doctype html>{CHARSET}<body>{drawing}", encoding="utf-8")
    assert said in refused(site, "x.html")


@pytest.mark.parametrize(
    "data",
    [
        f"<svg {SVG}><script/></svg>".encode("utf-16"),
        b"\xff\xfe\x00",
        b"",
        b"GIF89a",
        f"<svg {SVG}><text>\xff</text></svg>".encode("latin-1"),
        f"<svg {SVG}>\0<script/></svg>".encode(),
    ],
    ids=["UTF-16", "half of a sign", "nothing", "another picture", "Latin-1", "a zero"],
)
def test_what_browsers_may_read_in_another_way_is_refused(site: Path, data: bytes) -> None:
    (site / "assets" / "x.svg").write_bytes(data)
    refused(site, "assets/x.svg")


def test_however_deep_it_is(site: Path) -> None:
    (site / "assets" / "x.svg").write_text(DEEP.format("<g/>"), encoding="utf-8")
    check(site)
    (site / "assets" / "x.svg").write_text(DEEP.format("<script/>"), encoding="utf-8")
    assert "<script>" in refused(site, "assets/x.svg")


@pytest.mark.parametrize(
    "name",
    [
        *("x.SVG", "x.Html", "x.htm", "x.xhtml", "x.xht", "x.xml", "x.xsl", "x.shtml", "x.mhtml", "x.svgz", "x.pdf"),
        *("x.swf", "x.wasm", "x.hta", "x.rdf", "x.webmanifest", "x", ".htaccess", "CNAME", "_headers"),
        *("a.html.bak", "sitemap.xml/x", "x.svg "),
    ],
)
def test_a_file_of_another_kind_is_refused_by_name(site: Path, name: str) -> None:
    path = site / "assets" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"<svg {SVG} onload='alert(1)'/>", encoding="utf-8")
    assert "a site has no files of this kind" in refused(site, f"assets/{name}")


@pytest.mark.parametrize("script", ["alert(1)", '__md_scope=new URL(".",location)||alert(1)', "a()"])
def test_a_script_that_the_theme_has_not_is_refused_by_name(site: Path, script: str) -> None:
    """So no policy allows it. `404.html` holds nobody's words; its way home is another one."""
    own = '<script>__md_scope=new URL("{}",location)</script><script>palette()</script>'
    (site / "404.html").write_text(own.format("/num-workers/"), encoding="utf-8")
    (site / "x.html").write_text(own.format("../.."), encoding="utf-8")
    check(site)
    (site / "x.html").write_text(f"{own.format('..')}<script>{script}</script>", encoding="utf-8")
    assert "it has a script that the theme's own page" in refused(site, "x.html")


@pytest.mark.parametrize("path", sorted(DOCS.rglob("*.svg")), ids=lambda path: path.name)
def test_the_project_s_own_drawings_pass(site: Path, path: Path) -> None:
    (site / "assets" / path.name).write_bytes(path.read_bytes())
    check(site)
