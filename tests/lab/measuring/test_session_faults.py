"""Experiments that go wrong: each ends as an error with its reason, never as a number, and stops no other.

All of them are measured in one run, whose processes may have few files open.
"""

import subprocess
import sys

import pytest

from snippets.lab.measuring.last_words import REFUSALS
from tests.lab.house import FINE, House

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


NO_NUMBER = """
def arm():
    return Sample({"total": float("nan")})
"""

LATE = """
rounds = []

def arm():
    rounds.append(1)
    if len(rounds) == 2:
        raise LookupError("no sprite [/cat]" + " word" * 1_000_000)
    return Sample({"total": 0.5})
"""

HANG = fault("signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", 20)

LOUD = """
def arm():
    print('{"event": "sample", "round": 0, "arm": "lie", "values": {"total": 1e9}}', flush=True)
    os.write(1, b"\\xff\\xfe not text\\n" * 10_000)
    os.write(2, b"\\xff\\xfe not text\\n" * 10_000)
    span = {"lane": "main", "role": "step", "start": 0.0, "end": 0.5}
    return Sample({"total": 0.5}, [{**span, "batch": number} for number in range(1000)])
"""
"""And it tells a long story: a line with a thousand spans."""

FORKS = """
def arm():
    if hasattr(os, "fork") and os.fork() == 0:
        time.sleep(600)
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
KEEPS_FILES = sys.platform == "linux"
"""Whether each batch that waits holds a file open."""

SCRIBBLES = """
def arm():
    Path(".cache/results.json").write_text('{"schema": 2, "experiments": {"a-fine": 0.001}}')
    return Sample({"total": 0.5})
"""

ADVICE = "\\nCUDA kernel errors might be reported elsewhere.\\nCompile with `TORCH_USE_CUDA_DSA`.\\n"
"""What torch puts behind CUDA's own words."""
BUSY = "CUDA error: CUDA-capable device(s) is/are busy or unavailable" + ADVICE
FULL = "CUDA out of memory. Tried to allocate 128.00 MiB. GPU 0 has a total capacity of 79.11 GiB"

EXPERIMENTS = {
    "a_fine": FINE,
    "busy_gpu": fault(f'raise RuntimeError("{BUSY}")'),
    "exits": "def arm():\n    os._exit(3)\n",
    "forks": FORKS,
    "full_gpu": f'import torch\ndef arm():\n    raise torch.OutOfMemoryError("{FULL}")\n',
    "hangs": HANG + 'OPTIONS["deadline"] = 3.0\n',
    "late": LATE,
    "loud": LOUD,
    **({"many": MANY} if KEEPS_FILES else {}),
    "no_number": NO_NUMBER,
    "no_pillow": 'raise ModuleNotFoundError("No module named \'PIL\'", name="PIL")\n' + FINE,
    "raises": fault('raise ValueError("cat/0020.png: not an image\\n  nor a sprite")', 20),
    "scribbles": SCRIBBLES,
    "segfault": fault("os.kill(os.getpid(), signal.SIGSEGV)"),
    "unavailable": FINE + 'OPTIONS["unavailable"] = lambda: "no such device"\n',
    "worker_exits": fault("os._exit(0)"),
    "z_fine": FINE,
}

MEASURED = ("a-fine", "forks", "loud", "scribbles", "z-fine")

REASONS = {
    "exits": "ended with exit code 3",
    "hangs": "no end within its deadline of 3 s; stopped, with all its workers",
    "late": ("LookupError: no sprite [/cat]" + " word" * 100)[:300],
    "no-number": "ValueError: arm: total is nan, which no clock can have measured",
    "raises": "ValueError: cat/0020.png: not an image",
}

WORDS = {
    "segfault": "DataLoader worker",
    "worker-exits": "DataLoader worker",
    **({"many": "Too many open files"} if KEEPS_FILES else {}),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("faults"), **EXPERIMENTS)


@pytest.fixture(scope="module")
def ended(house: House) -> "subprocess.CompletedProcess[str]":
    """Of 128 open files, where batches need some."""
    few = ["sh", "-c", 'ulimit -n 128; exec "$@"', "sh"] if KEEPS_FILES else []
    return subprocess.run([*few, *house.command()], cwd=house.root, capture_output=True, text=True, timeout=240)


def test_the_command_names_what_failed(ended: "subprocess.CompletedProcess[str]") -> None:
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert last.startswith("error: failed: ") and last.endswith(" (the reasons stand above)")
    failed = last.removeprefix("error: failed: ").removesuffix(" (the reasons stand above)").split(", ")
    assert failed == sorted([*REASONS, *WORDS])


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
    """The last that is not indented: not what a message goes on with."""
    assert house.results().experiments[name].reason == reason
    assert f"  {name}: failed: {reason}" in ended.stdout


@pytest.mark.parametrize(("name", "words"), WORDS.items())
def test_the_reason_is_what_torch_says(
    house: House, ended: "subprocess.CompletedProcess[str]", name: str, words: str
) -> None:
    assert words in house.results().experiments[name].reason


def test_a_long_trace_is_whole(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    assert [span.batch for span in house.results().experiments["loud"].traces["arm"]] == [*range(1000)]


def test_what_arms_print_is_not_on_the_terminal(ended: "subprocess.CompletedProcess[str]") -> None:
    assert "not text" not in ended.stdout + ended.stderr


def test_what_failed_has_no_number(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    for name, measured in house.results().experiments.items():
        if name not in MEASURED:
            assert measured.status != "measured"
            assert (measured.samples, measured.traces, measured.passes) == ([], {}, 0), name
            assert (measured.surroundings, measured.confirmation) == ([], []), name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("unavailable", "no such device"),
        ("no-pillow", "Pillow is not installed"),
        *zip(("busy-gpu", "full-gpu"), REFUSALS.values(), strict=True),
    ],
)
def test_what_cannot_be_measured_here_is_not_an_error(
    house: House, ended: "subprocess.CompletedProcess[str]", name: str, reason: str
) -> None:
    """Nor is a GPU that is there and cannot be had, whoever asks for it: the process that measures, or a worker. What
    CUDA says is made up.
    """
    measured = house.results().experiments[name]
    assert (measured.status, measured.reason) == ("unavailable", reason)
    assert f"  {name}: not measured here: {reason}" in ended.stdout


def test_no_process_is_left(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    """The hanging workers ignore SIGTERM, and one arm left a fork of itself behind.

    That living processes would be seen: test_session_interrupted.py.
    """
    assert house.alive() == []


def test_the_results_are_whole(house: House, ended: "subprocess.CompletedProcess[str]") -> None:
    """One arm wrote another text in their place: it is gone."""
    assert list(house.results().experiments) == sorted(name.replace("_", "-") for name in EXPERIMENTS)
    assert {path.name for path in house.out.parent.iterdir()} <= {"results.json", "sources.json"}
