"""Pages as somebody may propose them who means no good: what is refused, and what is shown and does nothing."""

RUNS = "alert(1)"
"""A browser that runs it says so."""

GROWS = ", ".join(f"&a{n} [{f'*a{n - 1}, ' * 10}]" for n in range(1, 12))
"""YAML, to be read in no time, and of a hundred thousand million words."""

REFUSED: dict[str, tuple[str, str]] = {
    "a script": (f"<script>{RUNS}</script>", "it has <script>"),
    "a script in a list": (f"- one\n\n    <script>{RUNS}</script>", "it has <script>"),
    "a script in a table": (f"| a |\n| --- |\n| <script>{RUNS}</script> |", "it has <script>"),
    "a script in a heading": (f"## A <script>{RUNS}</script>", "it has <script>"),
    "a script in a footnote": (f"A[^1]\n\n[^1]: <script>{RUNS}</script>", "it has <script>"),
    "a script in the title of an admonition": (f'!!! note "<script>{RUNS}</script>"\n    A', "it has <script>"),
    "a script in an element with Markdown": (f"<div markdown>\n<script>{RUNS}</script>\n</div>", "it has <script>"),
    "a handler in a tab": (f'=== "<img src=x onerror={RUNS}>"\n    A', "<img> has the attribute onerror"),
    "a handler in a summary": (f'??? note "<img src=x onerror={RUNS}>"\n    A', "<img> has the attribute onerror"),
    "a handler in an attribute list": (f'A\n{{ onclick="{RUNS}" }}', "<p> has the attribute onclick"),
    "a handler in the list of a heading": (f'## A {{ onmouseover="{RUNS}" }}', "<h2> has the attribute onmouseover"),
    "a handler in the list of a link": (f'[a](b.md){{ onfocus="{RUNS}" }}', "<a> has the attribute onfocus"),
    "a handler in an element with Markdown": (
        f'<div markdown onclick="{RUNS}">\n*a*\n</div>',
        "<div> has the attribute onclick",
    ),
    "a handler in an identifier": (f'## A {{ #x"onclick={RUNS} }}', "<h2> has the attribute _x_onclick"),
    "a style": ('A\n{ style="position: fixed" }', "<p> has the attribute style"),
    "a style sheet": ("<style>* { display: none }</style>", "it has <style>"),
    "a refresh": ('<meta http-equiv="refresh" content="0; url=https://x.invalid/">', "it has <meta>"),
    "a base": ('<base href="https://x.invalid/">', "it has <base>"),
    "a frame": ('<iframe srcdoc="&lt;script&gt;"></iframe>', "it has <iframe>"),
    "an object": ('<object data="x.svg"></object>', "it has <object>"),
    "an embedded file": ("<embed src=x.svg>", "it has <embed>"),
    "a linked style": ('<link rel="stylesheet" href="x.css">', "it has <link>"),
    "a form": ('<form action="https://x.invalid/"><input type="checkbox"></form>', "it has <form>"),
    "a template": ("<template><p>A</p></template>", "it has <template>"),
    "what is read without scripts": (
        f'<noscript><p title="</noscript><img src=x onerror={RUNS}>"></noscript>',
        "it has <noscript>",
    ),
    "formulas that browsers read twice": (
        f"<math><mtext><table><mglyph><style><img src=x onerror={RUNS}></style></mglyph></table></mtext></math>",
        "it has <math>",
    ),
    "a drawing with a script": (f"<svg><script>{RUNS}</script></svg>", "it has <script>"),
    "a drawing that changes itself": (
        '<svg><animate attributeName="href" to="javascript:a()"/></svg>',
        "it has <animate>",
    ),
    "a drawing that names a function in another way": (
        r'<svg><rect fill="u\72l(https://x.invalid/a)"/></svg>',
        "its drawing has a backslash",
    ),
    "a drawing with a mask from elsewhere": (
        "<svg><g mask=\"image-set('https://x.invalid/a.png' 1x)\"/></svg>",
        "its drawing has something from elsewhere",
    ),
    "a drawing that covers the page": (
        '<svg overflow="visible"><rect x="-9999" y="-9999" width="19999" height="19999"/></svg>',
        "its drawing has the attribute overflow",
    ),
    "the same by its size": (
        '<svg transform="scale(9999)"><rect width="1" height="1"/></svg>',
        "<svg> has the attribute transform",
    ),
    "words that nobody is shown": ("A\n{ hidden=hidden }", "<p> has the attribute hidden"),
    "words that begin on the right": ('<p dir="rtl">gpj.exe!</p>', "<p> has the attribute dir"),
    "a link that runs": ("[a](javascript:a())", "<a> leads to 'javascript:a()'"),
    "the same in odd letters": ("[a](JaVaScRiPt:a())", "<a> leads to 'JaVaScRiPt:a()'"),
    "the same by entities": (
        "[a](j&#97;vascript&colon;a())",
        "<a> leads to 'javascript:a()'",
    ),
    "the same with a tab": ("[a](java&Tab;script:a())", r"<a> leads to 'java\tscript:a()'"),
    "the same behind a space": ('<a href=" javascript:a()">a</a>', "<a> leads to ' javascript:a()'"),
    "the same by reference": ("[a][b]\n\n[b]: javascript:a()", "<a> leads to 'javascript:a()'"),
    "the same by itself": ("<javascript:a()>", "it has <javascript:a()>"),
    "a page as data": ("[a](data:text/html;base64,AAAA)", "<a> leads to 'data:text/html;base64,AAAA'"),
    "a picture from elsewhere": ("![a](https://x.invalid/x.png)", "<img> loads 'https://x.invalid/x.png'"),
    "a title that becomes markup": (
        f"[a](b.md '<img src=x onerror={RUNS}>')",
        "<a> has a title that would become markup",
    ),
    "the title of an abbreviation": (
        f"The ABC.\n\n*[ABC]: <img src=x onerror={RUNS}>",
        "<abbr> has a title that would become markup",
    ),
    "a heading that becomes markup": (f"## `<img src=x onerror={RUNS}>`", "would become markup. Say it without the <"),
    "an entry of the contents that becomes markup": (
        f'## A {{ data-toc-label="&lt;img src=x onerror={RUNS}&gt;" }}',
        "would become markup. Say it without the <",
    ),
    "a diagram, by a script from elsewhere": (
        '<pre class="mermaid"><code>graph</code></pre>',
        "<pre> has the class 'mermaid'",
    ),
    "a page fetched into this one": ("[a](https://x.invalid/){ data-preview }", "<a> has the attribute data-preview"),
    "other words for the clipboard": ('A\n{ data-clipboard-text="rm" }', "<p> has the attribute data-clipboard-text"),
    "a cover of the whole page": (
        '<a class="x md-overlay" href="https://x.invalid/">a</a>',
        "<a> has the class 'x md-overlay'",
    ),
    "a part of the theme": ('A\n{ data-md-component="announce" }', "it has data-md-component"),
    "settings of the theme": ("<p id=__config>{}</p>", "id='__config' is a name that the theme’s scripts look for"),
    "a comment that may end elsewhere": (f"A <!--> <script>{RUNS}</script> --> B", "it has a comment with markup"),
    "a tag that swallows the next": (f"<div>A<img src=x onerror={RUNS}\n\n</div>", "<img> has the attribute onerror"),
    "a card that ends in an attribute": (
        f'<div class="nw-card"><p aria-label="</div><img src=x onerror={RUNS}>">A</p></div>',
        "<p> has the end of an element in its aria-label",
    ),
    "the same in an end tag": (
        f'<div class="nw-card"><p>A</p x="</div><img src=x onerror={RUNS}>">B</div>',
        "an end tag that is more than its name",
    ),
    "an end of what is around the page": (
        "A\n\n</div></div></main>\n\nB",
        "</div>, which does not end what began last",
    ),
    "text that runs backwards": ("gpj.\u202eexe", r"a character that nobody sees: '\u202e'"),
    "the same by an entity": ("gpj.&#x202e;exe", r"a character that nobody sees: '\u202e'"),
    "an isolate in a link": ("[a\u2066b](c.md)", r"a character that nobody sees: '\u2066'"),
    "a hidden message": ("A\U000e0068\U000e0069", r"a character that nobody sees: '\U000e0068'"),
    "a message spelt by variants of a sign": ("A\ufe01\U000e0155", r"a character that nobody sees: '\ufe01'"),
    "the same behind a picture": ("⚙\ufe0f\ufe0f", r"a character that nobody sees: '\ufe0f'"),
    "such a message by entities": ("⚙&#xfe0f;&#xe0155;", r"a character that nobody sees: '\U000e0155'"),
    "a sign that is none yet": ("A\U000e0fff", r"a character that nobody sees: '\U000e0fff'"),
    "a word with nothing in it": ("num\u200b_workers", r"a character that nobody sees: '\u200b'"),
    "markup in the title of the head": (
        f"---\ntitle: </title><script>{RUNS}</script>\n---\nA",
        "the title in its head has markup",
    ),
    "the same by entities, in the head": (
        f"---\ntitle: '&lt;img src=x onerror={RUNS}&gt;'\n---\nA",
        "the title in its head has markup",
    ),
    "an attribute in the description": (
        "---\ndescription: 'a\" http-equiv=\"refresh'\n---\nA",
        "the description in its head has markup or quotation marks",
    ),
    "a head that grows as it is read": (
        f"---\nhide: [&a0 [a], {GROWS}]\n---\nA",
        "the hide in its head has a list within a list",
    ),
    "another template": ("---\ntemplate: ../x.html\n---\nA", "its head says 'template'"),
    "a head of another dialect": ("template: x.html\nredirect: https://x.invalid/\n\nA", "its head says "),
    "a title from a heading": (f"# `<script>{RUNS}</script>`\n\nA", "its title would become markup"),
}
"""By what somebody would try: the page, and what is said of it."""

