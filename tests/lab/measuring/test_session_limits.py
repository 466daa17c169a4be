"""Machines that lack something: shared memory, a second core, torch. Each ends, and in clear words.

Few open files: test_session_faults.py.
"""

import io
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

SAYS = """
def arm():
    raise LookupError(sys.flags.utf8_mode)
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


@pytest.fixture(scope="module")
def poor(tmp_path_factory: pytest.TempPathFactory) -> House:
    """Measured without torch, where the encoding of texts is another one, and on one core, where that can be had."""
    folder = tmp_path_factory.mktemp("poor")
    house = House(folder / "house", fine=FINE, learns=f"import torch\n{FINE}", says=SAYS)
    without = folder / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text(NO_TORCH)
    if shutil.which("taskset"):
        house.command = lambda *arguments: ["taskset", "-c", "0", *House.command(house, *arguments)]  # pyrefly: ignore[method-assign]
    ended = house.measure(PYTHONPATH=str(without), PYTHONUTF8="0")
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert ended.stderr == "error: failed: learns, says (the reasons stand above)\n"
    return house


@pytest.mark.skipif(not shutil.which("taskset"), reason="binding a command to one core needs taskset")
def test_one_usable_core(poor: House) -> None:
    held = poor.results()
    assert held.machine.cores_usable == 1
    needs_two = Claim("a-b", ratio("it", "arm", "arm"), at_least(0.5), "Why.", needs_cores=2)
    assert judge(needs_two, held.experiments["fine"], held.machine).reason == "it needs 2 usable cores"


def test_no_torch(poor: House) -> None:
    assert poor.results().experiments["learns"].reason == "ModuleNotFoundError: No module named 'torch'"


def test_a_reason_is_written_as_it_is_read(poor: House) -> None:
    """As UTF-8; on Windows a process would write cp1252, unless it is told otherwise."""
    assert poor.results().experiments["says"].reason == "LookupError: 1"


@pytest.mark.parametrize("line", ["x" * 1_000_000, "x\n" * 500_000], ids=["one long line", "many short lines"])
def test_what_prints_without_end_fills_no_memory(line: str) -> None:
    """That an arm which prints is measured all the same, and not on the terminal: test_session_faults.py."""
    kept: deque[str | None] = deque(maxlen=NOISE_LINES)
    _pump(io.StringIO(line), kept.append)
    short, long = ["x\n"] * (NOISE_LINES - 1), ["x" * NOISE_CHARACTERS]
    assert [*kept] == [*(short if "\n" in line else long), None]
