"""What a page shows of a snippet's output: its words as words; of a failure what it says, then all of it to open."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from markdown import Markdown

from snippets.lab.markdown import extension as page_side
from snippets.lab.markdown import shown as showing
from snippets.lab.markdown.output_block import messages, output_element
from snippets.lab.markdown.shown import UnknownName
from snippets.lab.output import GAP, Output
from snippets.lab.outputs import outputs, running
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.results.held import MachineResults, Origin
from tests.lab.made import ThatDay, on_a_gpu
from tests.lab.made import results as made
from tests.lab.tree import Tree

PRINTED = Output("", "3.11.7", "2.13.0", "2026-01-02", 0, "one\n  <b>two</b> & `three`", "")
FAILED = replace(PRINTED, text='Traceback (most recent call last):\n  File "x.py", line 1\nValueError: <b>\n  no')


def shown(output: Output, failed: bool = False, title: str = "What it prints") -> Tag:
    md = Markdown()
    text = md.serializer(output_element(md, title, output, failed))
    for postprocessor in md.postprocessors:
        text = postprocessor.run(text)
    return BeautifulSoup(text, "html.parser")


# What of a failure is shown first: of real ones, so that it is seen what Python and torch write.

PLAIN = """
def third(numbers):
    return (1 +
            numbers[2])

third([])
"""
OF_A_WORKER = """
from torch.utils.data import DataLoader

class Items:
    def __len__(self):
        return 4
    def __getitem__(self, index):
        raise ValueError("no sprite:\\n  sprite.png\\n\\nLook for it.")

if __name__ == "__main__":
    next(iter(DataLoader(Items(), num_workers=1)))
"""
WITHOUT_GUARD = """
from torch.utils.data import DataLoader

next(iter(DataLoader(range(4), num_workers=1, multiprocessing_context="spawn")))
"""
CHAINED = """
try:
    try:
        {}["sprite"]
    except KeyError as error:
        raise LookupError("two lines,\\n  of which this is one") from error
except LookupError:
    print("And then:", flush=True)
    raise OSError("no disk")
"""
BOTTOMLESS = "def f():\n    return f()\nf()"
NO_PYTHON = "x = (1,\nif"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (PLAIN, "IndexError: list index out of range"),
        (
            OF_A_WORKER,
            "ValueError: Caught ValueError in DataLoader worker process 0.\n"
            "ValueError: no sprite:\n  sprite.png\n\nLook for it.",
        ),
        (
            CHAINED,
            "And then:\nKeyError: 'sprite'\n\n"
            "The above exception was the direct cause of the following exception:\n\n"
            "LookupError: two lines,\n  of which this is one\n\n"
            "During handling of the above exception, another exception occurred:\n\n"
            "OSError: no disk",
        ),
        (BOTTOMLESS, "RecursionError: maximum recursion depth exceeded"),
        ("print('fine')", "fine"),
        # As torch's handler of SIGSEGV writes it, just before Python writes the traceback.
        (
            "import os\nos.write(2, b'ERROR: segmentation fault.\\n\\0')\nraise RuntimeError('killed')",
            "ERROR: segmentation fault.\nRuntimeError: killed",
        ),
    ],
    ids=["plain", "of a worker", "chained", "recursion", "no failure", "behind the end of a C string"],
)
def test_messages(tree: Tree, python: Preloaded | None, code: str, said: str) -> None:
    text = tree.run(code, python).text
    assert ("Traceback" in text) == ("fine" not in said)
    assert messages(text) == said


def test_messages_of_a_script_without_its_guard(tree: Tree, python: Preloaded | None) -> None:
    """Its indented lines stay; the frames of both processes go."""
    text = tree.run(WITHOUT_GUARD, python).text
    assert text.count("Traceback (most recent call last)") >= 2
    said = messages(text)
    assert "\n        An attempt has been made to start a new process before the\n" in said
    assert "\n            if __name__ == '__main__':\n" in said
    assert "exited unexpectedly" in said.splitlines()[-1]
    assert "Traceback" not in said and 'File "' not in said and "^^^" not in said


def test_messages_of_what_is_no_python(tree: Tree) -> None:
    """Such a failure has no traceback: where it is stands in its message."""
    text = tree.run(NO_PYTHON).text
    assert messages(text) == text and text.startswith('  File "name.py", line 1')


def test_messages_of_a_crash_that_faulthandler_saw(tree: Tree) -> None:
    """The calls where it happened; not how the program came there, nor what it had imported."""
    code = "import ctypes, faulthandler\nfaulthandler.enable()\n"
    code += "".join(f"def f{n}():\n    f{n + 1}()\n" for n in range(9)) + "def f9():\n    ctypes.string_at(0)\nf0()\n"
    said = messages(tree.run(code).text)
    assert said.startswith("Fatal Python error: Segmentation fault\n\nCurrent thread 0x")
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("  File")] == ["string_at", "f9", "f8"]
    assert "Extension modules" not in said


def test_messages_of_a_traceback_that_was_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LONGEST", 400)
    frames = "".join(f'  File "x.py", line {line}, in f\n    f()\n' for line in range(100))
    text = running._shortened(f"Traceback (most recent call last):\n{frames}ValueError: no")
    assert messages(text) == f"{GAP}\nValueError: no"


# How it is shown.


def test_what_was_printed_stands_as_it_is() -> None:
    box = shown(PRINTED)
    assert [each.get_text() for each in box.select("pre")] == [PRINTED.text]
    assert not box.select("b, code, details")
    heading = box.select_one(".nw-output-of")
    assert heading and heading.get_text() == "What it prints – Python 3.11.7, torch 2.13.0, 2026-01-02"


def test_of_a_failure_the_messages_come_first() -> None:
    box = shown(FAILED, failed=True)
    assert [each.get_text() for each in box.select("pre")] == ["ValueError: <b>\n  no", FAILED.text]
    whole = box.select_one("details")
    assert whole and whole.get_text() == "With its traceback" + FAILED.text
    assert not box.select("b, details[open]")


@pytest.mark.parametrize(("output", "failed"), [(PRINTED, True), (FAILED, False)])
def test_what_has_no_traceback_or_was_to_print_is_shown_whole(output: Output, failed: bool) -> None:
    box = shown(output, failed)
    assert [each.get_text() for each in box.select("pre")] == [output.text] and not box.select("details")


@pytest.mark.parametrize("failed", [True, False])
def test_what_could_not_run_says_why_and_nothing_else(failed: bool) -> None:
    box = shown(replace(PRINTED, text="", absent="no <b>GPU</b>"), failed)
    assert box.get_text() == "What it prints – not run here: no <b>GPU</b>"
    assert not box.select("b, pre, details")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Markdown:
    outputs.write({"a/one": PRINTED, "a/two": FAILED}, tmp_path / "outputs.json")
    monkeypatch.setattr(page_side, "OUTPUTS", tmp_path / "outputs.json")
    return Markdown(extensions=["snippets.lab.markdown.extension"])


def test_a_page_shows_both(page: Markdown) -> None:
    text = page.convert("![What it prints](output:a/one)\n\nWords.\n\n![What it says](error:a/two)")
    boxes = BeautifulSoup(text, "html.parser").select("div.nw-output")
    assert [box.strong.get_text() for box in boxes if box.strong] == ["What it prints", "What it says"]
    assert [len(box.select("pre")) for box in boxes] == [1, 2]
    assert "<b>" not in text


# What another machine printed, where this one cannot.

ABSENT = replace(PRINTED, text="", absent="torch sees no CUDA GPU here", source_hash="0123456789abcdef")
THERE = replace(PRINTED, source_hash="0123456789abcdef", text="on <b>cuda</b>")
RAISED = replace(FAILED, source_hash="0123456789abcdef", exit_code=1)


def given(
    printed: Output, origin: Origin = "attested", name: str = "a/one", gpu: str = "NVIDIA H100"
) -> MachineResults:
    told = replace(on_a_gpu(made()), outputs={name: printed})
    return MachineResults(replace(told, machine=replace(told.machine, gpu=gpu)), origin)


@pytest.fixture
def elsewhere(page: Markdown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What a page shows of `a/one`, which printed `here` what it did, where others have told `these`."""
    monkeypatch.setattr(showing, "date", ThatDay)

    def elsewhere(here: Output, *these: MachineResults, kind: str = "output") -> str:
        outputs.write({"a/one": here}, tmp_path / "outputs.json")
        monkeypatch.setattr(showing, "all_results", lambda: [MachineResults(made()), *these])
        text = page.convert(f"![What it prints]({kind}:a/one)")
        assert "<b>" not in text
        parts = BeautifulSoup(text, "html.parser").select(".nw-output-of, .nw-output > pre")
        return "\n".join(part.get_text() for part in parts)

    return elsewhere


