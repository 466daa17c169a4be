"""What a snippet prints that means no good: it stands on its page as text, in a bounded length, and takes no memory.

Each is printed by a real script, and goes into a page by the project's own Markdown. What a terminal would hide or turn
around is not there any more.
"""

import tracemalloc

import pytest
from bs4 import BeautifulSoup

from snippets.lab.markdown import extension as page_side
from snippets.lab.output import GAP, LONGEST_SHOWN
from snippets.lab.outputs import outputs, printed, running
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.printed import KEPT
from snippets.lab.site.inert import refuse_active
from snippets.lab.unseen import unseen
from tests.docs.pages import markdown
from tests.lab.tree import Tree

PRINTED: dict[str, tuple[bytes, str]] = {
    "colours": (b"\x1b[31mred\x1b[0m \x1b[2J\x1b[H", "[31mred[0m [2J[H"),
    "a link of a terminal": (b"\x1b]8;;https://x.invalid/\x1b\\click\x1b]8;;\x07", "]8;;https://x.invalid/\\click]8;;"),
    "a title of a terminal": (b"\x1b]0;owned\x07a", "]0;owneda"),
    "controls of one byte": ("\u009b31ma\u0085b\u0080c".encode(), "31mabc"),
    "a bell and a step back": (b"a\x07b\x08\x08c", "abc"),
    "a line written over": (b"harmful\rharmless", "harmful\nharmless"),
    "line ends of Windows": (b"a\r\nb\r\n", "a\nb"),
    "a page feed": (b"a\x0cb\x0bc", "abc"),
    "zeros": (b"a\0b\0", "ab"),
    "text that runs backwards": ("a\u202egpj.exe\u202c".encode(), "agpj.exe"),
    "isolates and marks": ("a\u2066b\u2069\u200e\u200f\u061cc".encode(), "abc"),
    "nothing between letters": ("a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg".encode(), "abcdefg"),
    "other line ends": ("a\u2028b\u2029c".encode(), "abc"),
    "tags": ("a\U000e0001\U000e0068\U000e0069\U000e007fb".encode(), "ab"),
    "private signs": ("a\ue000\U000f0000b".encode(), "ab"),
    "letters without a look": ("a\u3164\u115f\u2800b".encode(), "ab"),
    "variants of a sign": ("a\ufe00\ufe0f\U000e0155\u180bb ⚙\ufe0f\U000e0155".encode(), "ab ⚙"),
    "a variant that is seen": ("⚙\ufe0f a".encode(), "⚙\ufe0f a"),
    "signs that are none": ("a\u2065\ufff0\uffff\U000e0fff\U0001d159b".encode(), "ab"),
    "what is no UTF-8": (b"a\xff\xfe\xc3(b", "a\ufffd\ufffd\ufffd(b"),
    "halves of a sign": (b"a\xed\xa0\x80b", "a\ufffd\ufffd\ufffdb"),
    "too long a form of <": (b"\xc0\xbcscript>", "\ufffd\ufffdscript>"),
    "a script": (b"</pre></div><script>alert(1)</script>", "</pre></div><script>alert(1)</script>"),
    "a handler": (b'"><img src=x onerror=alert(1)>', '"><img src=x onerror=alert(1)>'),
    "a comment": (b"<!-- a --!> <![CDATA[ b ]]> <?c?>", "<!-- a --!> <![CDATA[ b ]]> <?c?>"),
    "entities": (b"&lt;b&gt; &amp;amp; &#60; &nbsp &copy", "&lt;b&gt; &amp;amp; &#60; &nbsp &copy"),
    "a place of stashed markup": (b"\x02wzxhzdk:0\x03 \x02klzzwxh:0001\x03 \x0260\x03", "wzxhzdk:0 klzzwxh:0001 60"),
    "the same without its signs": (b"wzxhzdk:0 qlzqqlzq:0", "wzxhzdk:0 qlzqqlzq:0"),
    "attributes": (b"a\n{ onclick=alert(1) }", "a\n{ onclick=alert(1) }"),
    "the same, as Python prints a dict": (b"a\n{ 'hidden': 1 }", "a\n{ 'hidden': 1 }"),
    "Markdown": (b"# a\n\n[b](javascript:a()) ![c](d) `e` *[g]: h", "# a\n\n[b](javascript:a()) ![c](d) `e` *[g]: h"),
    "templates": (b"{{ config }} {% include 'x' %} ${x} {# y #}", "{{ config }} {% include 'x' %} ${x} {# y #}"),
    "an include": (b'--8<-- "/etc/passwd"\n-8<- "x"', '--8<-- "/etc/passwd"\n-8<- "x"'),
    "a fence": (b"```\n~~~html\n<b>", "```\n~~~html\n<b>"),
    "a figure and a claim": (b"![a](figure:scaling) [{value}](claim:x)", "![a](figure:scaling) [{value}](claim:x)"),
    "a head": (b"---\ntemplate: x\n---", "---\ntemplate: x\n---"),
}
"""By what it is: what is printed, and what stands on the page."""


