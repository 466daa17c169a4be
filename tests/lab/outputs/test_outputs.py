"""What pages show of snippets' output: which must run, which must not again, and what stops the build.

How a snippet runs is in test_running.py, what of a failure is shown in test_output_block.py.
"""

import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from snippets.lab import progress
from snippets.lab.machine.machine import this_machine, this_software
from snippets.lab.output import Output
from snippets.lab.outputs import outputs, prerequisites, running
from snippets.lab.outputs.outputs import read, shown_snippets, write
from snippets.lab.outputs.running import OutputError, check
from snippets.lab.paths import PYTHON, ROOT
from snippets.lab.results.contributed import unfit_output
from snippets.lab.store import ResultError
from tests.lab.tree import Tree

ONE = Output("0123456789abcdef", "3.11.7", "2.13.0", "2026-01-02", 3, "Ünï\n<b>", "")


# Which run.


def test_what_pages_ask_for(tree: Tree) -> None:
    tree.page("output:a/one", "error:a/two", "figure:a", "output:no-folder")
    (tree.docs / "deep").mkdir()
    tree.page("output:b/three", name="deep/page.md")
    assert shown_snippets() == {"a/one": "output", "a/two": "error", "b/three": "output"}


def test_only_what_a_page_shows_runs_and_only_once(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    tree.counted("a/not_shown")
    tree.shown("a/one", "a/two")
    assert tree.capture() == ["a/one", "a/two"]
    assert tree.ran() == ["a/one", "a/two"]
    said = capsys.readouterr().out.splitlines()
    assert said[:2] == ["Running 2 of 2 snippets whose output the pages show.", "  snippets …"]
    assert re.fullmatch(r"  snippets: \d+\.\d s", said[2]) and len(said) == 3
    assert tree.capture() == [] == tree.ran()
    assert capsys.readouterr().out == ""
    one = tree.held()["a/one"]
    software = this_software()
    assert (one.text, one.exit_code, one.absent) == ("It ran.", 0, "")
    assert (one.python, one.torch) == (software.python, software.torch)


def test_before_anything_ran_that_is_said_and_the_next_build_runs_it(tree: Tree) -> None:
    tree.shown("a/one")
    assert tree.capture() == tree.ran() == ["a/one"]
    tree.shown("a/one", "a/two")
    outputs.leave_out(tree.file)
    assert {name: output.absent for name, output in tree.held().items()} == {"a/one": "", "a/two": outputs.NOT_YET}
    assert tree.ran() == []
    assert tree.capture() == tree.ran() == ["a/two"]


def test_a_reference_has_what_everything_prints_that_a_file_may_say(
    tree: Tree, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, code in {
        "a/one": "print('It ran.')",
        "a/two": "print('/home/bob/x.py')",
        "a/none": "# needs: mps",
    }.items():
        tree.counted(name, code)
    tree.page("output:a/one", "output:a/two", "output:a/none")
    found = outputs.for_a_reference(tree.file, unfit_output)
    assert {name: output.text for name, output in found.items()} == {"a/one": "It ran."}
    assert (
        "Left out: what snippets/pages/a/two.py printed names a folder or an address: /home/" in capsys.readouterr().out
    )


@pytest.mark.parametrize("as_published", [False, True])
def test_what_changed_runs_again_and_nothing_else(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, as_published: bool
) -> None:
    tree.shown("a/one", "a/two")
    tree.capture()
    tree.ran()
    monkeypatch.setattr(outputs, "AS_PUBLISHED", as_published)
    tree.counted("a/two", "print('otherwise')")
    assert tree.capture() == ["a/two"] == tree.ran()
    assert {name: each.text for name, each in tree.held().items()} == {"a/one": "It ran.", "a/two": "otherwise"}


def test_what_may_print_times_has_the_machine_for_itself(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Snippets that time nothing run beside each other, those that time waits in pairs, and others alone."""
    says = {"a": "", "paired": "# runs: in pairs\n", "timed": "# runs: alone\n"}
    names = [f"{folder}/{name}" for folder in says for name in ("one", "three", "two")]
    for name in names:
        tree.snippet(name, says[name.partition("/")[0]])
    tree.page(*(f"output:{name}" for name in names))
    at_once: dict[str, int] = {}
    beside: list[str] = []

    def run(name: str, kind: outputs.Kind, _: object) -> Output:
        beside.append(name)
        time.sleep(0.3)
        at_once[name] = len(beside)
        time.sleep(0.3)
        beside.remove(name)
        return replace(ONE, exit_code=0)

    monkeypatch.setattr(outputs, "run", run)
    monkeypatch.setattr(outputs, "WORTH_IT", math.inf)  # no Python with torch would be asked for anything
    monkeypatch.setattr(outputs, "this_machine", lambda: replace(this_machine(), affinity=2, quota=None))
    assert tree.capture() == names
    most = {folder: max(at_once[name] for name in names if name.startswith(folder)) for folder in says}
    assert most == {"a": 3, "paired": 2, "timed": 1}


def test_how_far_it_is(tree: Tree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By a clock on which each snippet takes 6 s: a line every ten seconds, with what it takes until the last one."""
    names = [f"timed/{number}" for number in range(5)]
    for name in names:
        tree.snippet(name, "# runs: alone\n")
    tree.page(*(f"output:{name}" for name in names))
    seconds = 0.0

    def run(name: str, kind: outputs.Kind, _: object) -> Output:
        nonlocal seconds
        seconds += 6
        return replace(ONE, exit_code=0)

    monkeypatch.setattr(outputs, "run", run)
    monkeypatch.setattr(progress.time, "monotonic", lambda: seconds)
    tree.capture()
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  snippets …",
        "  snippets: 2 of 5, timed/1, about 18 s left",
        "  snippets: 4 of 5, timed/3, about 6 s left",
        "  snippets: 30.0 s",
    ]


MANY = [f"a/{number:02}" for number in range(outputs.WORTH_IT)]

can_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


@pytest.fixture
def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two Pythons import torch then, and not two for each core of this machine."""
    monkeypatch.setattr(outputs, "cores", lambda: 1)


ASKS_FOR_TORCH = "import sys\nprint('torch' in sys.modules)"


def test_a_few_run_in_pythons_that_are_their_own(tree: Tree) -> None:
    for name in MANY[1:]:
        tree.snippet(name, ASKS_FOR_TORCH)
    tree.page(*(f"output:{name}" for name in MANY[1:]))
    tree.capture()
    assert [each.text for each in tree.held().values()] == ["False"] * (len(MANY) - 1)


@can_fork
def test_many_run_in_pythons_that_have_torch_and_one_that_fails_ends_the_others(tree: Tree, one_core: None) -> None:
    first, second, *others = MANY
    tree.snippet(first, ASKS_FOR_TORCH)
    tree.snippet(second, "raise SystemExit('broken on purpose')")
    for name in others:
        tree.snippet(name, f"import time\ntime.sleep(10)\nopen({str(tree.root / 'went on')!r}, 'w')")
    tree.page(*(f"output:{name}" for name in MANY))
    with pytest.raises(OutputError, match="a/01.py failed"):
        tree.capture()
    assert {name: each.text for name, each in tree.held().items()} == {first: "True"}
    assert tree.left() == [] and not (tree.root / "went on").exists()


INTERRUPTED = """
import sys
from pathlib import Path
from snippets.lab.outputs import outputs, running
running.PAGES, outputs.DOCS = map(Path, sys.argv[1:3])
started = outputs.preloaded
outputs.preloaded = lambda count, snippets: started(1, snippets)
outputs.capture(Path(sys.argv[3]))
"""


@can_fork
@pytest.mark.parametrize("how", ["", "# runs: alone\n"])
def test_ctrl_c_leaves_nothing_running(tree: Tree, how: str) -> None:
    for name in MANY:
        tree.snippet(name, f"{how}open({str(tree.root / 'ran')!r}, 'a').write('{name} ')\nimport time\ntime.sleep(60)")
    tree.page(*(f"output:{name}" for name in MANY))
    command = [sys.executable, "-c", INTERRUPTED, str(tree.snippets), str(tree.docs), str(tree.file)]
    environment = {**os.environ, "TMPDIR": str(tree.temporary)}
    # Tests that a shell started in the background ignore Ctrl-C, and so would the process.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 60
    while not (tree.root / "ran").exists() and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode != 0 and "KeyboardInterrupt" in said
    assert tree.left() == []


def test_what_no_page_shows_any_longer_is_dropped(tree: Tree) -> None:
    for name in ("a/one", "a/two"):
        tree.shown(name)
        tree.capture()
    assert [*tree.held()] == ["a/two"]


@pytest.mark.parametrize("version", ["python", "torch"])
def test_other_versions_run_again_but_where_the_published_is_shown(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, version: str
) -> None:
    tree.shown("a/one")
    tree.capture()
    changed: dict[str, Any] = {version: "0.1"}
    other = replace(this_software(), **changed)
    monkeypatch.setattr(outputs, "this_software", lambda: other)
    monkeypatch.setattr(running, "this_software", lambda: other)
    monkeypatch.setattr(outputs, "AS_PUBLISHED", True)
    assert tree.capture() == []
    monkeypatch.setattr(outputs, "AS_PUBLISHED", False)
    assert tree.capture() == ["a/one"]
    assert getattr(tree.held()["a/one"], version) == "0.1"


def test_what_could_not_run_runs_once_it_can(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after `make others`. Until then it is not looked at again, nor where the published is shown."""
    gpu: str | None = None
    monkeypatch.setattr(prerequisites, "this_machine", lambda: replace(this_machine(), gpu=gpu))
    tree.counted("a/one", "# needs: cuda")
    tree.page("output:a/one")
    assert tree.capture() == ["a/one"]
    assert (tree.held()["a/one"].absent, tree.ran()) == ("torch sees no CUDA GPU here", [])
    assert tree.capture() == []
    gpu = "NVIDIA H200"
    monkeypatch.setattr(outputs, "AS_PUBLISHED", True)
    assert tree.capture() == []
    monkeypatch.setattr(outputs, "AS_PUBLISHED", False)
    assert tree.capture() == ["a/one"] == tree.ran()
    assert tree.held()["a/one"].absent == ""


def test_what_travels_is_what_needs_a_gpu_and_ended_as_its_page_says(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the file of a machine that has one, which is played here."""
    monkeypatch.setattr(prerequisites, "this_machine", lambda: replace(this_machine(), gpu="NVIDIA H100"))
    tree.shown("a/for_any")
    tree.counted("a/not_shown", "# needs: cuda")
    for name, code in {"one": "print('on cuda')", "fails": "1 / 0", "broken": "raise KeyError", "lost": ""}.items():
        tree.counted(f"a/{name}", f"# needs: cuda\n{code}")
    tree.counted("a/without", "# needs: cuda, no-such-package")
    tree.page(
        "output:a/for_any", "output:a/one", "error:a/fails", "output:a/broken", "error:a/lost", "output:a/without"
    )

    def unfit(name: str, output: Output) -> str:
        return "says nothing" if output.absent else ""

    found = outputs.of_a_gpu(unfit, math.inf)
    assert {name: output.text.splitlines()[-1] for name, output in found.items()} == {
        "a/one": "on cuda",
        "a/fails": "ZeroDivisionError: division by zero",
    }
    assert tree.ran() == ["a/broken", "a/fails", "a/lost", "a/one"]
    said = capsys.readouterr().out
    assert re.findall(r"^Left out: .*a/(\w+)\.py", said, re.MULTILINE) == ["broken", "lost", "without"]
    assert "a/without.py could not run: no-such-package is not installed" in said


def test_what_travels_has_ended_in_time(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(prerequisites, "this_machine", lambda: replace(this_machine(), gpu="NVIDIA H100"))
    tree.counted("a/slow", "# needs: cuda\nimport time\ntime.sleep(600)")
    tree.counted("a/two", "# needs: cuda")
    tree.page("output:a/slow", "output:a/two")
    assert outputs.of_a_gpu(lambda *_: "", time.monotonic() + 1.4) == {}
    assert capsys.readouterr().out == (
        "Left out: snippets/pages/a/slow.py did not end within 1 s\n"
        "Left out: snippets/pages/a/two.py, as the time was up\n"
    )
    assert "a/two" not in tree.ran()


# What stops the build.


def test_a_snippet_that_is_not_there(tree: Tree) -> None:
    tree.counted("a/one")
    tree.page("output:a/one", "error:a/lost")
    with pytest.raises(
        OutputError, match=r"^a page shows what snippets/pages/a/lost.py prints, and there is no such file$"
    ):
        tree.capture()
    assert tree.ran() == [] and not tree.file.exists()


def test_a_snippet_that_fails_and_was_to_print(tree: Tree) -> None:
    """What ran before it is kept; once it is put right, it alone runs."""
    tree.shown("a/one", "a/two")
    tree.counted("a/two", "raise SystemExit('broken on purpose')")
    with pytest.raises(OutputError) as raised:
        tree.capture()
    again = f"Run it: {PYTHON} snippets/pages/a/two.py"
    assert (
        str(raised.value)
        == f"snippets/pages/a/two.py failed, and a page shows what it prints. {again}\nbroken on purpose"
    )
    assert [*tree.held()] == ["a/one"]
    tree.ran()
    tree.counted("a/two")
    assert tree.capture() == ["a/two"] == tree.ran()


def test_a_snippet_that_failed_as_it_should_and_is_now_to_print(tree: Tree) -> None:
    """Only the page has changed."""
    tree.counted("a/one", "raise SystemExit('broken on purpose')")
    tree.page("error:a/one")
    assert tree.capture() == ["a/one"] == tree.ran()
    tree.page("output:a/one")
    with pytest.raises(OutputError, match="snippets/pages/a/one.py failed, and a page shows what it prints"):
        tree.capture()
    assert tree.ran() == []


def test_a_snippet_that_was_to_fail_and_only_says_something(tree: Tree) -> None:
    """Such as a warning; what it must say is for the page's own test."""
    tree.snippet("a/one", "import warnings; warnings.warn('slow')")
    tree.snippet("a/two", "class Late:\n def __del__(self):\n  raise LookupError\nLate()")
    tree.page("error:a/one", "error:a/two")
    tree.capture()
    assert "UserWarning: slow" in tree.held()["a/one"].text
    assert "Exception ignored in" in tree.held()["a/two"].text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("pass", "was to fail, as a page says, and said nothing. Run it: .*py"),
        ("print('4 batches')", "was to fail, .*; it ended well and gave no warning. Run it: .*\\n4 batches"),
    ],
)
def test_a_snippet_that_was_to_fail_and_ends_well(tree: Tree, code: str, said: str) -> None:
    """What it prints would stand on the page under the message that it was to show."""
    tree.snippet("a/one", code)
    tree.page("error:a/one")
    with pytest.raises(OutputError, match=f"^snippets/pages/a/one.py {said}$"):
        tree.capture()
    assert not tree.file.exists()


@pytest.mark.parametrize(("kind", "absent"), [("output", "no GPU"), ("error", "no GPU"), ("output", "")])
def test_no_text_of_what_cannot_run_here_or_prints_nothing_is_fine(kind: outputs.Kind, absent: str) -> None:
    check("a/one", kind, replace(ONE, text="", exit_code=0, absent=absent))


# The file.


def odd(**changed: str) -> bytes:
    return json.dumps({"a/one": {**asdict(ONE), **changed}}).encode()


def test_what_is_written_can_be_read(tmp_path: Path) -> None:
    held = {"b/two": ONE, "a/one": replace(ONE, absent="no GPU", text="")}
    write(held, tmp_path / "outputs.json")
    assert read(tmp_path / "outputs.json") == held
    assert list(json.loads((tmp_path / "outputs.json").read_text(encoding="utf-8"))) == ["a/one", "b/two"]
    assert read(tmp_path / "none.json") == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html>a login page</html>", "Expecting value"),
        (b"\xff\xfe", "can't decode byte"),
        (b"[]", "the file is list, not dict"),
        (b'{"a/one": {"text": "It ran."}}', "a/one.absent is missing"),
        (json.dumps({"a/one": {**asdict(ONE), "text": ["It ran."]}}).encode(), "a/one.text is list, not str"),
        (json.dumps({"a/one": {**asdict(ONE), "day": "<b>"}}).encode(), "'<b>' is no day"),
        (odd(day="2026-W01-1"), "'2026-W01-1' is no day"),
        (odd(day="9999-01-01"), "the day 9999-01-01 has not come yet"),
        (odd(text="a\x02wzxhzdk:0\x03"), r"a/one': a text has a character that nobody sees: '\x02'"),
        (odd(text="a\u202eb"), r"a text has a character that nobody sees: '\u202e'"),
        (odd(text="a" * 7_000), "a text has 7000 characters; 6003 are enough"),
        (odd(absent="a" * 401), "a text has 401 characters; 400 are enough"),
        (odd(absent="\U000e0041"), r"a text has a character that nobody sees: '\U000e0041'"),
        (odd(python="<b>"), "'<b>' is no version"),
        (odd(torch="2.13 (visit x.invalid)"), "'2.13 (visit x.invalid)' is no version"),
        (odd(source_hash="<b>"), "source_hash is '<b>'"),
        (json.dumps({"<b>\n/x": asdict(ONE)}).encode(), r"'<b>\n/x': no snippet can be called so"),
    ],
)
def test_a_file_that_was_not_written_here_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    """In one line that names the file. What else is no JSON of ours is in tests/lab/results/test_results_read.py."""
    path = tmp_path / "outputs.json"
    path.write_bytes(content)
    with pytest.raises(ResultError, match=f"^{path}: not a file of snippets' outputs \\(.*\\). Delete it.$") as raised:
        read(path)
    assert said in str(raised.value)
