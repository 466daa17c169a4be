"""What looks at one page: `make check PAGE=guides/optimization.md` runs nothing else."""

import re

import pytest

from .docs.pages import ALL_PAGES, source, targets


def select(items: list[pytest.Item], page: str) -> list[pytest.Item]:
    """The tests of a page, of its snippets, and of all pages together. Raises UsageError for a page that there is not."""
    if page not in ALL_PAGES:
        raise pytest.UsageError(f"no page {page!r} in docs/; there are: {', '.join(ALL_PAGES)}")
    own = _about(_names(page))
    others = _about({name for other in ALL_PAGES if other != page for name in _names(other)} - _names(page))
    return [item for item in items if own.search(_case(item)) or (_is_of_docs(item) and not others.search(_case(item)))]


def _names(page: str) -> set[str]:
    """What cases of tests call a page, in docs/ and in the site, and the snippets that it shows."""
    address = page.removesuffix(".md").removesuffix("/index")
    return {page, "home" if address == "index" else address, *(t.partition(".")[0] for t in targets(source(page)))}


def _about(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[-:])(?:{'|'.join(map(re.escape, sorted(names)))})(?:\.py|\.md)?(?:$|[-:])")


def _case(item: pytest.Item) -> str:
    return item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""


def _is_of_docs(item: pytest.Item) -> bool:
    return item.path.parent.name == "docs"