def test_what_is_printed_stands_as_text(tree: Tree, python: Preloaded, monkeypatch: pytest.MonkeyPatch) -> None:
    """All on one page. Whatever stands in it, no block takes anything from another."""
    monkeypatch.setattr(page_side, "OUTPUTS", tree.file)
    names = {what: f"a/n{number}" for number, what in enumerate(PRINTED)}
    found = {}
    for what, name in names.items():
        tree.snippet(name, f"import os\nos.write(1, {PRINTED[what][0]!r})")
        found[name] = running.run(name, "output", python)
    outputs.write(found, tree.file)
    assert outputs.read(tree.file) == found
    page = markdown().convert("".join(f"![What it prints](output:{name})\n\n" for name in found))
    refuse_active("a.md", page, {}, "A title")
    blocks = BeautifulSoup(page, "html.parser").select("div.nw-output > pre")
    shown = dict(zip(names, (block.get_text() for block in blocks), strict=True))
    assert shown == {what: text for what, (_, text) in PRINTED.items()}
    assert all(block.attrs == {} and not block.find() for block in blocks)


# How much.

MUCH = "import os\nline = b'a' * 99 + b'\\n'\nfor _ in range(1_000):\n os.write(1, line * 1000)"
AS_LONG_AS_IT_LIKES = {
    "a hundred megabytes": MUCH,
    "a hundred megabytes in one line": MUCH.replace("b'\\n'", "b'a'"),
    "a million lines": "print('\\n'.join(map(str, range(1_000_000))))",
    "a million empty lines": "print('\\n' * 1_000_000 + 'a')",
    "ten million zeros": "import os\nos.write(1, b'a\\n')\nfor _ in range(100):\n os.write(1, bytes(100_000))",
    "signs of four bytes": "print('\\U0001f600' * 1_000_000)",
}


@pytest.mark.parametrize("forked", [True, False], ids=["in a fork", "alone"])
@pytest.mark.parametrize("what", AS_LONG_AS_IT_LIKES)
def test_however_much_is_printed_little_is_kept(tree: Tree, python: Preloaded, what: str, forked: bool) -> None:
    """In memory, while it is read; and on disk nothing at all."""
    tree.snippet("a/b", AS_LONG_AS_IT_LIKES[what])
    tracemalloc.start()
    try:
        output = running.run("a/b", "output", python if forked else None)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30 * KEPT
    assert output.exit_code == 0 and len(output.text) <= LONGEST_SHOWN
    assert GAP in output.text.split("\n") and not unseen(output.text)
    assert tree.left() == []


def test_what_is_left_out_is_the_middle(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printed, "KEPT", 100)
    lines = tree.run("for number in range(1000):\n print(number, flush=True)").text.split("\n")
    gap = lines.index(GAP)
    assert lines[:gap] == [str(number) for number in range(gap)] and gap > 20
    assert lines[gap + 1 :] == [str(number) for number in range(1000 - len(lines) + gap + 1, 1000)]


@pytest.mark.parametrize("forked", [True, False], ids=["in a fork", "alone"])
def test_what_never_stops_printing_is_ended(
    tree: Tree, python: Preloaded, monkeypatch: pytest.MonkeyPatch, forked: bool
) -> None:
    monkeypatch.setattr(running, "DEADLINE", 1.0)
    tree.snippet("a/b", "while True:\n print('y' * 1000, end='')")
    with pytest.raises(running.OutputError, match="did not end within 1 s"):
        running.run("a/b", "output", python if forked else None)
    assert tree.left() == []
