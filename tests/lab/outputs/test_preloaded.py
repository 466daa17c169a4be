"""A script in a fork of a Python that has torch says what it says where a reader starts it.

What it does not prove: that each snippet does; `# starts: afresh` stands in those that do not. What fails while Python
forgets the names of a script is told with its line here, and without it where Python has closed the file already.
"""

import re
from dataclasses import replace

import pytest

from snippets.lab.outputs import running
from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import OutputError
from tests.lab.tree import Tree

SCRIPTS = {
    "prints": "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('ä', end='')",
    "its own name": "import sys\nprint(__name__, __file__, sys.argv, sys.path[0], __doc__)",
    "where it is": "import os\nprint(os.getcwd(), os.listdir(), os.getpid() == os.getsid(0))",
    "raises": "def f():\n    raise ValueError('on purpose')\nf()",
    "raises from": "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError('x') from e",
    "does not parse": "print('no')\nif:",
    "exits": "import sys\nsys.exit(3)",
    "exits with words": "raise SystemExit('that was it')",
    "is killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "warns": "import warnings\nwarnings.warn('careful')",
    "warns of cores": "import warnings\nwarnings.warn('This DataLoader will create 8 worker processes')",
    "reads nothing": "import sys\nprint(repr(sys.stdin.read()))",
    "at exit": "import atexit\natexit.register(print, 'last')\nprint('first')",
    "its names at exit": "class A:\n    def __del__(self):\n        print('gone')\na = A()\nprint('there')",
    "waits for a thread": (
        "import threading, time\n"
        "threading.Thread(target=lambda: (time.sleep(0.2), print('thread'))).start()\nprint('main')"
    ),
    "environment": "import os\nprint(os.environ['PYTHONUTF8'], os.environ.get('PYTHONWARNINGS'))",
    "workers, and an error in one": (
        "from torch.utils.data import DataLoader, Dataset\n\n"
        "class Numbers(Dataset):\n    def __len__(self):\n        return 3\n    def __getitem__(self, i):\n"
        "        return i\n\nif __name__ == '__main__':\n    for method in ('fork', 'spawn'):\n"
        "        loader = DataLoader(Numbers(), num_workers=1, multiprocessing_context=method)\n"
        "        print([int(batch) for batch in loader], flush=True)\n"
        "    list(DataLoader([1, 'x', 2], num_workers=1, batch_size=3, multiprocessing_context='fork'))"
    ),
}


@pytest.mark.parametrize(
    ("does", "kind"),
    [
        *((does, "error") for does in SCRIPTS),
        *((does, "output") for does in ("warns", "warns of cores", "environment")),
    ],
)
def test_it_says_what_a_fresh_start_says(tree: Tree, python: Preloaded, does: str, kind: running.Kind) -> None:
    tree.snippet("folder/name", SCRIPTS[does])
    forked, fresh = (running.run("folder/name", kind, each) for each in (python, None))
    assert replace(forked, text=alike(forked.text)) == replace(fresh, text=alike(fresh.text))


def alike(text: str) -> str:
    """Without addresses in memory, and what Python's tracker of semaphores says where it is ended with the others."""
    return re.sub(r"0x[0-9a-f]+|\n\S*resource_tracker(?s:.*)", "", text)


def test_one_after_the_other_starts_anew(tree: Tree, python: Preloaded) -> None:
    tree.snippet("folder/name", "import json\nprint(getattr(json, 'mark', 'none'))\njson.mark = 'left'")
    assert [running.run("folder/name", "output", python).text for _ in range(2)] == ["none", "none"]


def test_what_does_not_end_is_ended_with_all_that_it_started(
    tree: Tree, python: Preloaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "DEADLINE", 1.0)
    tree.snippet("folder/name", "import subprocess, time\nsubprocess.Popen(['sleep', '60'])\ntime.sleep(60)")
    with pytest.raises(OutputError, match="did not end within 1 s"):
        running.run("folder/name", "output", python)
    assert tree.left() == []
    tree.snippet("folder/name", "print('and the next one runs')")
    assert running.run("folder/name", "output", python).text == "and the next one runs"


def test_what_shows_how_it_was_started_is_started_afresh(tree: Tree, python: Preloaded) -> None:
    code = "import faulthandler\nfaulthandler.dump_traceback()"
    tree.snippet("folder/name", code)
    assert "runpy" in running.run("folder/name", "error", python).text
    tree.snippet("folder/name", f"# starts: afresh\n{code}")
    afresh = running.run("folder/name", "error", python)
    assert "runpy" not in afresh.text
    assert replace(afresh, text="") == replace(running.run("folder/name"), text="")
