"""Machines that lack something: shared memory, open files, a second core, torch. Each ends, and in clear words."""

import os
import shutil
from collections import deque
from pathlib import Path

import pytest

from snippets.lab.judging.claim import Claim, at_least, ratio
from snippets.lab.judging.judge import judge
from snippets.lab.measuring.child import NOISE_CHARACTERS, NOISE_LINES, _pump
from tests.lab.house import FINE, House, namespaced

LARGE = """
class Large(Items):
    def item(self, index):
        return torch.zeros(1_000_000)

def arm():
    load(Large())
    return Sample({"total": 0.5})
"""

MANY = """
class Many(Items):
    def __len__(self):
        return 4_000

def arm():
    load(Many())
    return Sample({"total": 0.5})
"""

PRINTS = """
def arm():
    print("x" * 50_000_000)
    sys.stderr.write("y\\n" * 25_000_000)
    return Sample({"total": 0.5})
"""

FORKS = """
def arm():
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
    return Sample({"total": 0.5})
"""

SCRIBBLES = """
def arm():
    Path(".cache/results.json").write_text('{"schema": 2, "experiments": {"fine": 0.001}}')
    return Sample({"total": 0.5})
"""

NO_TORCH = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""


def test_a_small_shared_memory(tmp_path: Path) -> None:
    """1 MiB, of which a batch would need sixteen."""
    house = House(tmp_path, fine=FINE, large=LARGE)
    script = 'mount -t tmpfs -o size=1m none /dev/shm; exec "$@"'
    ended = namespaced(script, *house.command(), cwd=house.root)
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    found = house.results().experiments
    assert found["fine"].status == "measured"
    large = found["large"]
    assert large.status == "error" and large.samples == []
    assert any(words in large.reason for words in ("Bus error", "shared memory", "No space left")), large.reason
    assert house.alive() == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit of open files to set")
def test_few_open_files(tmp_path: Path) -> None:
    """128, where each batch that waits holds one."""
    house = House(tmp_path, fine=FINE, many=MANY)
    house.command = lambda *arguments: ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh", *House.command(house, *arguments)]
    ended = house.measure()
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    found = house.results().experiments
    assert found["fine"].status == "measured"
    assert found["many"].status == "error" and "Too many open files" in found["many"].reason
    assert house.alive() == []


def test_one_usable_core(tmp_path: Path) -> None:
    if not shutil.which("taskset"):
        pytest.skip("binding a command to one core needs taskset")
    house = House(tmp_path, fine=FINE)
    house.command = lambda *arguments: ["taskset", "-c", "0", *House.command(house, *arguments)]
    ended = house.measure()
    assert (ended.returncode, ended.stderr) == (0, "")
    held = house.results()
    assert held.machine.cores_usable == 1
    needs_two = Claim("a-b", ratio("it", "arm", "arm"), at_least(0.5), "Why.", needs_cores=2)
    assert judge(needs_two, held.experiments["fine"], held.machine).reason == "it needs 2 usable cores"


def test_no_torch(tmp_path: Path) -> None:
    house = House(tmp_path / "house", fine=f"import torch\n{FINE}")
    without = tmp_path / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(NO_TORCH)
    ended = house.measure(PYTHONPATH=str(without))
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert house.results().experiments["fine"].reason.endswith("No module named 'torch'")


@pytest.mark.parametrize("line", ["x" * 10_000_000, "x\n" * 5_000_000], ids=["one long line", "many short lines"])
def test_what_prints_without_end_fills_no_memory(tmp_path: Path, line: str) -> None:
    path = tmp_path / "said"
    with path.open("w") as file:
        for _ in range(10):
            file.write(line)
    kept: deque[str | None] = deque(maxlen=NOISE_LINES)
    with path.open() as stream:
        _pump(stream, kept.append)
    assert kept[-1] is None
    assert sum(len(said) for said in kept if said) <= NOISE_LINES * NOISE_CHARACTERS


def test_an_arm_that_prints_is_measured_all_the_same(tmp_path: Path) -> None:
    """100 MB in each run of its arm, and none of it on the terminal."""
    house = House(tmp_path, prints=PRINTS)
    ended = house.measure()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout) < 1_000
    assert house.results().experiments["prints"].status == "measured"


def test_an_arm_that_forks_leaves_nobody(tmp_path: Path) -> None:
    house = House(tmp_path, forks=FORKS)
    assert house.measure().returncode == 0
    assert house.results().experiments["forks"].status == "measured"
    assert house.alive() == []


def test_an_arm_that_writes_into_the_results_changes_none(tmp_path: Path) -> None:
    """What was read of them before stays, and what it writes there is gone."""
    house = House(tmp_path, fine=FINE, scribbles=SCRIBBLES)
    assert house.measure("--only", "fine").returncode == 0
    before = house.results().experiments["fine"]
    assert house.measure().returncode == 0
    found = house.results().experiments
    assert found["fine"] == before
    assert found["scribbles"].status == "measured"
