"""`make check PAGE=…`: the tests of one page, of its snippets, and of all pages together."""

import subprocess
import sys

from snippets.lab.paths import ROOT

from .pages import PAGES

PAGE, SNIPPET = "how-to/choose-num-workers.md", "choose_num_workers/verify"
WHERE = ("tests/docs/test_shape.py", "tests/docs/test_claims.py", "tests/snippets")


def collected(page: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", *WHERE, "--page", page]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_a_page_is_looked_at_with_its_snippets_and_with_all_pages_together() -> None:
    done = collected(PAGE)
    assert done.returncode == 0, done.stdout + done.stderr
    cases = [line for line in done.stdout.splitlines() if "::" in line]
    assert [case for case in cases if case.endswith(f"[{PAGE}]")]
    assert [case for case in cases if SNIPPET in case]
    assert [case for case in cases if "test_choose.py" in case], "the file of tests of a snippet on it"
    assert [case for case in cases if "test_claims.py" in case and "[" not in case]
    assert not [case for case in cases for other in PAGES if other != PAGE and f"[{other}" in case]
    assert not [case for case in cases if "start_methods" in case and "[" in case and SNIPPET.split("/")[0] not in case]


def test_a_page_that_there_is_not_is_refused_in_one_line() -> None:
    done = collected("guides/no-such.md")
    assert done.returncode == 4
    assert done.stderr.startswith("ERROR: no page 'guides/no-such.md' in docs/; there are: ")
