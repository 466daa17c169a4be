"""What prose and drawings may not bring, and that the project's own does pass.

What it does not prove: that a browser reads markup as Python's parser does. Where the two are known to differ, the
markup is refused: those cases stand below.
"""

import pytest

from snippets.lab.site.inert import UnsafePage, refuse_active, refuse_drawing

DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 1 1">{}</svg>'


def refused(content: str = "", title: str = "A title", head: dict[str, object] | None = None) -> str:
    with pytest.raises(UnsafePage) as error:
        refuse_active("guides/a.md", content, head or {}, title)
    said = str(error.value)
    assert said.startswith("guides/a.md: ") and "\n" not in said
    return said


@pytest.mark.parametrize(
    "content",
    [
        "<SCRIPT SRC=x.js></SCRIPT>",
        "<scr\0ipt>a()</script>",
        '<meta http-equiv="refresh" content="0; url=https://x.invalid/">',
        '<base href="https://x.invalid/">',
        '<link rel="stylesheet" href="x.css">',
        '<iframe src="x.html"></iframe>',
        '<object data="x.svg"></object>',
        "<embed src=x.svg>",
        "<form action=x><button>Go</button></form>",
        "<style>p { color: red }</style>",
        "<noscript><p>x</p></noscript>",
        "<template><p>x</p></template>",
        "<custom-element></custom-element>",
        "<img src=x onerror=a()>",
        "<p/onclick=a()>x</p>",
        '<p "onclick=a()>x</p>',
        '<p style="color: red">x</p>',
        '<a href=" java\nscript:a()">x</a>',
        '<a href="&#106;avascript&colon;a()">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="//x.invalid/">x</a>',
        r'<a href="/\x.invalid/">x</a>',
        r'<img src="\\x.invalid/x.png" alt="">',
        r'<img src="/\x.invalid/x.png" alt="">',
        '<img src="https://x.invalid/x.png" alt="">',
        '<img src="data:text/html,x" alt="">',
        '<img src="x.png" srcset="https://x.invalid/x.png 2x" alt="">',
        '<input type="text">',
        '<input type="image" src="x.png">',
        '<p id="__config">{"base": "https://x.invalid/"}</p>',
        '<p data-md-component="announce">x</p>',
        "<svg/onload=a()>",
        "<svg><script>a()</script></svg>",
        "<svg><foreignObject><p>x</p></foreignObject></svg>",
        '<svg><animate attributeName="href" to="javascript:a()"/></svg>',
        '<svg><set attributeName="onload" to="a()"/></svg>',
        '<svg><use href="x.svg#a"/></svg>',
        '<svg><rect fill="url(https://x.invalid/#a)"/></svg>',
        "<svg><title><script>a()</script></title></svg>",
        # Read differently by browsers and by Python's parser, in one version or another:
        "<p>x</p><img src=x onerror=a()",
        "<p>x</p><script",
        "<p>1 <2</p>",
        "<!--> <script>a()</script> -->",
        "<!-- a --!> <script>a()</script> -->",
        "<!-- <p>x</p> -->",
        "<![CDATA[ <script>a()</script> ]]>",
        "<!doctype html>",
        "<p>x</p><![<",
        "<?xml-stylesheet href='x.css'?>",
        "<textarea></textarea><script>a()</script>",
        '<p>x</p y="</p><img src=x onerror=a()>">',
        '<p>x</p y=">">',
        "<p>x</p/>",
        "</>",
        "<p>x</p></div>",
        "<div>x</div></div><div>y",
        "</article><p>x</p>",
        "<ul><li><div>x</li></div></ul>",
        "<svg><g><text>x</g></text></svg>",
        "</ p>",
    ],
)
def test_markup_that_does_more_than_show_is_refused(content: str) -> None:
    refused(content)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("<script>a()</script>", "guides/a.md: it has <script>. A page shows something"),
        ('<p onclick="a()">x</p>', "<p> has the attribute onclick"),
        ('<a href="javascript:a()">x</a>', "<a> leads to 'javascript:a()'"),
        ("<svg onload=a()></svg>", "its drawing has the attribute onload"),
    ],
)
def test_it_is_named(content: str, said: str) -> None:
    assert said in refused(content)


@pytest.mark.parametrize(
    "content",
    [
        "",
        '<h1 id="a">A &amp; b &lt;script&gt;a()&lt;/script&gt;</h1><p>1 &lt; 2</p>',
        '<p>one = 3, onclick = 4, style = "none"</p>',
        '<a class="headerlink" href="#a" title="Link to this section">¶</a>',
        '<a href="../b/#c">b</a> <a href="/x/" download="x.json">x</a>',
        '<a href="https://x.invalid/" rel="noopener">x</a>',
        '<a href="./a:b.md">x</a>',
        '<img alt="" height="1" src="../x.png" width="1">',
        '<img alt="" src="data:image/png;base64,AAAA">',
        '<div class="nw-scroll" tabindex="0" role="group" aria-label="x > y" data-search-exclude></div>',
        '<td align="right" data-search-exclude="" colspan="2">1</td><th scope="col">x</th>',
        '<input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio"><label for="__tabbed_1_1">A</label>',
        '<ul class="task-list"><li><input type="checkbox" disabled checked>x</li></ul>',
        "<!--pytest-codeblocks:expected-output-->",
        DRAWN.format('<defs><path id="a" d="M0 0"/></defs><use xlink:href="#a" x="1"/><text x="1">one = 3</text>'),
        '<svg class="x" role="img" aria-label="workers: one = 3, url(x)"><rect fill="url(#a)"/></svg>',
    ],
)
def test_what_shows_something_may_pass(content: str) -> None:
    refuse_active("guides/a.md", content, {"title": "A: b", "hide": ["toc"], "search": {"exclude": True}}, "A title")


