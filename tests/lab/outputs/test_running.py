"""A snippet runs as a reader would run it: alone, as a script; and nothing of it or of this machine stays behind."""

import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pytest

from snippets.lab.output import GAP, LONGEST
from snippets.lab.outputs import prerequisites, running
from snippets.lab.outputs.printed import Printed
from snippets.lab.outputs.running import OutputError
from snippets.lab.paths import ROOT
from tests.lab.outputs.test_prerequisites import NO_MOUNT, NO_UNSHARE
from tests.lab.tree import Tree

CHILD = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']{})"
QUIET = ", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"


def test_exit_code_and_text(tree: Tree) -> None:
    output = tree.run("print('Ünï\\n  <b>')\nraise SystemExit(3)")
    assert (output.exit_code, output.text, output.absent) == (3, "Ünï\n  <b>", "")


def test_both_streams_as_they_came(tree: Tree) -> None:
    code = "import sys\nfor number in range(50):\n print(number, file=sys.stderr if number % 2 else sys.stdout)"
    assert tree.run(code).text.split() == [str(number) for number in range(50)]


def test_it_is_a_script_in_a_folder_of_its_own(tree: Tree) -> None:
    code = "import os, sys\nprint(__name__, sys.argv, sorted(os.listdir()), os.path.isdir('images'))"
    assert tree.run(code).text == "__main__ ['name.py'] ['images', 'name.py'] True"


def test_nobody_answers_it(tree: Tree) -> None:
    assert tree.run("input('Go on?')").text.endswith("EOFError: EOF when reading a line")


def test_a_traceback_that_was_lost_is_asked_for_again(tree: Tree) -> None:
    """As when a signal interrupts Python while it writes one."""
    second = tree.root / "second"
    again = (
        f"import pathlib\nonce = pathlib.Path({str(second)!r})\nprint(once.exists() or 'lost sys.stderr')\nonce.touch()"
    )
    assert tree.run(again).text == "True"
    assert tree.run("print('lost sys.stderr')").text == "lost sys.stderr"


# What it leaves out.


def test_the_folders_of_this_machine_are_not_named(tree: Tree) -> None:
    named = (
        "__file__ os.getcwd() os.path.abspath('x') sys.executable numpy.__file__ multiprocessing.__file__ "
        f"{str(ROOT / 'docs')!r} os.path.realpath('images/x')"
    )
    code = f"import multiprocessing, numpy, os, sys\nfor place in ({named.replace(' ', ', ')}):\n print(place)"
    said = tree.run(code).text
    packages, stdlib = Path(numpy.__file__).parents[1], Path(multiprocessing.__file__).parents[1]
    lines = said.splitlines()
    assert lines[:3] == ["name.py", "…", "x"]
    below = [
        *(Path(packages.name, "numpy", "__init__.py"), Path(stdlib.name, "multiprocessing", "__init__.py")),
        *(Path(ROOT.name, "docs"), Path(ROOT.name, "images", "x")),
    ]
    assert lines[4:] == [str(Path("…", each)) for each in below]
    for place in (tree.root, ROOT, packages, stdlib):
        assert str(place) not in said


