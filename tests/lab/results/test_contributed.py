"""What a stranger's result file can try: each is refused by name, or harmless.

What no result file can say, whoever wrote it: test_results_read.py.

What it does not prove: that a number in such a file was measured. The ledger says on which machine it is said to be.
"""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from snippets.lab.paths import ROOT
from snippets.lab.results.contributed import read
from snippets.lab.store import ResultError
from tests.lab import made
from tests.links import makes_links


def change(path: Path, *keys: str | int, to: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    place = data
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = to
    path.write_text(json.dumps(data), encoding="utf-8")


INVISIBLE = "\u061c\u00ad\u2060\u2028\u2800\u3164\ufff9\ufe0f\ue000\U000e0041\u200b\ufeff\u00a0\u0000\u001b\u0085"
DAYS = (
    *("yesterday", "2026-11-01", "2026-W01-1T00:00:00+00:00", "20261101T100000+00:00", "9999-99-99T99:99:99+00:00"),
    *("2999-01-01T00:00:00+00:00", "0001-01-01T00:00:00+00:00", "2019-12-31T23:59:59+00:00"),
    *("2026-11-01T10:00:00Z", "2026-11-01T10:00:00-23:59"),
)
ONE = ("experiments", "one")
SAMPLE = (*ONE, "samples", 0)
HOSTILE: list[tuple[tuple[str | int, ...], Any, str]] = [
    # Texts that would be something else on a page, or hide something.
    (("machine", "cpu"), "<script>alert(1)</script>", "machine.cpu has a character in it that is no plain text, '<'"),
    (("machine", "cpu"), "&lt;b&gt;", "machine.cpu has a character in it that is no plain text, '&'"),
    (("machine", "cpu"), "EPYC { onclick=a() }", "machine.cpu has a character in it that is no plain text, '{'"),
    (("machine", "cpu"), "AMD\u202eEPYC", r"no plain text, '\\u202e': 'AMD\\u202eEPYC'"),
    *[(("machine", "cpu"), f"EPYC{sign}", "no plain text") for sign in INVISIBLE],
    (("machine", "cpu"), "E" + "\u0301" * 240, "no plain text"),
    (("machine", "cpu"), "\u05d0\u05de\u05d3", "no plain text"),
    (("machine", "cpu"), "\u0415\u0420YC", "no plain text"),
    (("machine", "cpu"), "EPYC\ud800", r"no plain text, '\\ud800'"),
    ((*ONE, "question"), "[x](javascript:alert`1`)", "question has a character"),
    ((*ONE, "params"), {"<b>": 1}, "params \\(a key\\) has a character"),
    ((*ONE, "params", "workers"), "(visit evil-dot-example for the real numbers) 30", "params.workers is \\(visit"),
    ((*ONE, "params", "workers"), "3" * 101, "params.workers is 333"),
    ((*ONE, "params"), {" ": 1}, "params.  is 1"),
    # Texts that tell of somebody.
    *[
        ((*ONE, "question"), f"See {place}.", "question names a folder or an address")
        for place in (
            *("https://x.example/y", "file:///etc/passwd", "www.x.example", "someone@example.com", "10.20.30.40"),
            *("~/x", "/home2/bob/x", "/export/home", "/data/bob/y", "/etc/passwd", "/home/bob/x", "/tmp/x/y"),
        )
    ],
    (("machine", "system"), "C:/Users/someone", "names a folder or an address"),
    # Texts that are too long, or empty.
    (("machine", "cpu"), "x" * 401, "machine.cpu has 401 characters"),
    (("machine", "cpu"), "x" * 101, "machine.cpu is 'xxx"),
    (("machine", "cpu"), "", "machine.cpu is ''"),
    (("machine", "cpu"), " " * 50, "machine.cpu is '   "),
    (("machine", "system"), " Linux", "machine.system is ' Linux'"),
    (("software", "torch"), "2.13 (the best)", "software.torch is 2.13"),
    (("software", "pillow"), "", "software.pillow is "),
    (("experiments", "two", "reason"), " ", "experiments.two.status is unavailable, and reason ' '"),
    (("experiments", "two", "reason"), "no GPU " * 15, "experiments.two.reason has 105 characters"),
    # Numbers that no machine has.
    (("machine", "cores"), 0, "machine.cores is 0"),
    (("machine", "cores"), 10**9, "machine.cores is 1000000000"),
    (("machine", "cores"), 10**300, "machine.cores is 1000.*, which nothing measures"),
    (("machine", "affinity"), 3, "machine.affinity is 3 of 2 cores"),
    (("machine", "quota"), -1.0, "machine.quota is -1.0"),
    (("machine", "quota"), 1e-300, "machine.quota is 1e-300, which nothing measures"),
    (("machine", "quota"), 1e-9, "machine.quota is 1e-09"),
    (("machine", "ram"), 2**60, "machine.ram is"),
    (("machine", "shm"), -1, "machine.shm is -1"),
    ((*ONE, "rounds"), -7, "rounds is -7"),
    ((*ONE, "rounds"), 10**300, "rounds is 1000.*, which nothing measures"),
    ((*ONE, "rounds"), 1001, "rounds is 1001"),
    ((*ONE, "rounds"), 6, "samples are of other rounds than 6"),
    ((*ONE, "warmup"), -1, "warmup is -1"),
    ((*ONE, "passes"), 10**12, "experiments.one.passes is 1000000000000, not at most 4"),
    ((*ONE, "passes"), -1, "experiments.one.passes is -1"),
    ((*ONE, "cost_s"), -5, "cost_s is -5"),
    ((*ONE, "cost_s"), -0.0, "cost_s is -0.0, which nothing measures"),
    ((*ONE, "cost_s"), 1e308, "cost_s is 1e.308, which nothing measures"),
    ((*ONE, "cost_s"), 1e7, "cost_s is 10000000.0"),
    ((*ONE, "params", "workers"), 1e300, "params.workers is 1e.300, which nothing measures"),
    # Samples that no clock can have measured.
    ((*SAMPLE, "values", "total"), -1.0, "samples has a total that no clock can have measured"),
    ((*SAMPLE, "values", "total"), 0.0, "samples has a total that no clock can have measured"),
    ((*SAMPLE, "values", "total"), 1e308, "values.total is 1e.308, which nothing measures"),
    ((*SAMPLE, "values", "total"), 5e-324, "values.total is 5e-324, which nothing measures"),
    ((*SAMPLE, "values", "waited"), -0.0, "values.waited is -0.0, which nothing measures"),
    ((*SAMPLE, "values", "total"), 1e10, "samples has a total that is 1e.09 times another"),
    ((*SAMPLE, "values"), {"": 1.0}, "samples has a value ''"),
    ((*SAMPLE, "arm"), "x" * 101, "samples has an arm 'xxx"),
    ((*SAMPLE, "arm"), "", "samples has an arm ''"),
    ((*SAMPLE, "arm"), "helped", "samples has one round of an arm twice, of 14"),
    ((*SAMPLE, "round"), -1, "samples are of other rounds than 7"),
    ((*SAMPLE, "round"), 7, "samples are of other rounds than 7"),
    ((*ONE, "headline"), "elsewhere", "headline is elsewhere, and no such value"),
    ((*ONE, "again"), "elsewhere", "again is elsewhere, and no such arm"),
    ((*ONE, "again"), "alone", "again is alone, and no such arm"),
    ((*ONE, "status"), "unavailable", "status is unavailable, and reason ''"),
    ((*ONE, "reason"), "none", "status is measured, and reason 'none'"),
    # Traces that run back.
    ((*ONE, "traces", "helped", 0, "end"), -1.0, "traces.helped has a span that is none"),
    ((*ONE, "traces", "helped", 1, "end"), 0.001, "traces.helped has a span that is none"),
    ((*ONE, "traces", "helped", 0, "end"), 1e308, "end is 1e.308, which nothing measures"),
    ((*ONE, "traces", "helped", 0, "lane"), "", "traces.helped has a span that is none"),
    ((*ONE, "traces"), {"": []}, "traces has an arm ''"),
    # Surroundings.
    ((*ONE, "surroundings", 0, "steal"), 7.0, "a share that is none"),
    ((*ONE, "surroundings", 0, "steal"), -0.1, "a share that is none"),
    ((*ONE, "surroundings", 0, "capacity"), [1e6], "a capacity that is none"),
    ((*ONE, "surroundings", 0, "capacity"), [0.0], "a capacity that is none"),
    ((*ONE, "surroundings", 0, "capacity"), [], "a capacity that is none"),
    ((*ONE, "surroundings", 0, "capacity"), [2.0] * 1001, "a capacity that is none"),
    # Days that were not, or are to come.
    *[((*place, "measured_at"), day, "measured_at is '") for place in ((), ONE) for day in DAYS],
    # What does not go together.
    (("machine", "gpu"), "NVIDIA H200", "tier is cpu, and machine.gpu NVIDIA H200"),
    (("tier",), "gpu", "tier is gpu, and machine.gpu None"),
    (("commit",), "main; rm -rf /", "commit is"),
    ((*ONE, "source_hash"), "../x", "source_hash is"),
    ((*ONE, "__proto__"), {}, "__proto__ is unknown"),
]


PROPERTIES = ("gpu_properties",)
PRINTED = ("outputs", "a/one")
OUTPUT = asdict(made.PRINTED)
OF_A_GPU: list[tuple[tuple[str | int, ...], Any, str]] = [
    # What no GPU is.
    ((*PROPERTIES, "cuda"), "13.0 (the best)", "gpu_properties.cuda is '13.0 "),
    ((*PROPERTIES, "cuda"), "<b>", "gpu_properties.cuda has a character in it"),
    ((*PROPERTIES, "cuda"), "", "gpu_properties.cuda is ''"),
    ((*PROPERTIES, "count"), 0, "gpu_properties.count is 0"),
    ((*PROPERTIES, "count"), 1025, "gpu_properties.count is 1025"),
    ((*PROPERTIES, "count"), 10**300, "gpu_properties.count is 1000.*, which nothing measures"),
    ((*PROPERTIES, "capability"), "9", "gpu_properties.capability is '9'"),
    ((*PROPERTIES, "capability"), "9.0, as fast as two", "gpu_properties.capability is '9.0, as"),
    ((*PROPERTIES, "capability"), "x" * 400, "gpu_properties.capability is 'xxx"),
    ((*PROPERTIES, "memory"), 0, "gpu_properties.memory is 0"),
    ((*PROPERTIES, "memory"), -1, "gpu_properties.memory is -1"),
    ((*PROPERTIES, "memory"), 2**51, "gpu_properties.memory is 2251799813685248"),
    ((*PROPERTIES, "memory"), 80.0, "gpu_properties.memory is float, not int"),
    ((*PROPERTIES, "pcie"), "5", "gpu_properties.pcie is '5'"),
    ((*PROPERTIES, "pcie"), "0 x16", "gpu_properties.pcie is '0 x16'"),
    ((*PROPERTIES, "pcie"), "5 x160", "gpu_properties.pcie is '5 x160'"),
    ((*PROPERTIES, "pcie"), "5 x16 at evil-dot-example", "gpu_properties.pcie is '5 x16 at"),
    ((*PROPERTIES, "compute_mode"), "Best", "gpu_properties.compute_mode is 'Best'"),
    ((*PROPERTIES, "compute_mode"), "", "gpu_properties.compute_mode is ''"),
    ((*PROPERTIES, "power_limit"), -1.0, "gpu_properties.power_limit is -1.0"),
    ((*PROPERTIES, "power_limit"), 1e6, "gpu_properties.power_limit is 1000000.0"),
    ((*PROPERTIES, "power_limit"), 1e-300, "power_limit is 1e-300, which nothing measures"),
    (PROPERTIES, {"count": 1}, "gpu_properties.capability is missing"),
    (("tier",), "cpu", "tier is cpu, and machine.gpu NVIDIA H100"),
    # What no snippet printed, or was not to be told.
    (("outputs",), {"a/" + "b" * 200: OUTPUT, "../../index": OUTPUT}, "is none: no snippet can be called so"),
    (("outputs",), {"<b>/one": OUTPUT}, "outputs.'<b>/one' is none: no snippet can be called so"),
    (("outputs",), {f"a/n{number}": OUTPUT for number in range(301)}, "outputs has 301 entries"),
    ((*PRINTED, "text"), "", "outputs.a/one says nothing"),
    ((*PRINTED, "absent"), "no GPU", "outputs.a/one says nothing"),
    ((*PRINTED, "text"), "x" * 6_004, "a text has 6004 characters; 6003 are enough"),
    *[((*PRINTED, "text"), f"one{sign}two", "outputs.a/one .*character") for sign in INVISIBLE],
    ((*PRINTED, "text"), "AMD\u202eEPYC", "outputs.a/one is none: a text has a character that nobody sees"),
    ((*PRINTED, "text"), "\u0415\u0420YC", "outputs.a/one has a character in it that is no plain text"),
    ((*PRINTED, "text"), "a\ttab", "outputs.a/one .*character"),
    ((*PRINTED, "text"), 'File "/home/bob/x.py"', "outputs.a/one names a folder or an address: /home/"),
    ((*PRINTED, "text"), "see https://x.example/y", "outputs.a/one names a folder or an address"),
    ((*PRINTED, "text"), "someone@example.com", "outputs.a/one names a folder or an address"),
    *[
        ((*PRINTED, "text"), f'File "{place}"', "outputs.a/one names a folder or an address")
        for place in (
            *("C:/Users/someone", r"C:\Users\alice\secret\x.py", r"C:\\Users\\alice\\x.py", r"d:\secret\x.py"),
            *(r"\\server\share\x.py", r"\\\\server\\share\\x.py", r"\\wsl$\Ubuntu\home\alice", r"\\?\C:\x"),
            *(r"\Users\alice\x.py", r"~\secret", "…/home/alice/secret/x.py", r"…\Users\alice\x.py", "…/alice/x.py"),
            *("…/site-packages/../home/alice/x.py", "…/site-packages.alice/x.py", "…/python3.12-of-alice/x.py"),
        )
    ],
    ((*PRINTED, "source_hash"), "../x", "outputs.a/one is none: source_hash is '../x'"),
    ((*PRINTED, "python"), "3.12 <b>", "outputs.a/one is none: '3.12 <b>' is no version"),
    ((*PRINTED, "torch"), "", "outputs.a/one is none: '' is no version"),
    ((*PRINTED, "day"), "2999-01-01", "outputs.a/one is none: the day 2999-01-01 has not come yet"),
    ((*PRINTED, "day"), "yesterday", "outputs.a/one is none: 'yesterday' is no day"),
    ((*PRINTED, "exit_code"), 10**300, "exit_code is 1000.*, which nothing measures"),
    ((*PRINTED, "extra"), 1, "outputs.a/one.extra is unknown"),
]


def refused(path: Path, said: str) -> None:
    with pytest.raises(ResultError, match=said) as error:
        read(path)
    assert len(str(error.value)) < 400 and str(error.value).isprintable()


@pytest.mark.parametrize(("keys", "to", "said"), HOSTILE, ids=map(str, range(len(HOSTILE))))
def test_a_hostile_file_is_refused_by_name(shared: Path, keys: tuple[str | int, ...], to: Any, said: str) -> None:
    change(shared, *keys, to=to)
    refused(shared, said)


@pytest.mark.parametrize(("keys", "to", "said"), OF_A_GPU, ids=map(str, range(len(OF_A_GPU))))
def test_so_is_one_that_says_it_is_of_a_gpu(
    shared_by_a_gpu: Path, keys: tuple[str | int, ...], to: Any, said: str
) -> None:
    change(shared_by_a_gpu, *keys, to=to)
    refused(shared_by_a_gpu, said)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({"gpu_properties": asdict(made.PROPERTIES)}, "gpu_properties are of no GPU, and tier cpu"),
    ],
)
def test_a_machine_without_a_gpu_tells_nothing_of_one(shared: Path, what: dict[str, Any], said: str) -> None:
    for key, value in what.items():
        change(shared, key, to=value)
    refused(shared, said)