SHOWN: dict[str, str] = {
    "code": f"A `<script>{RUNS}</script>` and `<img src=x onerror={RUNS}>`.",
    "a block of code": f"```html\n<script>{RUNS}</script>\n</code></pre><img src=x onerror={RUNS}>\n```",
    "code in colours": f"`#!html <script>{RUNS}</script>`",
    "a name of a language": f'```"><script>{RUNS}</script>\nx\n```',
    "a class of a block": f'```python {{ .x onclick="{RUNS}" style="color: red" }}\nx = 1\n```',
    "the title of a block": f'```python title="<img src=x onerror={RUNS}>"\nx = 1\n```',
    "a block that becomes a diagram elsewhere": "```mermaid\ngraph TD\n```",
    "raw, elsewhere": f"```{{=html}}\n<script>{RUNS}</script>\n```",
    "entities": f"&lt;script&gt;{RUNS}&lt;/script&gt; &amp;lt;img src=x onerror={RUNS}&amp;gt;",
    "another text for a picture": f'![" onerror="{RUNS}](../assets/sprite.svg)',
    "a quotation mark in a title": f"[a](https://x.invalid/ '\" onclick=\"{RUNS}')",
    "the same of an abbreviation": f'The ABC.\n\n*[ABC]: a" onclick="{RUNS}',
    "a kind of admonition": f'!!! note" onclick="{RUNS}\n    A',
    "a place of stashed markup": "A \x02wzxhzdk:0\x03 <b>b</b> \x02qlzqqlzq:0\x03 `c`",
    "the same by entities, and in an attribute": 'A &#2;wzxhzdk:0&#3; <b title="\x02wzxhzdk:1\x03">b</b> <i>c</i>',
    "templates": "{{ config }} {% include '/etc/passwd' %} ${7*7} {{ 7*7 }} #{7*7}",
    "a source elsewhere": '[a](source:javascript:a()) [b](source:"onclick="a()")',
    "a comment": "A <!-- nothing to see --> B",
    "a variant that is seen": "A gear ⚙\ufe0f, and another ⚙&#xfe0f;",
    "a tag that does not end": f"A\n\n<p>B</p><img src=x onerror={RUNS} ",
    "a comment that does not end": "A\n\n<!-- B",
}
"""What is shown as it is, or not at all."""

INCLUDED = ("https://x.invalid/a.md", "/etc/passwd", "../../.git/config", "../.github/SECURITY.md")
