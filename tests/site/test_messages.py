"""What fails fails with the message that heads its section, and what is put right runs: as this build saw both.

What it does not prove: that no other message can come. A worker that dies is noticed in several ways.
"""

from __future__ import annotations

import re

import pytest
from torch.utils.data import dataloader

from snippets.lab.output import Output

from ..browser.messages import FAILING, REPRODUCED, VARIES, sections
from ..browser.site import Built
from ..docs.advice import nothing
from ..docs.pages import snippet_files, source

INDEX = "troubleshooting/index.md"

ALSO = {
    "found-class-pil": r"found <class 'PIL\.Image\.Image'>",
    "killed": r"killed by signal: Killed|exited unexpectedly",
    "segfault": r"segmentation fault|killed by signal: Segmentation fault|exited unexpectedly",
    "exited-quietly": r"exited unexpectedly|timed out",
    "bus-error": r"No space left on device|Bus error|exited unexpectedly",
    "bus-error-of-a-file": r"Unexpected bus error|Bus error|exited unexpectedly",
    "shm-hang": r"No space left on device",
    "files-hang": r"Too many open files",
    "unable-to-open": r"Too many open files|unable to open shared memory object",
    "too-many-open-files": r"Too many open files|received \d+ items of ancdata",
    "sampler-and-shuffle": r"sampler option is mutually exclusive with shuffle",
    "listener-gone": r"FileNotFoundError: \[Errno 2\] No such file or directory",
    "iterator-over-fork": r"FileNotFoundError|can only test a child process|timed out",
    "local-class": r"Can't (?:pickle|get) local object",
    "lambda": r"Can't (?:pickle|get) ",
    "too-many-mappings": r"unable to mmap|Cannot allocate memory|MemoryError",
    "connection": r"cannot pickle '(?:Environment|sqlite3\.Connection)' object|h5py objects cannot be pickled",
    "too-many-fds": r"too many fds",
    "hang-at-fork": r"timed out",
    "hang-at-validation": r"timed out",
    "used-before-fork": r"timed out",
    "tokenizers": r"timed out",
    "defined-in-guard": r"Can't get attribute|exited unexpectedly",
    "notebook-class": r"Can't get attribute|exited unexpectedly",
    "no-main-guard": r"start a new process before the current process has finished its bootstrapping phase",
    "broken-pipe": r"Broken pipe|Invalid argument|bootstrapping phase",
    "aborted": r"killed by signal: Aborted|exited unexpectedly",
    "connection-reset": r"Connection refused|Connection reset|exited unexpectedly",
    "torch-generator": r"unable to resize file|cannot pickle|exited unexpectedly",
    "cuda-in-forked-worker": r"Cannot re-initialize CUDA in forked subprocess",
    "bad-zip": r"BadZipFile|EOFError",
}
"""Where one and the same mistake is noticed in several ways, or has no message of its own: what may be said."""

MERGED = {
    "prefetch-without-workers": "needs-workers",
    "persistent-without-workers": "needs-workers",
    "timeout-without-workers": "needs-workers",
    "not-resizable": "equal-size",
    "equal-lists": "equal-size",
    "negative-workers": "one-line",
    "next-method": "one-line",
}
"""Sections that were published, and the one that each is a part of now."""


def test_the_index_leads_to_each_section() -> None:
    led = set(re.findall(r"\]\((\w+\.md#[\w-]+)\)", source(INDEX)))
    there = {f"{section.page.partition('/')[2]}#{section.anchor}" for section in sections()}
    nothing(there - led, f"not in the table of docs/{INDEX}:")
    nothing(led - there, f"in the table of docs/{INDEX}, and nowhere else:")


def test_the_address_of_a_merged_section_still_leads_to_its_answer(built_site: Built) -> None:
    home = {section.anchor: section.page.removesuffix(".md") for section in sections()}
    built = {page: (built_site.root / page / "index.html").read_text(encoding="utf-8") for page in {*home.values()}}
    nothing(
        {anchor for anchor, merged in MERGED.items() if f'id="{anchor}"' not in built[home[merged]]},
        "others link to these addresses; give the words that answer them the same anchor, `…`{ #… }:",
    )


def test_each_failing_script_has_its_fix_beside_it() -> None:
    files = snippet_files("errors")
    broken = {file for file in files if not file.endswith("_fixed.py")}
    nothing(
        {file for file in broken if file.replace(".py", "_fixed.py") not in files},
        "there is no …_fixed.py for these in snippets/errors:",
    )
    assert len(broken) * 2 == len(files)
    for section in sections():
        for name in re.findall(r"\"errors/(\w+)\.py:code\"", section.text):
            base = name.removesuffix("_fixed")
            assert f'"errors/{base}.py:code"' in section.text and f'"errors/{base}_fixed.py:code"' in section.text, name
            assert f"](output:errors/{base}_fixed)" in section.text, f"{name}: show what the fix prints"


def test_enough_errors_were_reproduced_here(said: dict[str, Output]) -> None:
    reproduced = [a for a, section in FAILING.items() if section.failing and not said[section.failing].absent]
    assert len(reproduced) >= REPRODUCED, reproduced


@pytest.mark.parametrize(("anchor", "name"), [(a, name) for a, section in FAILING.items() for name in section.failures])
def test_it_fails_as_its_heading_says(anchor: str, name: str, said: dict[str, Output]) -> None:
    section = FAILING[anchor]
    output = said[name]
    if output.absent:
        pytest.skip(output.absent)
    quoted = re.findall(r"`([^`]+)`", section.title)
    parts = [part.strip() for quote in quoted for part in VARIES.split(quote)]
    words = [re.escape(part) for part in parts if len(part) > 2]
    pattern = ALSO.get(anchor) or ".*".join(words)
    assert pattern, f"{section.page}: a section that fails is headed by its message"
    flat = re.sub(r"\s+", " ", output.text)
    assert re.search(pattern, flat), f"{name} says something else:\n{output.text}"


def test_the_iterator_of_a_loader_with_workers_has_no_method_next() -> None:
    """Its section has no script."""
    (title,) = [section.title for section in sections() if section.anchor == "one-line"]
    iterator = dataloader._MultiProcessingDataLoaderIter
    with pytest.raises(AttributeError):
        iterator.next  # noqa: B018  # pyrefly: ignore[missing-attribute]
    assert f"'{iterator.__name__}' object has no attribute 'next'" in title


def test_what_is_put_right_says_no_error(said: dict[str, Output]) -> None:
    fixed = {name: output for name, output in said.items() if name.endswith("_fixed") and not output.absent}
    assert len(fixed) > REPRODUCED
    for name, output in fixed.items():
        assert output.exit_code == 0 and "Traceback" not in output.text, f"{name}:\n{output.text}"


def test_nothing_that_was_printed_names_a_folder_of_this_machine(said: dict[str, Output]) -> None:
    for name, output in said.items():
        assert not re.search(r"(?<![\w…])/(?:home|root|tmp|usr|opt|Users)/", output.text), f"{name}:\n{output.text}"