def with_experiments(path: Path, *names: str) -> None:
    """The same one, which was not measured there, under these names."""
    data = json.loads(path.read_text(encoding="utf-8"))
    change(path, "experiments", to=dict.fromkeys(names, data["experiments"]["two"]))


def test_too_many_experiments_are_refused(shared: Path) -> None:
    with_experiments(shared, *(f"e{number}" for number in range(201)))
    with pytest.raises(ResultError, match="experiments has 201 entries"):
        read(shared)


def test_an_experiment_of_no_machine_s_is_harmless(shared: Path) -> None:
    """It is shown nowhere: the pages ask by the names that there are."""
    with_experiments(shared, "no-such")
    assert [*read(shared).experiments] == ["no-such"]


@pytest.mark.parametrize("name", ["../../index", "..", "a/b", "One", "a--b", "x" * 101])
def test_an_experiment_whose_name_is_a_path_or_too_long_is_refused(shared: Path, name: str) -> None:
    with_experiments(shared, name)
    with pytest.raises(ResultError, match=f"experiments.{re.escape(name[:40])}.* is no name of an experiment"):
        read(shared)


MODEST = """
import resource, sys, time
from pathlib import Path
limit = 300_000_000
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from snippets.lab.results.contributed import read
for path in sorted(Path(sys.argv[1]).iterdir()):
    began = time.process_time()
    try:
        read(path)
    except ValueError as error:
        assert path.name in str(error), error
    else:
        raise AssertionError(f"{path} was not refused")
    assert time.process_time() - began < 1, f"{path} took {time.process_time() - began:.1f} s of CPU time"
print("All refused.")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process cannot be held to so little memory")
def test_a_hostile_file_takes_little_memory_and_little_time(
    shared: Path, shared_by_a_gpu: Path, tmp_path: Path
) -> None:
    """All of them together, in one process that may have 300 MB: as a runner would, it ends if it takes more. No file
    takes a second of CPU time, which a busy neighbour hardly lengthens, and which is far above what they need. This
    bounds work that grows with its square, and says nothing about speed.
    """
    folder = tmp_path / "hostile"
    folder.mkdir()
    for path, rows in ((shared, HOSTILE), (shared_by_a_gpu, OF_A_GPU)):
        text = path.read_text()
        for number, (keys, to, _) in enumerate(rows):
            path.write_text(text)
            change(path, *keys, to=to)
            shutil.copy(path, folder / f"{path.stem}{number}.json")
    deep = {"nested": '{"a":' * 300_000, "digits": '{"schema": ' + "9" * 1_900_000 + "}"}
    wide = {"list": "[" + "0," * 900_000 + "0]", "keys": "{" + ",".join(f'"{n}": 0' for n in range(140_000)) + "}"}
    for name, whole in (deep | wide).items():
        (folder / f"{name}.json").write_text(whole)
    command = [sys.executable, "-c", MODEST, str(folder)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (ended.returncode, ended.stdout) == (0, "All refused.\n"), ended.stderr[-2000:]


def test_a_large_file_is_refused_before_it_is_read(shared: Path) -> None:
    with shared.open("r+b") as file:
        file.truncate(50_000_000)
    with pytest.raises(ResultError, match="50,000,000 bytes; a contributed file has at most 2,000,000"):
        read(shared)


@pytest.mark.parametrize(
    "name",
    ["My Machine.json", "x;y.json", "a" * 70 + ".json", "-x.json", "x.json.json", ".json"]
    + [f"{device}.json" for device in ("con", "prn", "aux", "nul", "com1", "lpt9")],
)
def test_a_file_name_that_is_more_than_a_name_is_refused(shared: Path, name: str) -> None:
    """A name of a device, too: Windows could not check it out."""
    with pytest.raises(ResultError, match="name it with small letters"):
        read(shared.rename(shared.with_name(name)))


@makes_links
def test_a_link_is_refused(shared: Path, tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(shared)
    with pytest.raises(ResultError, match="a link"):
        read(tmp_path / "link.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="nowhere.json: cannot be read"):
        read(tmp_path / "nowhere.json")
