"""A copy of the package with experiments made for a test, run as a user runs it."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from snippets.lab.paths import SNIPPETS
from snippets.lab.results import results
from snippets.lab.results.results import Results
from tests.lab.working import working_in

EXPERIMENT = """
import os, signal, sys, time
from functools import partial
from pathlib import Path

from snippets.lab.instruments.experiment import Experiment, Sample

OPTIONS = {}

BODY
ABOUT = dict(question="Is it?", unit="s", better="lower", headline="total", pitfalls="none", rounds=2, warmup=0)
EXPERIMENT = Experiment(**{**ABOUT, "arms": {"arm": arm}, "deadline": 60.0, **OPTIONS})
"""

LOADING = """
import torch
from torch.utils.data import DataLoader, Dataset

class Items(Dataset):
    def __len__(self):
        return 64

    def __getitem__(self, index):
        return self.item(index)

    def item(self, index):
        return torch.tensor(index)

FORK = "fork" if hasattr(os, "fork") else None

def load(dataset):
    return [batch for batch in DataLoader(dataset, 4, num_workers=2, multiprocessing_context=FORK)]

"""
"""For those that load: importing torch takes a second or two."""
LOADS = re.compile(r"\b(?:torch|DataLoader|Dataset|Items|load)\b")

ONE_PASS = "snippets/lab/measuring/one_pass.py"
PRELOADS, PRELOADS_NOTHING = "import torch.utils.data  # noqa: F401\n", "pass  # imports no torch\n"
"""What a process does first that is then forked for each pass."""

PREPARED = """
def prepare():
    with open("prepared.txt", "a") as file:
        file.write("prepared\\n")
"""

FINE = """
def arm():
    return Sample({"total": 0.5})
"""

SCATTERED = """
ROUNDS = []

def arm():
    ROUNDS.append(0)
    return Sample({"total": 0.4 + 0.1 * (len(ROUNDS) % 2)})
"""


class House:
    """`python -m snippets.lab` in a tree of its own, with short capacity probes.

    Its processes import torch before they fork, as those of the site do, where more than one experiment loads; one
    alone imports it itself, which costs no more.
    """

    def __init__(self, root: Path, **experiments: str) -> None:
        self.root = root
        self.out = root / ".cache" / "results.json"
        own = root / "snippets"
        shutil.copytree(SNIPPETS, own, ignore=shutil.ignore_patterns("__pycache__", "experiments"))
        self.edit("snippets/lab/machine/capacity.py", "SPIN_SECONDS = 0.04", "SPIN_SECONDS = 0.005")
        (own / "lab" / "results" / "references.json").write_text("{}")  # there is no docs/results here
        if sum(bool(LOADS.search(body)) for body in experiments.values()) < 2:
            self.edit(ONE_PASS, PRELOADS, PRELOADS_NOTHING)
        (own / "experiments").mkdir()
        shutil.copy(SNIPPETS / "experiments" / "__init__.py", own / "experiments")
        (own / "experiments" / "prepare.py").write_text(PREPARED)
        for name, body in experiments.items():
            folder = own / "experiments" / name
            folder.mkdir()
            (folder / "__init__.py").touch()
            (folder / "measure.py").write_text(
                EXPERIMENT.replace("BODY", (LOADING if LOADS.search(body) else "") + body)
            )

    def with_torch(self) -> "House":
        """The same, and its processes import torch whatever loads."""
        self.edit(ONE_PASS, PRELOADS_NOTHING, PRELOADS)
        return self

    def claim(self, name: str, *claims: str) -> None:
        """What an experiment is to prove; each is a call of `Claim`."""
        text = f"from snippets.lab.judging.claim import *\nCLAIMS = ({', '.join(claims)},)\n"
        (self.root / "snippets" / "experiments" / name / "claims.py").write_text(text)

    def arms(self, name: str, text: str) -> None:
        """What an experiment's `arms.py` says."""
        (self.root / "snippets" / "experiments" / name / "arms.py").write_text(text)

    def copy(self, *experiments: str) -> None:
        """Experiments of the site itself."""
        for name in experiments:
            shutil.copytree(SNIPPETS / "experiments" / name, self.root / "snippets" / "experiments" / name)

    def edit(self, file: str, old: str, new: str) -> None:
        text = (self.root / file).read_text()
        assert text.count(old) == 1, f"{file} has no longer {old!r}"
        (self.root / file).write_text(text.replace(old, new))

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "snippets.lab", "measure", *arguments]

    def measure(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=240,
        )

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        # Tests that a shell started in the background ignore Ctrl-C, and so would the command.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        return subprocess.Popen(
            self.command(*arguments), cwd=self.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def results(self) -> Results:
        return results.read(self.out)

    def alive(self) -> list[str]:
        """The command lines of all processes that work in this tree; zombies do not count."""
        return working_in(self.root)

    def wait_for(self, name: str) -> None:
        """Until a file that an arm writes is there."""
        until = time.monotonic() + 60
        while not (self.root / name).exists():
            assert time.monotonic() < until, f"no arm wrote {name}"
            time.sleep(0.02)


def one_line(ended: "subprocess.CompletedProcess[str]") -> str:
    """The single line with which a command failed."""
    lines = ended.stderr.splitlines()
    assert ended.returncode == 1, ended
    assert len(lines) == 1 and lines[0].startswith("error: "), ended.stderr
    return lines[0]


def namespaced(script: str, *arguments: str, cwd: Path | None = None) -> "subprocess.CompletedProcess[str]":
    """Run a shell script that may mount; skips the test where the system does not let us."""
    unshare = ["unshare", "--user", "--map-root-user", "--mount"]
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("mounting a small or read-only file system needs Linux's unshare")
    if subprocess.run([*unshare, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode:
        pytest.skip("this system lets no user mount in a namespace of their own")
    command = [*unshare, "sh", "-ec", script, "sh", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=240)
