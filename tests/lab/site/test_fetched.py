"""What is published is fetched from a real server, and read as a stranger's data."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from snippets.lab.output import Output
from snippets.lab.outputs import outputs
from snippets.lab.results.contributed import share
from snippets.lab.site.fetched import FILES, NothingPublished, Unreachable, Unusable, fetch
from tests.lab.made import held

OUTPUTS = "outputs.json"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Elsewhere(Quiet):
    """127.0.0.1 leads to localhost, which serves."""

    def do_GET(self) -> None:
        if self.headers["Host"].startswith("localhost"):
            super().do_GET()
            return
        self.send_response(302)
        self.send_header("Location", f"http://localhost:{self.headers['Host'].rpartition(':')[2]}{self.path}")
        self.end_headers()


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Its address, which is the site's, too."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SITE_URL", address)
            yield address
        server.shutdown()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / "measured"
    folder.mkdir(parents=True)
    share(held(), folder / "results.json")
    (folder / "accepted.json").write_text("{}")
    outputs.write({"folder/name": Output("0123", "3.11.7", "2.13.0", "2026-01-02", 0, "It ran.", "")}, folder / OUTPUTS)
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text("as it was")
    return folder


def refusal(here: Path) -> NothingPublished:
    """Why nothing was fetched; what was there stays."""
    with pytest.raises(NothingPublished) as refused:
        fetch(here)
    assert {path.name: path.read_text() for path in here.iterdir()} == dict.fromkeys(FILES, "as it was")
    return refused.value


def test_what_is_published_is_brought_here(published: Path, here: Path) -> None:
    with served(published.parent):
        fetch(here)
    assert {path.name: path.read_text() for path in here.iterdir()} == {
        name: (published / name).read_text() for name in FILES
    }


@pytest.mark.parametrize("closing", ["/", ""])
def test_an_address_may_lack_its_closing_slash(
    published: Path, here: Path, monkeypatch: pytest.MonkeyPatch, closing: str
) -> None:
    """MkDocs adds it for the pages; without it, a browser's rule would drop the project's folder."""
    with served(published.parents[1]) as address:
        monkeypatch.setenv("SITE_URL", f"{address}site{closing}")
        fetch(here)
    assert (here / "accepted.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("results.json", b"<html>a login page</html>", "what this version does not read"),
        ("results.json", b'{"schema": 1}', "schema 1"),
        ("results.json", b"x" * 3_000_000, "more than 2,000,000 bytes"),
        ("results.json", b"\xff\xfe", "not UTF-8"),
        ("accepted.json", b'{"a": {"said": 1}}', "not a file of accepted values"),
        (OUTPUTS, b"<html>a login page</html>", "not a file of snippets' outputs"),
        # As the last site does that was built before there was such a file:
        *((name, None, f"/measured/{name}: File not found") for name in FILES),
    ],
    ids=lambda given: str(given)[:20],
)
def test_what_cannot_be_used_leaves_what_was_there(
    published: Path, here: Path, name: str, content: bytes | None, said: str
) -> None:
    (published / name).unlink()
    if content is not None:
        (published / name).write_bytes(content)
    with served(published.parent):
        refused = refusal(here)
    assert said in str(refused) and isinstance(refused, Unusable) == (content is not None)


def test_what_is_published_is_read_as_a_strangers_file(published: Path, here: Path) -> None:
    file = published / "results.json"
    file.write_text(file.read_text().replace('"question": "', '"question": "<b>', 1))
    with served(published.parent):
        assert "question has a character in it" in str(refusal(here))


def test_one_file_can_be_had_where_this_version_reads_no_other(published: Path, here: Path) -> None:
    """After a step of the results' schema the accepted values are still known."""
    (published / "results.json").write_text('{"schema": 1}')
    with served(published.parent):
        fetch(here, ["accepted.json"])
    assert (here / "accepted.json").read_text() == "{}"
    assert {path.name for path in here.iterdir()} == {*FILES}


def test_nothing_there_is_told_from_a_line_that_is_down(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(here) as address:
        assert not isinstance(refusal(here), Unreachable)
    monkeypatch.setenv("SITE_URL", address)
    assert isinstance(refusal(here), Unreachable)


def test_a_site_that_leads_elsewhere(published: Path, here: Path) -> None:
    with served(published.parent, Elsewhere):
        refused = refusal(here)
        assert "leads to another host" in str(refused) and isinstance(refused, Unreachable)


@pytest.mark.parametrize(
    ("site", "said"),
    [
        ("", "SITE_URL is not set"),
        ("http://site.invalid/", "only https is asked"),
        ("file:///etc/", "only https is asked"),
        ("https://site.invalid/x/", "https://site.invalid/x/measured/results.json: "),
        ("https://site.invalid/a b/", "URL can't contain control characters"),
    ],
)
def test_where_nothing_can_be_fetched(here: Path, monkeypatch: pytest.MonkeyPatch, site: str, said: str) -> None:
    monkeypatch.setenv("SITE_URL", site)
    refused = refusal(here)
    assert said in str(refused) and isinstance(refused, Unusable) == ("only https" in said)
