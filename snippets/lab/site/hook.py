"""MkDocs calls the same functions as `python -m snippets.lab`; this file only passes them on."""

import gc
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort, PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from snippets.lab import moment
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.paths import CACHE
from snippets.lab.results.held import own_numbers_from
from snippets.lab.site import build
from snippets.lab.site.asked import FILE, AskedError, read, with_asked
from snippets.lab.site.cards import fold_cards
from snippets.lab.site.csp import check, protect
from snippets.lab.site.feed import write_feed
from snippets.lab.site.for_programs import write_for_programs
from snippets.lab.site.inert import UnsafePage, refuse_active
from snippets.lab.site.light import STYLES, lighten, together
from snippets.lab.site.linked import linked, write_posters
from snippets.lab.site.narrow import breakable
from snippets.lab.site.preview import Preview
from snippets.lab.store import ResultError
from snippets.lab.streams import replace_what_stdout_lacks

AFTER_ALL_OTHERS = -200

OBJECTS = 50_000
"""So many new ones before Python looks for garbage. With its own 700, looking takes a twentieth of a build, which keeps
nearly all that it makes.
"""
SEARCH = "material/search"
TEMPLATES = CACHE / "templates"
"""What Jinja makes of the theme's, for the next build."""
INSTANT = "navigation.instant"
PLAIN_NAME = re.compile(r"[\w./-]+", re.ASCII)
"""The theme writes the name of a page's file into its links as it stands: it could end there, and begin a tag."""
NOTEBOOK = "jupyter-wrapper"
"""Without it, no page loads what takes a notebook apart."""

serving = False
preview = Preview()
styles: list[str] = []
"""As mkdocs.yml names them."""


def on_startup(command: str, **_: Any) -> None:
    global serving
    gc.set_threshold(OBJECTS)
    replace_what_stdout_lacks()
    serving = command == "serve"


def on_config(config: MkDocsConfig, **_: Any) -> MkDocsConfig:
    """From a folder nothing can be fetched. There the theme's instant navigation ends what scripts wait for: no page
    would have a copy button, and the claims no filter. Anywhere, what a page waits for is one style sheet of ours.
    """
    styles[:] = [str(style) for style in config.extra_css]
    config.extra_css = [STYLES]
    features = config.theme["features"]
    if not config.use_directory_urls and INSTANT in features:
        features.remove(INSTANT)
    return config


def on_pre_build(config: MkDocsConfig, **_: Any) -> None:
    """Measure and draw what is stale before any page is read. From here on nothing changes until the site is built."""
    moment.begin()
    if build.PREPARED in os.environ:
        return
    try:
        build.prepare(preview=serving)
    except (build.BuildError, ResultError) as error:
        raise PluginError(str(error)) from error
    except OSError as error:
        raise PluginError(f"{error.filename or 'a file'}: {error.strerror}") from error
    except KeyboardInterrupt:
        raise Abort("Interrupted") from None


def on_files(files: Files, config: MkDocsConfig, **_: Any) -> Files:
    """Add the raw results and traces, so that links to them are checked like any other."""
    for file in (file for file in files if file.src_dir == config.docs_dir):
        if not PLAIN_NAME.fullmatch(file.src_uri):
            raise PluginError(f"{file.src_uri!a}: letters, digits, - and _ are enough for the name of a file")
        if not Path(str(file.abs_src_path)).resolve().is_relative_to(Path(config.docs_dir).resolve()):
            raise PluginError(f"{file.src_uri}: it is a link out of this folder. Put a copy in its place")
        if not file.inclusion.is_excluded() and file.src_uri.endswith(".html"):
            raise PluginError(f"{file.src_uri}: a page is written in Markdown, or the theme would not be around it")
    for style in styles:
        if own := files.get_file_from_path(style):
            files.remove(own)
    generated = {STYLES: together(Path(config.docs_dir), styles), **build.generated_files(config.site_url or "")}
    for path, text in generated.items():
        files.append(File.generated(config, path, content=text))
    for notebook in (file for file in files.documentation_pages() if file.src_uri.startswith("labs/")):
        path = notebook.src_uri.removesuffix(".py") + ".ipynb"
        files.append(File.generated(config, path, content=build.as_notebook(str(notebook.abs_src_path))))
    if serving:
        preview.begin(config, files)
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    return preview.text(page, markdown) if serving else markdown


