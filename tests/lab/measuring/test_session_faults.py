"""Experiments that go wrong: each ends as an error with its reason, never as a number, and stops no other."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab.house import FINE, House

UNAVAILABLE = FINE + 'OPTIONS["unavailable"] = lambda: "no such device"\n'

ITEM = """
class Broken(Items):
    def item(self, index):
        if index == BAD:
            FAULT
        return super().item(index)

def arm():
    load(Broken())
    return Sample({"total": 0.5})
"""


def fault(line: str, index: int = 0) -> str:
    """An arm whose worker meets `line` at one item.

    A worker that dies does so at its first: main could else be receiving a batch from it just then, and
    says that the connection was reset.
    """
    return ITEM.replace("FAULT", line).replace("BAD", str(index))


SAMPLE = """
def arm():
    return Sample({"total": VALUE})
"""

LATE = """
rounds = []

def arm():
    rounds.append(1)
    if len(rounds) == 2:
        raise LookupError("no sprite [/cat]")
    return Sample({"total": 0.5})
"""

FROZEN = """
from snippets.lab.instruments import timing

def arm():
    timing.perf_counter = lambda: 1.0
    dataset = Items()
    return timing.time_loader(DataLoader(dataset, 2, sampler=timing.endless(dataset)), 4)

OPTIONS["headline"] = "throughput"
"""

HANG = fault("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", 20)

LOUD = """
def arm():
    print('{"event": "sample", "round": 0, "arm": "lie", "values": {"total": 1e9}}', flush=True)
    os.write(1, b"\\xff\\xfe not text\\n" * 10_000)
    os.write(2, b"\\xff\\xfe not text\\n" * 10_000)
    return Sample({"total": 0.5})
"""

FORKS = """
def arm():
    if os.fork() == 0:
        time.sleep(600)
    return Sample({"total": 0.5})
"""

LONG_WORDS = """
def arm():
    raise LookupError("word " * 1_000_000)