ON_H100 = "What it prints – on NVIDIA H100, Python 3.11.7, torch 2.13.0, 2026-01-02"
NOT_RUN = "What it prints – not run here: torch sees no CUDA GPU here"


@pytest.mark.parametrize("origin", ["attested", "reference"])
def test_what_another_machine_printed_is_shown_with_its_name_and_day(
    elsewhere: Callable[..., str], origin: Origin
) -> None:
    assert elsewhere(ABSENT, given(THERE, origin)) == f"{ON_H100}\n{THERE.text}"
    assert elsewhere(ABSENT, given(RAISED, origin), kind="error") == f"{ON_H100}\nValueError: <b>\n  no"
    kept = given(replace(THERE, text="kept"), "reference", gpu="NVIDIA T4")
    assert elsewhere(ABSENT, kept, given(THERE)) == f"{ON_H100}\n{THERE.text}", "the attested one comes first"


@pytest.mark.parametrize(
    ("here", "there", "kind"),
    [
        (ABSENT, given(THERE, "contributed"), "output"),
        (ABSENT, given(THERE, name="a/two"), "output"),
        (ABSENT, given(replace(THERE, source_hash="feedbeef")), "output"),
        (ABSENT, given(replace(THERE, day="2020-01-01")), "output"),
        (ABSENT, given(RAISED), "output"),
        (ABSENT, given(THERE), "error"),
    ],
    ids=["a stranger's", "of another snippet", "of other code", "too old", "a failure", "no failure"],
)
def test_what_does_not_stand_in_is_not_shown(
    elsewhere: Callable[..., str], here: Output, there: MachineResults, kind: str
) -> None:
    assert elsewhere(here, there, kind=kind) == NOT_RUN


def test_what_ran_here_is_shown_however_it_was_elsewhere(elsewhere: Callable[..., str]) -> None:
    here = replace(PRINTED, source_hash="0123456789abcdef")
    said = elsewhere(here, given(THERE))
    assert said == f"What it prints – Python 3.11.7, torch 2.13.0, 2026-01-02\n{PRINTED.text}"


@pytest.mark.parametrize("kind", ["output", "error"])
def test_an_output_that_there_is_not(page: Markdown, kind: str) -> None:
    with pytest.raises(UnknownName) as raised:
        page.convert(f"![What it prints]({kind}:a/tow)")
    assert raised.value.message == "no output of 'a/tow'; did you mean 'a/two'?"