def test_a_temporary_folder_behind_a_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS, where /var is a link to /private/var."""
    monkeypatch.setattr(os.path, "realpath", lambda path: f"/private{path}")
    said = running._without_places("/private/var/x/name.py /var/x/name.py /private/var/x /var/x", "/var/x")
    assert said == "name.py name.py … …"


def test_frames_of_torchs_own_code_are_left_out(tree: Tree) -> None:
    raised = "Exception raised from main at core.cpp:62 (most recent call first):\\nframe #0: main (0x1)\\n"
    assert tree.run(f"print('no folder\\n{raised}\\nend')").text == "no folder\nend"


def test_a_traceback_names_the_snippet_alone(tree: Tree) -> None:
    assert '  File "name.py", line 2, in <module>\n' in tree.run("\nraise ValueError").text


def test_of_a_long_text_the_beginning_and_the_end(tree: Tree) -> None:
    """In whole lines."""
    lines = tree.run("for number in range(5000):\n print(f'line {number}')").text.splitlines()
    gap = lines.index(GAP)
    assert len("\n".join(lines)) <= LONGEST + len(GAP) + 2
    assert lines[:gap] == [f"line {number}" for number in range(gap)]
    after = lines[gap + 1 :]
    assert after == [f"line {number}" for number in range(5000 - len(after), 5000)]
    assert min(gap, len(after)) > 200


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("print('a' * 5000 + 'b' * 5000)", f"{'a' * 3000}\n{GAP}\n{'b' * 3000}"),
        (f"print('a' * {LONGEST})", "a" * LONGEST),
        ("import os\nos.write(1, b'a\\xff\\0b\\n')", "a\ufffdb"),
        # Some clear a terminal's screen, and some mean a place in the page to what makes it.
        ("import sys\nsys.stdout.write('a\\x1b[31mb\\x02wzx\\x03c\\x07\\u202ed\\te\\n')", "a[31mbwzxcd\te"),
    ],
    ids=["a long line", "a line that fits", "bytes that are no text", "control characters"],
)
def test_what_is_left_of_odd_text(tree: Tree, code: str, text: str) -> None:
    assert tree.run(code).text == text


WARNS = """
import warnings
warnings.warn("This DataLoader will create 8 worker processes in total.")
warnings.warn("This is another one.")
"""


@pytest.mark.parametrize(("kind", "said"), [("output", 1), ("error", 2)])
def test_what_prints_is_shown_without_torchs_word_on_cores(tree: Tree, kind: running.Kind, said: int) -> None:
    """What it prints would depend on the machine. A page that is about the warning shows it by `error:`."""
    tree.snippet("folder/name", WARNS)
    text = running.run("folder/name", kind).text
    assert text.count("UserWarning: ") == said and "This is another one." in text


# What it cannot run without: tests/lab/test_prerequisites.py. What it is given.


def test_what_it_cannot_run_without_is_said(tree: Tree) -> None:
    output = tree.run("# needs: no-such-package\nprint('It ran.')")
    assert (output.absent, output.text) == ("no-such-package is not installed (`make others` installs it)", "")
    assert tree.run("# needs: numpy\nimport numpy\nprint('It ran.')").text == "It ran."


SMALL = "# needs: small-shm\nimport shutil\nprint(shutil.disk_usage('/dev/shm').total // 2**20, 'MiB')"


def test_a_small_shm_of_its_own(tree: Tree) -> None:
    """Or why there is none. That of this machine stays as it is."""
    shm = Path("/dev/shm")
    before = shm.exists() and (shutil.disk_usage(shm).total, shm.stat().st_dev)
    output = tree.run(SMALL)
    assert (output.text, output.absent) in [("16 MiB", ""), ("", NO_MOUNT), ("", NO_UNSHARE)]
    assert (shm.exists() and (shutil.disk_usage(shm).total, shm.stat().st_dev)) == before
    if sys.platform == "linux" and shutil.which("unshare"):
        may = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "true"], capture_output=True)
        assert may.returncode or output.absent != NO_UNSHARE


def test_what_it_prints_is_utf_8_on_every_system(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """On Windows the text of a child is cp1252, unless it is told otherwise; here it must be told too."""
    monkeypatch.setenv("PYTHONUTF8", "0")
    assert tree.run("import sys\nprint(sys.flags.utf8_mode, '×')").text == "1 ×"


@pytest.mark.parametrize(("code", "said"), [("os.listdir('images')[:0]", "[]"), ("os.listdir()", "['name.py']")])
def test_images_are_copied_where_no_link_may_be_made(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    """Replaces a Windows whose users may not: there it is an OSError. Who reads no images needs none."""

    def refused(*_: object, **__: object) -> None:
        raise OSError("A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refused)
    monkeypatch.setattr(running, "IMAGES", tree.docs)
    assert tree.run(f"import os\nprint({code})").text == said


# Several processes.


OF_RANKS = """# ranks: 3
import os
os.write(1, f"rank {os.environ['RANK']} of {os.environ['WORLD_SIZE']}\\n".encode())
"""


def test_ranks_are_run_by_torchrun(tree: Tree) -> None:
    """Each says it in one go: what several processes print in pieces may come mixed."""
    output = tree.run(OF_RANKS)
    ranks = [line for line in output.text.splitlines() if line.startswith("rank ")]
    assert (output.exit_code, sorted(ranks)) == (0, ["rank 0 of 3", "rank 1 of 3", "rank 2 of 3"])


def test_what_outlives_a_snippet_is_ended(tree: Tree) -> None:
    output = tree.run(f"import subprocess, sys\n{CHILD.format(QUIET)}\nprint('It ran.')")
    assert (output.text, output.exit_code) == ("It ran.", 0)


def test_a_snippet_that_does_not_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "DEADLINE", 1.0)
    with pytest.raises(OutputError, match=r"^snippets/pages/folder/name.py did not end within 1 s$"):
        tree.run("import time\ntime.sleep(600)")


HANGS = f"""
import os, signal, subprocess, sys, time

{CHILD.format("")}
ready = READY
MORE
os.mkdir(ready)
time.sleep(600)
"""
OF_RANK, WILL_NOT = "ready += os.environ['RANK']", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"


@pytest.mark.parametrize(
    "code",
    [
        HANGS.replace("MORE", WILL_NOT),
        "# needs: small-shm\n" + HANGS.replace("MORE", ""),
        "# ranks: 2\n" + HANGS.replace("MORE", f"{OF_RANK}; {WILL_NOT}"),
    ],
    ids=["and will not", "in a namespace", "of ranks that will not"],
)
def test_of_a_snippet_that_hangs_nothing_is_left(tree: Tree, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """It is given up as soon as it has started what it starts. The fixture sees what is left."""
    if lack := prerequisites.lack(code):
        pytest.skip(lack)
    expected = 2 if "ranks" in code else 1

    def given_up(printed: Printed, _: float) -> None:
        until = time.monotonic() + 120
        while len([*tree.root.glob("ready*")]) < expected:
            assert printed.is_open and time.monotonic() < until, "it never began"
            time.sleep(0.02)
        assert tree.left()
        raise TimeoutError

    monkeypatch.setattr(prerequisites, "lack", lambda code: "")  # it would ask by a process, too
    monkeypatch.setattr(Printed, "wait", given_up)
    with pytest.raises(OutputError, match="did not end within"):
        tree.run(code.replace("READY", repr(str(tree.root / "ready"))))
