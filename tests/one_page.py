"""What looks at one page: `make check PAGE=guides/optimization.md` runs nothing else."""

import re
from pathlib import Path

import pytest

from .docs.pages import ALL_PAGES, source, targets


def select(items: list[pytest.Item], page: str) -> list[pytest.Item]:
    """The tests of a page, of its snippets and of all pages together. Raises UsageError where there is no such page."""
    if page not in ALL_PAGES:
        raise pytest.UsageError(f"no page {page!r} in docs/; there are: {', '.join(ALL_PAGES)}")
    own, own_files = _names(page), {f"test_{Path(name).stem}.py" for name in _snippets(page)}
    others = {name for other in ALL_PAGES if other != page for name in _names(other)} - own
    about, about_others = _pattern(own), _pattern(others)

    def is_wanted(item: pytest.Item) -> bool:
        if about.search(_case(item)) or item.path.name in own_files:
            return True
        return item.path.parent.name == "docs" and not about_others.search(_case(item))

    return [item for item in items if is_wanted(item)]


def _names(page: str) -> set[str]:
    """What cases of tests call a page, in docs/ and in the site, and the snippets that it shows."""
    address = page.removesuffix(".md").removesuffix("/index")
    return {page, "home" if address == "index" else address, *_snippets(page)}


def _snippets(page: str) -> set[str]:
    return {target.partition(".")[0] for target in targets(source(page))}


def _pattern(names: set[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|[-:])(?:{'|'.join(map(re.escape, sorted(names)))})(?:\.py|\.md)?(?:$|[-:])")


def _case(item: pytest.Item) -> str:
    return item.callspec.id if isinstance(item, pytest.Function) and hasattr(item, "callspec") else ""
