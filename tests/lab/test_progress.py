"""How far a run is: bars on a terminal, plain lines elsewhere."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from snippets.lab import progress
from snippets.lab.progress import PlainLines
from tests.lab.house import House

SLOW = """
def arm():
    time.sleep(0.2)
    return Sample({"total": 0.2})

OPTIONS["rounds"] = 5
"""

FAILS = 'def arm():\n    raise LookupError("no [bold]sprite[/bold] in [/cat]")\n'


def test_plain_lines_every_ten_seconds(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By a clock that moves by 4 s at each look. More steps than were planned are no negative time."""
    looks = iter(range(0, 1000, 4))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(looks)))
    shown = PlainLines()
    shown.begin("disk", 6)
    for number in range(9):
        shown.step("disk", f"round {number + 1} of 6")
    shown.finish("disk", "36.0 s")
    assert capsys.readouterr().out.splitlines() == [
        "  disk …",
        "  disk: round 3 of 6, about 12 s left",
        "  disk: round 6 of 6, about 0 s left",
        "  disk: round 9 of 6, about 0 s left",
        "  disk: 36.0 s",
    ]


def test_few_steps_foretell_no_time(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Of 202 snippets those that must run alone come first, and take the longest."""
    looks = iter(range(0, 1000, 10))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(looks)))
    shown = PlainLines()
    shown.begin("snippets", 30)
    for number in range(3):
        shown.step("snippets", f"{number + 1} of 30")
    assert capsys.readouterr().out.splitlines()[1:] == [
        "  snippets: 1 of 30",
        "  snippets: 2 of 30",
        "  snippets: 3 of 30, about 270 s left",
    ]


def test_into_a_pipe_go_plain_lines(tmp_path: Path) -> None:
    ended = House(tmp_path, fails=FAILS, slow=SLOW).measure(TERM="xterm-256color")
    assert "\x1b" not in ended.stdout + ended.stderr
    assert [re.sub(r"\d+\.\d s", "T", line) for line in ended.stdout.splitlines()] == [
        "Measuring 2 of 2 experiments (short form).",
        "  fails …",
        "  fails: failed: LookupError: no [bold]sprite[/bold] in [/cat]",
        "  slow …",
        "  slow: T",
        f"Wrote {tmp_path / '.cache' / 'results.json'}.",
    ]


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_on_a_terminal_bars_show_experiment_round_and_time_left(tmp_path: Path) -> None:
    import pty

    assert hasattr(pty, "openpty")
    house = House(tmp_path, fails=FAILS, slow=SLOW)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}
    environment.pop("NO_COLOR", None)
    command = house.command("--out", "out.json", "--only", "slow", "fails")
    run = subprocess.Popen(command, cwd=house.root, stdin=theirs, stdout=theirs, stderr=theirs, env=environment)
    os.close(theirs)
    shown = _read_all(ours)
    assert run.wait() == 1, shown
    assert "Traceback" not in shown
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown)
    assert re.search(r"  slow .*round \d+ of 5 +\d:\d\d:\d\d", plain)
    # The marks of a reason are words of the reason, not colours.
    assert "  fails: failed: LookupError: no [bold]sprite[/bold] in [/cat]" in plain
    assert re.search(r"  slow: \d+\.\d s", plain)
    assert shown.rindex("\x1b[?25h") > shown.rindex("\x1b[?25l"), "the cursor is shown again"
    after = re.split(r"[\r\n]+", plain.strip())[-2:]
    assert after == ["Wrote out.json.", "error: failed: fails (the reasons stand above)"]


def _read_all(terminal: int) -> str:
    read = b""
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # what Linux says when the other end is closed
            part = b""
        if not part:
            os.close(terminal)
            return read.decode()
        read += part


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="this system has no pseudo-terminals")
def test_without_rich_a_terminal_gets_plain_lines() -> None:
    import pty

    assert hasattr(pty, "openpty")
    script = (
        "import sys; sys.modules['rich.progress'] = None\n"
        "from snippets.lab.progress import PlainLines, progress\n"
        "with progress() as shown: print(type(shown) is PlainLines)"
    )
    ours, theirs = pty.openpty()
    run = subprocess.Popen([sys.executable, "-c", script], stdout=theirs, stderr=theirs)
    os.close(theirs)
    assert _read_all(ours).strip() == "True"
    assert run.wait() == 0
