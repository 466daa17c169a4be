"""A copy of the checkout to build sites in, mistakes put into it, and what the scripts printed in this build."""

from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest

from snippets.lab.output import Output
from snippets.lab.outputs import outputs

from ..browser.site import Built
from ..checkout import Checkout, checkout


@pytest.fixture(scope="module")
def said(built_site: Built) -> dict[str, Output]:
    return outputs.read(built_site.root / "measured" / "outputs.json")


@pytest.fixture(scope="module")
def looked_at() -> Collection[str] | None:
    """The pages that the copy builds, beside the front page; None: all. Most files of tests look at one or two."""
    return None


@pytest.fixture(scope="module")
def copy(built_site: Built, looked_at: Collection[str] | None, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Made after the site, so that it has fresh results and an executed notebook."""
    return checkout(tmp_path_factory.mktemp("checkout"), pages=looked_at)


@pytest.fixture
def edit(copy: Checkout) -> Iterator[Callable[[str, str], None]]:
    """`edit(path, text)` appends to a file of the copy (or makes it), until the test ends."""
    before: dict[Path, bytes | None] = {}

    def append(path: str, text: str) -> None:
        file = copy.root / path
        before.setdefault(file, file.read_bytes() if file.exists() else None)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)

    yield append
    for file, content in before.items():
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
