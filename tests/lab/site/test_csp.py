"""The policy that each page gets, and what no page may hold. That a browser obeys it is shown in tests/browser."""

import base64
import hashlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from mkdocs.exceptions import PluginError

from snippets.lab.site import hook
from snippets.lab.site.csp import CHARSET, check, digest, inline_scripts, policy, protect
from snippets.lab.site.inert import UnsafePage

PAGE = f"<!doctype html><html><head>{CHARSET}<title>x</title></head><body>BODY</body></html>"


def site(folder: Path, **bodies: str) -> Path:
    for name, body in bodies.items():
        (folder / f"{name}.html").write_text(PAGE.replace("BODY", body), encoding="utf-8")
    return folder


def test_each_page_allows_the_inline_scripts_of_all_pages(tmp_path: Path) -> None:
    """Instant navigation shows the second page under the policy of the first."""
    protect(site(tmp_path, one="<script>one()</script>", two="<script>two()</script>"))
    for name in ("one", "two"):
        text = (tmp_path / f"{name}.html").read_text()
        head, _, rest = text.partition('<meta http-equiv="Content-Security-Policy" content="')
        assert head.endswith(CHARSET), "before anything is loaded"
        said = rest.partition('">')[0]
        assert digest("one()") in said and digest("two()") in said


def test_a_hash_is_that_of_the_code_as_a_browser_reads_it() -> None:
    code = "a();\nb(“c”);"
    expected = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert digest(code) == f"'sha256-{expected}'"
    assert digest(code.replace("\n", "\r\n")) == digest(code)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("<script>a()</script><script>b()</script>", ["a()", "b()"]),
        ('<script src="x.js"></script>', []),
        ('<script type="application/json">{"a": 1}</script>', []),
        ('<script type="application/ld+json">{"a": 1}</script>', []),
        ('<script type="module">a()</script>', ["a()"]),
        ("<SCRIPT>\na()\n</SCRIPT>", ["\na()\n"]),
        ("<p>&lt;script&gt;a()&lt;/script&gt;</p>", []),
    ],
)
def test_inline_scripts(page: str, found: list[str]) -> None:
    assert inline_scripts(page) == found


def test_nothing_is_allowed_but_the_site_s_own() -> None:
    directives = dict(part.split(" ", 1) for part in policy(["<script>a()</script>"]).split("; "))
    assert directives.pop("script-src") == f"'self' {digest('a()')}"
    assert directives.pop("img-src") == "'self' data:"
    assert directives.pop("default-src") == "'none'"
    assert set(directives.values()) == {"'self'", "'none'"}
    assert not [word for word in policy([]) if word == "*"]
    assert "unsafe" not in policy([])


def test_drawings_are_looked_at_alone_and_in_pages(tmp_path: Path) -> None:
    drawing = "<svg><script>a()</script></svg>"
    (tmp_path / "x.svg").write_text(drawing)
    with pytest.raises(UnsafePage, match="x.svg: a drawing has <script>"):
        check(tmp_path)
    (tmp_path / "x.svg").unlink()
    with pytest.raises(UnsafePage, match="x.html: a drawing has <script>"):
        check(site(tmp_path, x=drawing))


def test_a_drawing_may_refer_to_itself(tmp_path: Path) -> None:
    check(site(tmp_path, x='<svg xmlns="http://www.w3.org/2000/svg"><use href="#once"/></svg>'))


@pytest.mark.parametrize("name", ["x.SVG", "x.xhtml", "x.htm", "x.xml", "x.svgz", "x.swf", "x", "feed/sitemap.xml"])
def test_a_file_of_another_kind_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "sitemap.xml").write_text("<urlset/>")
    check(site(tmp_path, x="words"))
    (tmp_path / name).write_text("<svg xmlns='http://www.w3.org/2000/svg' onload='a()'/>")
    with pytest.raises(UnsafePage, match=f"{name}: a site has no files of this kind"):
        check(tmp_path)


@pytest.mark.parametrize("head", ["", CHARSET * 2])
def test_a_page_without_a_place_for_its_policy_is_refused(tmp_path: Path, head: str) -> None:
    (tmp_path / "x.html").write_text(PAGE.replace(CHARSET, head))
    with pytest.raises(UnsafePage, match="x.html has no"):
        protect(tmp_path)


@pytest.mark.parametrize(
    ("command", "folders", "protected"),
    [("build", True, True), ("gh-deploy", True, True), ("serve", True, False), ("build", False, False)],
)
def test_only_what_is_published_carries_a_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, folders: bool, protected: bool
) -> None:
    """The live preview reloads by an inline script of MkDocs'; a site in a folder searches by one of its theme's."""
    monkeypatch.setattr(hook, "serving", False)
    hook.on_startup(command=command)
    site(tmp_path, one="<p>words</p>")
    config: Any = SimpleNamespace(site_dir=str(tmp_path), use_directory_urls=folders)
    hook.on_post_build(config=config)
    assert ("Content-Security-Policy" in (tmp_path / "one.html").read_text()) is protected


@pytest.mark.parametrize("folders", [True, False], ids=["published", "in a folder"])
def test_what_is_refused_is_refused_in_a_site_for_a_folder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folders: bool
) -> None:
    """It is what CI keeps of a pull request, to look at."""
    monkeypatch.setattr(hook, "serving", False)
    (tmp_path / "x.svg").write_text("<svg onload='a()'/>")
    config: Any = SimpleNamespace(site_dir=str(tmp_path), use_directory_urls=folders)
    with pytest.raises(PluginError, match="x.svg: a drawing has the attribute onload"):
        hook.on_post_build(config=config)
