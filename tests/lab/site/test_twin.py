"""From a page's HTML to Markdown. That no page loses anything: tests/site/test_puts_out.py."""

import pytest

from snippets.lab.site.twin import twin, twin_of

CLAIM = (
    '<a class="nw-claim" href="../reference/claims/#fast" id="claim-fast" title="Holds: 7 times. Must be 5.">7 times '
    'as fast<span class="nw-mark nw-holds"><span class="nw-unseen"> (verdict: holds)</span></span></a>'
)


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ('<h2 id="a-b">A <code>b</code><a class="headerlink" href="#a-b">¶</a></h2>', "## A `b`"),
        ('<h2 id="a">1. A <code>b</code><a class="headerlink" href="#a">¶</a></h2>', "## 1. A `b` {#a}"),
        (f"<p>It is {CLAIM}.</p>", "It is 7 times as fast (claim fast: Holds: 7 times. Must be 5.)."),
        ('<p><a class="nw-measured" href="x/" title="t">31 ms</a> <strong>so</strong></p>', "31 ms **so**"),
        (
            '<p><a href="../b/#c">b</a> <a href="https://x.invalid/">x</a></p>',
            "[b](../b/index.md#c) [x](https://x.invalid/)",
        ),
        ("<p>*a* [b](c) &lt;d&gt; num_workers 1 # 2</p>", r"\*a\* \[b\](c) \<d> num_workers 1 # 2"),
        ("<p>__init__ a__b _c_</p>", r"\_\_init\_\_ a__b \_c\_"),
        (
            "<details><summary>snippets/experiments/a/measure.py</summary><pre><code>1</code></pre></details>",
            "**snippets/experiments/a/measure.py**: the page shows it.",
        ),
        ("<details><summary>More</summary><p>1</p></details>", "**More**\n\n1"),
        (
            "<p><em>In other words:</em> “so”.</p><p>x</p>"
            "<details><summary>Also described as</summary><p>y</p></details>",
            "x",
        ),
        ("<p># 1</p><p>1. x</p><p>- y</p>", "\\# 1\n\n1\\. x\n\n\\- y"),
        (
            '<div class="language-python highlight"><pre><span></span><code><span class="k">if</span> a:\n    b\n'
            "</code></pre></div>",
            "```python\nif a:\n    b\n```",
        ),
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
        ("<ul><li>a<ul><li>b</li></ul></li><li><p>c</p><p>d</p></li></ul>", "- a\n\n    - b\n- c\n\n    d"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        (
            "<table><thead><tr><td></td><th>A</th></tr></thead><tbody><tr><th>b|c</th><td>1<br>2</td></tr></tbody></table>",
            "|  | A |\n| --- | --- |\n| b\\|c | 1 2 |",
        ),
        (
            '<table><tr><th>Source</th><th>What</th></tr><tr><td><a href="https://x.invalid/1">x issue 1</a></td>'
            '<td><a href="https://x.invalid/2">y</a></td></tr></table>',
            "| Source | What |\n| --- | --- |\n| x issue 1 | [y](https://x.invalid/2) |",
        ),
        ('<div class="admonition tip"><p class="admonition-title">T</p><p>x</p></div>', "> **T**\n>\n> x"),
        ("<details><summary>More</summary><p>x</p></details>", "**More**\n\nx"),
        ("<dl><dt>Unit</dt><dd>s</dd></dl>", "**Unit**: s"),
        (
            '<div class="tabbed-set"><input type="radio"><div class="tabbed-labels"><label>A</label></div>'
            '<div class="tabbed-content"><div class="tabbed-block"><p>x</p></div></div></div>',
            "**A**\n\nx",
        ),
        ('<figure><svg viewBox="0 0 1 1"><text>no</text></svg><figcaption><p>See.</p></figcaption></figure>', "See."),
        ('<p><img alt="a *b*" src="c.png"></p>', r"![a \*b\*](c.png)"),
        ("<p>a<!-- no --></p><hr>", "a\n\n---"),
        ('<p>a <a class="nw-term" href="../glossary/#b" title="B.">batch</a></p>', "a batch"),
        ('<div class="highlight"><pre>x</pre></div><p class="nw-source"><code>x.py</code></p>', "```\nx\n```"),
        (
            '<div class="nw-card"><ul><li class="nw-holds">Here</li><li class="nw-holds">Machine 2: holds</li></ul>'
            '<ul><li class="nw-noisy">Here: too noisy</li></ul>'
            '<ul><li class="nw-noisy">Here: too noisy; too few cores</li></ul></div>',
            "- Machine 2: holds\n\n- Here: too noisy; too few cores",
        ),
        ('<div class="nw-output"><pre>said</pre><details><pre>Traceback</pre></details></div>', "```\nsaid\n```"),
    ],
)
def test_what_a_page_says_is_said_in_markdown(html: str, markdown: str) -> None:
    assert twin(html) == f"{markdown}\n"


def test_whose_the_values_are_stands_below_the_title() -> None:
    assert twin("<h1>A</h1><p>b</p>", "Values are of x.") == "# A\n\nValues are of x.\n\nb\n"


def test_what_snippets_ran_with_is_said_once() -> None:
    versions = "Python 3.11.7, torch 2.13.0+cpu, 2026-11-28"
    others = (versions.replace("2.13", "2.14"), f"on a GPU, {versions}")
    html = "".join(f"<p><strong>It prints</strong> – {each}</p>" for each in (versions.replace("28", "27"), *others))
    said = f"# A\n\nValues are of x, {versions}; outputs, too.\n\n**It prints**\n\n**It prints** – {others[0]}\n\n"
    said += f"**It prints** – {others[1]}\n"
    assert twin(f"<h1>A</h1>{html}", f"Values are of x, {versions}; outputs, too.") == said


@pytest.mark.parametrize(
    ("address", "of_its_twin"),
    [
        ("../a/", "../a/index.md"),
        ("..", "../index.md"),
        ("./", "./index.md"),
        ("#b", "#b"),
        ("../a/#claim-b", "../a/index.md"),
        ("../a/#figure-b", "../a/index.md"),
        ("../a/#b", "../a/index.md#b"),
        ("guides/a.html#b", "guides/a.md#b"),
        ("../measured/a.json", "../measured/a.json"),
        ("https://x.invalid/a/", "https://x.invalid/a/"),
        ("mailto:a@x.invalid", "mailto:a@x.invalid"),
    ],
)
def test_a_link_leads_to_the_twin_of_a_page(address: str, of_its_twin: str) -> None:
    assert twin_of(address) == of_its_twin