"""

EXPERIMENTS = {
    "a_fine": FINE,
    "below_zero": SAMPLE.replace("VALUE", "-0.5"),
    "exits": "def arm():\n    os._exit(3)\n",
    "forks": FORKS,
    "frozen_clock": FROZEN,
    "hangs": HANG + 'OPTIONS["deadline"] = 3.0\n',
    "infinite": SAMPLE.replace("VALUE", "float('inf')"),
    "late": LATE,
    "long_words": LONG_WORDS,
    "loud": LOUD,
    "no_number": SAMPLE.replace("VALUE", "float('nan')"),
    "no_pillow": 'raise ModuleNotFoundError("No module named \'PIL\'", name="PIL")\n' + FINE,
    "no_time": SAMPLE.replace("VALUE", "0.0"),
    "no_torchvision": "import torchvision_is_not_there\n" + FINE,
    "no_words": SAMPLE.replace("VALUE", "'fast'"),
    "raises": fault('raise ValueError("cat/0020.png: not an image")', 20),
    "segfault": fault("os.kill(os.getpid(), signal.SIGSEGV)"),
    "silent": "def arm():\n    os.kill(os.getpid(), signal.SIGKILL)\n",
    "unavailable": UNAVAILABLE,
    "worker_exits": fault("os._exit(0)"),
    "worker_killed": fault("os.kill(os.getpid(), signal.SIGKILL)"),
    "z_fine": FINE,
}

MEASURED = ("a-fine", "forks", "loud", "z-fine")

REASONS = {
    "below-zero": "ValueError: arm: total is -0.5, which no clock can have measured",
    "exits": "ended with exit code 3",
    "frozen-clock": "ZeroDivisionError: float division by zero",
    "hangs": "no end within its deadline; stopped, with all its workers",
    "infinite": "ValueError: arm: total is inf, which no clock can have measured",
    "late": "LookupError: no sprite [/cat]",
    "no-number": "ValueError: arm: total is nan, which no clock can have measured",
    "no-time": "ValueError: arm: total is 0, which no clock can have measured",
    "no-torchvision": "ModuleNotFoundError: No module named 'torchvision_is_not_there'",
    "no-words": "ValueError: could not convert string to float: 'fast'",
    "raises": "ValueError: cat/0020.png: not an image",
    "silent": "ended with exit code -9",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("faults"), **EXPERIMENTS)


@pytest.fixture(scope="module")
def ended(house: House) -> "subprocess.CompletedProcess[str]":
    return house.measure()


def test_the_command_names_what_failed(ended: "subprocess.CompletedProcess[str]") -> None:
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("error: failed: ") and last.endswith(" (the reasons stand above)")
    failed = last.removeprefix("error: failed: ").removesuffix(" (the reasons stand above)").split(", ")
    apart = {*MEASURED, "unavailable", "no-pillow"}
    assert failed == sorted({name.replace("_", "-") for name in EXPERIMENTS} - apart)


@pytest.mark.parametrize("name", MEASURED)
def test_the_others_are_measured(house: House, ended: "subprocess.CompletedProcess[str]", name: str) -> None:
    measured = house.results().experiments[name]
    assert measured.status == "measured" and measured.reason == ""
    assert [sample.values for sample in measured.samples] == [{"total": 0.5}] * 2
    assert measured.passes == 1
    assert [len(around.capacity) for around in measured.surroundings] == [2]
    assert f"  {name}: " in ended.stdout


@pytest.mark.parametrize(("name", "reason"), REASONS.items())
def test_the_reason_is_the_last_line_of_what_went_wrong(
    house: House, ended: "subprocess.CompletedProcess[str]", name: str, reason: str
) -> None:
    assert house.results().experiments[name].reason == reason
    assert f"  {name}: failed: {reason}" in ended.stdout


@pytest.mark.parametrize("name", ["segfault", "worker-killed", "worker-exits"])
def test_a_worker_that_dies_is_said_to_have_died(
    house: House, ended: "subprocess.CompletedProcess[str]", name: str
) -> None:
    assert "DataLoader worker" in house.results().experiments[name].reason


def test_a_very_long_reason_is_cut(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    reason = house.results().experiments["long-words"].reason
    assert reason.startswith("LookupError: word word")
    assert len(reason) <= 300


def test_what_failed_has_no_number(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    for name, measured in house.results().experiments.items():
        if name not in MEASURED:
            assert measured.status != "measured"
            assert (measured.samples, measured.traces, measured.passes) == ([], {}, 0), name
            assert (measured.surroundings, measured.confirmation) == ([], []), name


@pytest.mark.parametrize(
    ("name", "reason"), [("unavailable", "no such device"), ("no-pillow", "Pillow is not installed")]
)
def test_what_cannot_be_measured_here_is_not_an_error(
    house: House, ended: "subprocess.CompletedProcess[str]", name: str, reason: str
) -> None:
    measured = house.results().experiments[name]
    assert (measured.status, measured.reason) == ("unavailable", reason)
    assert f"  {name}: not measured here: {reason}" in ended.stdout


def test_no_process_is_left(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    """The hanging workers ignore SIGTERM, and one arm left a fork of itself behind."""
    assert house.alive() == []


def test_the_results_are_whole(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    assert list(house.results().experiments) == sorted(name.replace("_", "-") for name in EXPERIMENTS)
    assert [path.name for path in house.out.parent.iterdir()] == ["results.json"]


def test_a_reason_is_written_as_it_is_read(tmp_path: Path) -> None:
    """As UTF-8; on Windows a process would write cp1252, unless it is told otherwise."""
    house = House(tmp_path, says="import sys\n\ndef arm():\n    raise LookupError(sys.flags.utf8_mode)\n")
    house.measure(PYTHONUTF8="0")
    assert house.results().experiments["says"].reason == "LookupError: 1"


@pytest.mark.parametrize("said", [b"go\n", b""], ids=["its turn", "its parent is gone"])
def test_the_child_speaks_json_even_when_the_arm_prints(house: House, said: bytes) -> None:
    command = house.command()[:2] + [
        "snippets.lab.measuring.one_pass",
        "snippets.experiments.loud.measure",
        "0",
        "short",
    ]
    child = subprocess.run(command, cwd=house.root, input=said, capture_output=True)
    assert child.returncode == 0
    events = [json.loads(line) for line in child.stdout.splitlines()]
    if not said:
        assert [event["event"] for event in events] == ["experiment"]
        return
    assert [event["event"] for event in events] == ["experiment", "arms", "sample", "sample", "surroundings", "done"]
    assert {event.get("arm") for event in events} == {None, "arm"}
    assert child.stderr.count(b'"lie"') == 2


def test_the_faults_are_those_of_real_processes() -> None:
    """A guard on the tests above: what they count as dead was alive."""
    if sys.platform == "win32":
        pytest.skip("this system ends no process by a signal")
    with subprocess.Popen(["sleep", "600"], cwd="/") as process:
        watched = House.__new__(House)
        watched.root = Path("/")
        until = time.monotonic() + 60
        # The kernel may show the new process before its command line.
        while not any("sleep 600" in line for line in watched.alive()):
            assert time.monotonic() < until, watched.alive()
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
