"""Where a file of the project can be read: the environment says which repository it is in, if any."""

from xml.etree.ElementTree import Element

import pytest
from markdown import Markdown

from snippets.lab.markdown.links import address, in_perfetto, point_to

FILE = "snippets/lab/markdown/links.py"
KNOWN = {"SITE_REPO_URL": "https://host.invalid/owner/name", "SITE_EDIT_URI": "edit/main/docs/"}


def environment(monkeypatch: pytest.MonkeyPatch, **settings: str) -> None:
    for name in KNOWN:
        monkeypatch.setenv(name, settings.get(name, ""))


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_address_is_in_the_repository_that_the_environment_names(
    monkeypatch: pytest.MonkeyPatch, slash: str
) -> None:
    environment(monkeypatch, SITE_REPO_URL=KNOWN["SITE_REPO_URL"] + slash, SITE_EDIT_URI="edit/next/docs/")
    assert address(FILE) == f"https://host.invalid/owner/name/blob/next/{FILE}"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SITE_REPO_URL": KNOWN["SITE_REPO_URL"]},
        {"SITE_EDIT_URI": KNOWN["SITE_EDIT_URI"]},
        {**KNOWN, "SITE_EDIT_URI": "_edit/main/docs/"},
        {**KNOWN, "SITE_EDIT_URI": "edit/main/"},
    ],
    ids=lambda settings: " ".join(settings.values()) or "nothing",
)
def test_where_it_names_none_there_is_no_address(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    environment(monkeypatch, **settings)
    assert address(FILE) is None


def test_a_link_without_an_address_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    environment(monkeypatch)
    link = Element("a", href="source:x")
    point_to(link, FILE)
    assert (link.tag, link.attrib) == ("span", {})


PAGE = """
Read [how](source:.github/CONTRIBUTING.md).

```python
--8<-- "lab/markdown/links.py:code"
```

=== "A tab"

    ~~~python
    --8<-- "lab/site/csp.py"
    ~~~

```text
--8<-- "lab/printed.txt"
```

```python
typed = "here"
```
"""


def test_under_each_block_that_is_a_file_its_name_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the block's own indentation; under no other block."""
    environment(monkeypatch, **KNOWN)
    md = Markdown(extensions=["snippets.lab.markdown.extension", "pymdownx.superfences", "pymdownx.tabbed"])
    md.convert(PAGE)
    lines = md.preprocessors["sources"].run([*PAGE.splitlines()])
    named = [line for line in lines if "](source:snippets" in line]
    assert named == [
        "[`snippets/lab/markdown/links.py`](source:snippets/lab/markdown/links.py)",
        "    [`snippets/lab/site/csp.py`](source:snippets/lab/site/csp.py)",
    ]
    html = md.convert(PAGE)
    assert html.count('class="nw-source"') == 2
    assert f'href="https://host.invalid/owner/name/blob/main/{FILE}"' in html
    assert '<p>Read <a href="https://host.invalid/owner/name/blob/main/.github/CONTRIBUTING.md">how</a>.</p>' in html


@pytest.mark.parametrize("site", ["", "http://127.0.0.1:8000/", "http://site.invalid/a/"])
def test_perfetto_is_sent_to_no_site_that_it_could_not_reach(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setenv("SITE_URL", site)
    assert in_perfetto("measured/one.trace.json") is None


@pytest.mark.parametrize("closing", ["", "/"])
def test_perfetto_opens_the_trace_of_the_published_site(monkeypatch: pytest.MonkeyPatch, closing: str) -> None:
    monkeypatch.setenv("SITE_URL", f"https://site.invalid/a{closing}")
    opened = in_perfetto("measured/one.trace.json")
    assert opened == "https://ui.perfetto.dev/#!/?url=https%3A%2F%2Fsite.invalid%2Fa%2Fmeasured%2Fone.trace.json"
