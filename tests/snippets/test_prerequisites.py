"""A snippet that a page shows runs on every system, or says what it cannot run without: with no affinity, no /proc, no
/dev/shm, no fork and no `resource`, as on macOS or Windows.

Such a system is stood in for by tests/elsewhere. What this does not prove: that nothing else is missing there.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from snippets.lab.outputs import outputs, prerequisites
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.paths import PAGES, ROOT

from ..docs.advice import nothing
from ..processes import python_with_torch

ELSEWHERE = ROOT / "tests" / "elsewhere"
FORKED = "affinity,proc,shm,unshare,page-cache,start-methods,signals,posix,resource,held-files"
"""What Windows lacks but for fork itself: by default workers are still forked, which takes less time. How scripts fare
under spawn is for test_start_methods.py.
"""
TAKEN_AWAY = re.compile(r"sched_|/proc|/dev/shm|\bresource\b|\bsignal\b|fork|\bnice\(|NamedTemporaryFile")
SAYS_SO = re.compile(r"has no attribute|No module named|find context|valid start method|No such file or directory: '/")

ASKED = {name: (PAGES / f"{name}.py").read_text(encoding="utf-8") for name in outputs.shown_snippets()}
NAMED = [name for name, code in ASKED.items() if TAKEN_AWAY.search(code)]
"""All others ask for nothing that such a system lacks."""

LIBRARIES = (PAGES / "leave_dataloader" / "requirements.txt").read_text(encoding="utf-8")
IMPORTED_AS = {"opencv": "cv2"}
PACKAGES = {IMPORTED_AS.get(name, name) for name in re.findall(r"^(\w+)", LIBRARIES, re.MULTILINE)}


@pytest.fixture(scope="module")
def lack() -> dict[str, str]:
    """Why each of these cannot run there, asked there; "" if it can."""
    ask = (
        "import json, sys; from snippets.lab.outputs.prerequisites import lack; "
        "print(json.dumps({name: lack(open(f'snippets/pages/{name}.py').read()) for name in sys.argv[1:]}))"
    )
    asked = subprocess.run(
        [sys.executable, "-c", ask, *NAMED],
        cwd=ROOT,
        env={"PYTHONPATH": str(ELSEWHERE), "WITHOUT": "windows", "PYTHONUTF8": "1", "PATH": ""},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(asked.stdout)


def test_each_word_is_known_and_used() -> None:
    used = {(name, what) for name, code in ASKED.items() for what in prerequisites.needs(code)}
    words = {what for _, what in used}
    nothing(
        {f"{name}: {what}" for name, what in used if what not in prerequisites.KNOWN and what not in PACKAGES},
        "neither a word of snippets/lab/outputs/prerequisites.py nor a package of leave_dataloader/requirements.txt:",
    )
    nothing(
        prerequisites.KNOWN.keys() - words,
        "no snippet needs these: delete them from snippets/lab/outputs/prerequisites.py:",
    )


@pytest.fixture(scope="module")
def python_elsewhere() -> Iterator[Preloaded | None]:
    yield from python_with_torch(PYTHONPATH=str(ELSEWHERE), WITHOUT=FORKED)


@pytest.mark.parametrize("name", NAMED)
def test_it_runs_elsewhere_or_says_why_not(
    name: str, lack: dict[str, str], python_elsewhere: Preloaded | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if lack[name]:
        return
    monkeypatch.setattr(prerequisites, "lack", lambda code: "")
    monkeypatch.setenv("PYTHONPATH", str(ELSEWHERE))
    monkeypatch.setenv("WITHOUT", FORKED)
    kind = outputs.shown_snippets()[name]
    output = outputs.run(name, kind, python_elsewhere)
    outputs.check(name, kind, output)
    assert not SAYS_SO.search(output.text), f"say what it needs, `# needs: …`:\n{output.text}"


LEAVING = [name for name, code in ASKED.items() if "TemporaryDirectory()" in code and not prerequisites.needs(code)]
"""These remove a folder at their end, on every system."""


@pytest.fixture(scope="module")
def python_that_holds_files() -> Iterator[Preloaded | None]:
    yield from python_with_torch(PYTHONPATH=str(ELSEWHERE), WITHOUT="held-files")


@pytest.mark.parametrize("name", LEAVING)
def test_a_folder_is_removed_when_no_file_in_it_is_open(
    name: str, python_that_holds_files: Preloaded | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses otherwise, and that would be the last thing that the script says."""
    monkeypatch.setenv("PYTHONPATH", str(ELSEWHERE))
    monkeypatch.setenv("WITHOUT", "held-files")
    output = outputs.run(name, outputs.shown_snippets()[name], python_that_holds_files)
    in_the_end = output.text.rpartition("\n")[2]
    assert not re.search("Not a directory|another process", in_the_end), "give it ignore_cleanup_errors=True"


TIMEOUT = re.compile(r"\btimeout=(\d+)\b(?!\.| if)")


def test_what_is_put_right_waits_longer_than_workers_take_to_start() -> None:
    """A worker that is not forked first imports torch, which takes seconds, and more on busy cores."""
    fixed = {name: code for name, code in ASKED.items() if name.endswith("_fixed") and "num_workers=0" not in code}
    waits = {name: int(found[1]) for name, code in fixed.items() if (found := TIMEOUT.search(code))}
    assert len(waits) >= 5
    nothing({f"{name}: {seconds} s" for name, seconds in waits.items() if seconds < 60}, "give these 60 s:")