@pytest.mark.parametrize("host", ["r\u0430ypal.com", "example.org:80\u2044x", "b\u00fccher.example"])
@pytest.mark.parametrize("link", ['<a href="https://{}/a">x</a>', "<a href=http://{}>x</a>"])
def test_a_host_that_looks_like_another_is_refused(host: str, link: str) -> None:
    """The first has a Cyrillic letter. Who means such a host writes it as the net does."""
    assert "which looks like another host" in refused(link.format(host))
    refuse_active("guides/a.md", link.format("xn--bcher-kva.example"), {}, "A title")


def test_a_pile_of_marks_is_refused() -> None:
    """Two there are in languages."""
    assert "a pile of marks on one letter" in refused("<p>a" + 200 * "\u0336" + "</p>")
    refuse_active("guides/a.md", "<p>a\u0302\u0301</p>", {}, "A title")


@pytest.mark.parametrize(
    "head",
    [
        {"title": "</title><script>a()</script>"},
        {"description": '"><script>a()</script>'},
        {"description": 'a "b" c'},
        {"search": {"exclude": True, "<b>": 1}},
        {"status": "new"},
        {"template": "other.html"},
        {"hide": ["<b>"]},
    ],
)
def test_a_head_that_would_become_markup_is_refused(head: dict[str, object]) -> None:
    assert next(iter(head)) in refused(head=head)


@pytest.mark.parametrize(
    "heading",
    [
        *("1 &lt; 2", "a &lt;- b", "&amp;lt;img&gt;", "fork &amp; spawn", "file &lt;/torch_…&gt;"),
        *("found &lt;class 'PIL.Image.Image'&gt;", "on &lt;module '__main__' (built-in)&gt;", "main.&lt;locals&gt;.A"),
        "Can't pickle &lt;function &lt;lambda&gt;&gt;",
    ],
)
def test_a_heading_may_compare_and_name_what_python_prints(heading: str) -> None:
    refuse_active("guides/a.md", "", {}, "A title", [heading])


@pytest.mark.parametrize(
    "heading",
    ["&lt;img&gt;", "&#60;p", "<b>", "&lt;class onclick=a()&gt;", "&lt;class 'x'", "&lt;lambdas&gt;", "&lt;!--"],
)
def test_a_heading_that_would_become_markup_is_refused(heading: str) -> None:
    """Where it is too long for the table of contents, the theme makes HTML of its text."""
    with pytest.raises(UnsafePage, match="guides/a.md: its heading .* would become markup"):
        refuse_active("guides/a.md", "", {}, "A title", ["A heading", heading])


def test_so_is_a_title_that_is_taken_from_a_heading() -> None:
    assert "its title would become markup" in refused(title="</title><script>a()</script>")


@pytest.mark.parametrize(
    ("drawing", "said"),
    [
        ("<svg><script>a()</script></svg>", "<script>"),
        ('<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>a()</s:script></s:svg>', "<script>"),
        ("<svg><SCRIPT>a()</SCRIPT></svg>", "<SCRIPT>"),
        ('<svg><x:rect xmlns:x="http://www.w3.org/1999/xhtml"/></svg>', "<rect>"),
        ("<svg><style>@import 'https://x.invalid/x.css';</style></svg>", "<style>"),
        ("<svg><foreignObject><iframe/></foreignObject></svg>", "<foreignObject>"),
        ('<svg><a href="javascript:a()"></a></svg>', "<a>"),
        ('<svg><set attributeName="onload" to="a()"/></svg>', "<set>"),
        ('<svg onload="a()"></svg>', "the attribute onload"),
        ('<svg><g onclick = "a()"></g></svg>', "the attribute onclick"),
        ('<svg><use href="&#106;avascript:a()"/></svg>', "something from elsewhere"),
        ('<svg><use href="https://x.invalid/x.svg#a"/></svg>', "something from elsewhere"),
        (DRAWN.format('<use xlink:href="//x.invalid/x.svg#a"/>'), "something from elsewhere"),
        ('<svg><rect fill="url(https://x.invalid/x)"/></svg>', "something from elsewhere"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', "a document type"),
        ('<?xml-stylesheet href="x.css"?><svg/>', "an instruction for another program"),
        ("<svg><g></svg>", "not well-formed"),
    ],
)
def test_a_drawing_that_does_more_than_show_is_refused(drawing: str, said: str) -> None:
    with pytest.raises(UnsafePage, match="x.svg: a drawing ") as error:
        refuse_drawing("x.svg", drawing)
    assert said in str(error.value)


@pytest.mark.parametrize(
    "drawing",
    [
        DRAWN.format('<title>A &lt;script&gt;</title><use xlink:href="#a"/><rect fill="url(#b)"/>'),
        '<svg role="img" aria-label="On 2 cores: one = 3, two = 5; onload = 7"><!-- said of a drawing --><g/></svg>',
    ],
)
def test_a_drawing_may_speak_of_anything_and_refer_to_itself(drawing: str) -> None:
    refuse_drawing("x.svg", drawing)