def on_page_content(html: str, page: Page, files: Files, **_: Any) -> str:
    """Replace what mkdocs-jupyter inlines into each notebook page (590 kB) by the site's own styles, and refuse what
    would do more than show, while the theme with its scripts is not yet around it.
    """
    if serving and (content := preview.content(page, files)) is not None:
        return content
    try:
        content = lighten(_slim(html, page) if NOTEBOOK in html else html)
        refuse_active(page.file.src_uri, content, page.meta, str(page.title or ""), _headings(page.toc))
    except UnsafePage as error:
        raise PluginError(str(error)) from error
    content = breakable(fold_cards(content))
    if serving:
        preview.keep(page, content)
    return content


def _slim(html: str, page: Page) -> str:
    from snippets.lab.site.notebook import slim

    try:
        return slim(html)
    except ValueError as error:
        raise PluginError(f"{page.file.src_uri}: {error}") from error


def _headings(entries: Iterable[Any]) -> Iterator[str]:
    """The words of a table of contents, as HTML."""
    for entry in entries:
        yield entry.title
        yield from _headings(entry.children)


@event_priority(AFTER_ALL_OTHERS)
def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Navigation, **_: Any) -> Any:
    context["own_numbers_from"] = own_numbers_from()
    if search := config.plugins.get(SEARCH):
        _index(page, search)
    context["linked"] = linked(page, nav.homepage or page, config)
    return context


def _index(page: Page, search: Any) -> None:
    """Add to what the search has of a page how people ask for it."""
    entries = search.search_index.entries
    if serving:
        preview.index(page, entries)
    own = len(entries) - sum(1 for entry in entries if entry["location"].partition("#")[0] == page.url)
    try:
        entries[own:] = with_asked(page.file.src_uri, entries[own:], read(FILE))
    except AskedError as error:
        raise PluginError(str(error)) from error
    except OSError as error:
        raise PluginError(f"docs/{FILE.name}: {error.strerror}") from error


def on_env(env: Any, config: MkDocsConfig, files: Files, **_: Any) -> None:
    """When all pages are rendered, and none has the theme around it."""
    TEMPLATES.mkdir(parents=True, exist_ok=True)
    env.bytecode_cache = FileSystemBytecodeCache(str(TEMPLATES))
    if serving:
        return
    home = next(page for file in files.documentation_pages() if (page := file.page) and page.is_homepage)
    pages, site = [*_from(home)], Path(config.site_dir)
    write_for_programs(site, pages, config.site_name, config.site_description or "")
    if config.site_url:
        write_posters(site, pages, config.site_name)
        write_feed(site, config.site_url, config.site_name)


def _from(page: Page | None) -> Iterator[Page]:
    """A page and all that follow it."""
    while page:
        yield page
        page = page.next_page


def on_build_error(error: Exception, **_: Any) -> None:
    """What a page names wrongly is said in one line already; without this, a preview would print where in our code that
    was noticed.
    """
    moment.end()
    if isinstance(error, UnknownName):
        raise Abort("Aborted: a page has a mistake (named above).") from error


@event_priority(AFTER_ALL_OTHERS)
def on_post_build(config: MkDocsConfig, **_: Any) -> None:
    """Look at what the site is made of, and put the content security policy into each page, but where it would stop
    what the page needs: the live preview runs a script of MkDocs' own, and the search of a site that lies in a folder
    one of its theme's.
    """
    moment.end()
    if serving:
        return
    try:
        check(Path(config.site_dir))
        if config.use_directory_urls:
            protect(Path(config.site_dir))
    except UnsafePage as error:
        raise PluginError(str(error)) from error
