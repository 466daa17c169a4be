"""A user's mistake or a machine's lack is said in one line, and nothing is overwritten.

What no process need be started for is asked of the command in this one; that it then ends with 1 is seen of the others.
"""

import math
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from snippets.lab import __main__ as command
from snippets.lab import catalog
from snippets.lab.catalog import experiment_names
from snippets.lab.judging import claims
from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.machine.machine import this_machine
from snippets.lab.measuring import session
from snippets.lab.outputs import outputs
from snippets.lab.paths import LOCAL_RESULTS, ROOT
from snippets.lab.results import held, results
from snippets.lab.results.contributed import file_name, share
from snippets.lab.results.results import Measured
from snippets.lab.store import read_json, write_json
from tests.lab.house import FINE, SCATTERED, House, namespaced, one_line
from tests.lab.made import ABSENT, PRINTED, measured, on_a_gpu
from tests.lab.made import results as made

MEASURE = [sys.executable, "-m", "snippets.lab", "measure"]
READ_ONLY = 'mount --bind "$1" "$1"; mount -o remount,bind,ro "$1"; shift; exec "$@"'


Refusal = Callable[..., str]


@pytest.fixture
def refusal(capsys: pytest.CaptureFixture[str]) -> Refusal:
    """The single line with which a command fails."""

    def of(*arguments: str) -> str:
        assert command.main(arguments) == 1
        (line,) = capsys.readouterr().err.splitlines()
        return line

    return of


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "in-memory", "in-mem"], f"no experiment 'in-mem'; there are: {', '.join(experiment_names())}"),
        (["--out", "{}"], "{} is a folder; name a file, such as {}/results.json"),
        (["--out", "{}/lost/out.json"], "{}/lost: no such folder; make it first"),
        (["--out", "{}/file/out.json"], "{}/file is a file, not a folder; name another file"),
        (["--share", "{}/lost/my-machine.json"], "{}/lost: no such folder; make it first"),
        (
            ["--share", "{}/My Machine"],
            "{}/My Machine: name it with small letters, digits and hyphens, such as my-machine.json.",
        ),
    ],
)
def test_a_mistake_is_said_before_anything_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, arguments: list[str], said: str
) -> None:
    monkeypatch.setattr(session, "measure", lambda *_: pytest.fail("it measures"))
    (tmp_path / "file").write_text("mine")
    given = (argument.format(tmp_path) for argument in ("--out", "{}/out.json", *arguments))
    assert refusal("measure", *given) == f"error: {said.replace('{}', str(tmp_path))}"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_sharing_what_is_not_measured_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> None:
    monkeypatch.setattr(command, "AS_PUBLISHED", True)
    line = refusal("measure", "--share", str(tmp_path / "my-machine.json"))
    assert line == "error: PUBLISHED is set, so nothing is measured that could be shared: unset it"


@pytest.mark.parametrize("held", [{}, {"one": ABSENT}], ids=["nothing", "what is not measured here"])
def test_sharing_where_nothing_is_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal, held: dict[str, Measured]
) -> None:
    monkeypatch.setattr(session, "measure", lambda *_: (replace(made(**held), measured_at=""), []))
    line = refusal("measure", "--minutes", "0", "--share", str(tmp_path / "my-machine.json"))
    assert line == "error: nothing is measured yet that could be shared"
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("text", ["nan", "-NaN", "soon"])
def test_a_time_that_is_none(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Compared with no number every limit is kept, and none ends."""
    with pytest.raises(SystemExit) as ended:
        command.main(["measure", f"--minutes={text}"])
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f"error: argument --minutes: invalid float value: {text!r}\n")


def test_what_is_shared_may_be_contributed_and_what_it_contradicts_is_told(tmp_path: Path) -> None:
    """The whole way, on a machine of this kind: measured, written, validated."""
    house = House(tmp_path, fine=FINE)
    house.claim("fine", 'Claim("fast", value("the total", "arm"), exactly(1), "", say=lambda v: f"{v:g} s")')
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text('# A\n\nIt is [{value} long](claim:fast "short"), see [b](c.md).\n')
    shared = tmp_path / "my-machine.json"
    told = "contradicted: fast: the total must be exactly 1 s, and was 0.5 s\n  docs/a.md:3: It is 0.5 s long, see b.\n"
    ended = house.measure("--share", str(shared))
    assert (ended.returncode, ended.stderr) == (0, "")
    whose = f"{house.results().machine.cpu}, 1 experiment measured (short form)."
    assert f"Wrote {shared}: {whose} Prop" in ended.stdout and ended.stdout.endswith(told)
    # By an interpreter that finds no package but its own library.
    command = [sys.executable, "-S", "-m", "snippets.lab", "validate", str(shared)]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout == f"{shared} may be contributed: {whose}\n{told}"


BROKEN = replace(ABSENT, status="error", reason="ValueError: broken on purpose")


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """In the place of docs/results, with no reference in it yet."""
    folder = tmp_path / "committed"
    folder.mkdir()
    for module in (held, command):
        monkeypatch.setattr(module, "COMMITTED_RESULTS", folder)
    monkeypatch.setattr(held, "REFERENCES", tmp_path / "references.json")
    write_json({}, held.REFERENCES)
    return folder


def test_one_command_measures_and_keeps_a_reference_with_what_snippets_print(
    committed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of any tier. Measuring, and what the snippets print, is made up here."""
    asked: list[Any] = []

    def take(options: Namespace) -> int:
        asked.append((options.full, options.out))
        share(made(one=measured()), options.share)
        return 0

    monkeypatch.setattr(command, "_measure", take)
    monkeypatch.setattr(outputs, "for_a_reference", lambda path, unfit: {"a/one": PRINTED})
    assert command.main(["reference"]) == 0
    assert asked == [(True, LOCAL_RESULTS)]
    (file,) = committed.iterdir()
    assert file.name == file_name(this_machine())
    assert results.read(file).outputs == {"a/one": PRINTED}
    assert [*read_json(dict[str, str], held.REFERENCES)] == [file.name]


def test_a_file_of_another_machine_is_kept_as_it_is(committed: Path) -> None:
    share(on_a_gpu(made(one=measured())), committed / "gpu-box.json")
    before = (committed / "gpu-box.json").read_bytes()
    assert command.main(["reference", str(committed / "gpu-box.json")]) == 0
    assert (committed / "gpu-box.json").read_bytes() == before
    assert [*read_json(dict[str, str], held.REFERENCES)] == ["gpu-box.json"]


def test_what_could_not_be_measured_is_kept_as_no_reference(committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_measure", lambda options: 1)
    assert command.main(["reference"]) == 1
    assert read_json(dict[str, str], held.REFERENCES) == {} and not [*committed.iterdir()]


def test_what_succeeded_is_shared_though_something_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], refusal: Refusal
) -> None:
    """A run on a machine that is there once must not bring home nothing."""
    shared = tmp_path / "my-machine.json"
    held = made(fine=measured(), broken=BROKEN)
    monkeypatch.setattr(session, "measure", lambda *_: (held, ["broken", "fine"]))
    assert refusal("measure", "--share", str(shared)) == "error: failed: broken (the reasons stand above)"
    assert list(results.read(shared).experiments) == ["fine"]
    shared.unlink()
    monkeypatch.setattr(session, "measure", lambda *_: (held, ["fine"]))
    assert command.main(["measure", "--share", str(shared)]) == 0, "what another call said is not said by this one"
    told = capsys.readouterr()
    assert told.out.splitlines()[-1].startswith(f"Wrote {shared}: ") and told.err == ""
    assert told.out.endswith("“A result”.\n"), "nothing is claimed that it could contradict"


def test_where_all_failed_that_is_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: Refusal
) -> None:
    monkeypatch.setattr(session, "measure", lambda *_: (made(broken=BROKEN), ["broken"]))
    line = refusal("measure", "--share", str(tmp_path / "my-machine.json"))
    assert line == "error: failed: broken (the reasons stand above)"
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize(("minutes", "until"), [("5", "in 5 minutes"), ("0", "whenever"), (None, "whenever")])
def test_what_needs_a_gpu_prints_only_in_the_time_that_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minutes: str | None, until: str
) -> None:
    """Where no time is set, or nothing is measured in it, as long as it takes. The GPU is played."""
    given: list[float] = []
    monkeypatch.setattr(session, "measure", lambda *_: (on_a_gpu(made(one=measured())), []))
    monkeypatch.setattr(outputs, "of_a_gpu", lambda unfit, until: given.append(until) or {})
    began = time.monotonic()
    limit = ["--minutes", minutes] if minutes else []
    assert command.main(["measure", *limit, "--share", str(tmp_path / "my-machine.json")]) == 0
    assert (given == [math.inf]) == (until == "whenever")
    assert given[0] == math.inf or began < given[0] - 300 < time.monotonic()


def test_where_a_command_ends_after_some_minutes_what_was_measured_is_shared(tmp_path: Path) -> None:
    """That the next one goes on: tests/lab/measuring/test_session_minutes.py."""
    house = House(tmp_path, first=FINE, second=FINE)
    shared = tmp_path / "my-machine.json"
    begun = house.measure("--minutes", "0.001", "--share", str(shared))
    assert (begun.returncode, begun.stderr) == (0, "")
    assert begun.stdout.startswith("Measuring 2 of 2 experiments (short form).\n")
    assert "Left for the next call, as the time was up: second." in begun.stdout
    assert list(results.read(shared).experiments) == list(house.results().experiments) == ["first"]
    again = tmp_path / "again.json"
    nothing = house.measure("--minutes", "0", "--share", str(again))
    assert nothing.stdout.startswith("Left for the next call, as the time was up: second.\nWrote ")
    assert again.read_text() == shared.read_text()


@pytest.mark.parametrize(
    ("slow", "reason"), [({"slow": measured()}, ""), ({"slow": ABSENT}, "no GPU"), ({}, "no result")]
)
def test_a_gpu_run_that_measured_no_gpu_is_refused_by_name(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    refusal: Refusal,
    slow: dict[str, Measured],
    reason: str,
) -> None:
    """nvidia-smi saw one, torch did not: each experiment that is for it must have been measured."""
    claim = Claim("fast", value("the total", "alone"), at_least(1), "")
    monkeypatch.setattr(claims, "claims", lambda name: (replace(claim, tiers=("gpu",)) if name == "slow" else claim,))
    monkeypatch.setattr(claims, "experiment_names", list)  # to contradict nothing
    monkeypatch.setattr(catalog, "experiment_names", lambda: ["fine", "slow"])
    held, shared = made(fine=measured(), **slow), str(tmp_path / "gpu.json")
    share(replace(held, tier="gpu", machine=replace(held.machine, gpu="NVIDIA H100", driver="580.1")), Path(shared))
    assert command.main(["validate", shared]) == 0
    if reason:
        said = refusal("validate", "--gpu", shared)
        assert said == f"error: {shared}: slow is not measured, which takes a GPU: {reason}"
    else:
        assert command.main(["validate", "--gpu", shared]) == 0


def test_a_runner_without_the_gpu_that_it_is_for(tmp_path: Path, refusal: Refusal) -> None:
    shared = tmp_path / "gpu.json"
    share(made(one=measured()), shared)
    assert refusal("validate", "--gpu", str(shared)).startswith(
        f"error: {shared}: measured without a GPU: torch saw none on "
    )


def test_what_may_not_be_contributed_is_said_in_one_line(tmp_path: Path, refusal: Refusal) -> None:
    (tmp_path / "x.json").write_text('{"schema": 2, "machine": NaN}')
    assert refusal("validate", str(tmp_path / "x.json")).startswith(f"error: {tmp_path / 'x.json'}: ")


def test_a_read_only_folder(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    line = one_line(namespaced(READ_ONLY, str(tmp_path), *MEASURE, "--out", str(out), cwd=ROOT))
    assert line == f"error: {tmp_path} cannot be written to; name another file"


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=1m none "$1"; shift; exec "$@"'
    line = one_line(namespaced(mount, str(tmp_path), *MEASURE, "--out", str(tmp_path / "out.json"), cwd=ROOT))
    assert line == f"error: less than 20 MB are free in {tmp_path}; free some space and run this again"


def test_results_of_another_machine(tmp_path: Path, refusal: Refusal) -> None:
    out = tmp_path / "out.json"
    own = made(in_memory=measured())
    results.write(replace(own, machine=replace(own.machine, cpu="Abacus")), out)
    before = out.read_bytes()
    line = refusal("measure", "--out", str(out))
    assert line.startswith(f"error: {out} holds results of another machine or other versions (cpu Abacus, here ")
    assert out.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{}", "not results", '{"schema": 99}'])
def test_a_file_that_holds_something_else(tmp_path: Path, refusal: Refusal, text: str) -> None:
    out = tmp_path / "out.json"
    out.write_text(text)
    assert str(out) in refusal("measure", "--out", str(out))
    assert out.read_text() == text


def test_no_way_to_hand_batches_over(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o ro none /dev/shm; exec "$@"'
    line = one_line(namespaced(mount, *MEASURE, "--out", str(tmp_path / "out.json"), cwd=ROOT))
    assert line.startswith("error: /dev/shm is missing or not writable")
    assert "docker run --shm-size=1g" in line


def test_what_only_reads_needs_no_shared_memory(tmp_path: Path) -> None:
    """As where results are looked at: in a container of 64 MB, or in a job that measures nothing."""
    house = House(tmp_path, fine=FINE)
    house.claim("fine", 'Claim("fast", value("the total", "helped"), at_least(1), "", needs_cores=0)')
    house.out.parent.mkdir()
    results.write(made(fine=measured()), house.out)
    share(made(fine=measured()), tmp_path / "my-machine.json")
    mount = 'mount -t tmpfs -o ro none /dev/shm; exec "$@"'
    for arguments in (["validate", str(tmp_path / "my-machine.json")], ["summary"]):
        ended = namespaced(mount, sys.executable, "-m", "snippets.lab", *arguments, cwd=tmp_path)
        assert (ended.returncode, ended.stderr) == (0, "")


def test_judging_what_is_published_measures_nothing_and_changes_nothing(tmp_path: Path) -> None:
    house = House(tmp_path, fine=FINE)
    house.claim("fine", 'Claim("fast", value("the total", "helped"), at_least(1), "", needs_cores=0)')
    published = tmp_path / ".cache" / "published"
    published.mkdir(parents=True)
    command = [sys.executable, "-m", "snippets.lab", "judge"]
    environment = {**os.environ, "PUBLISHED": "1", "SITE_URL": ""}
    nothing = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert "'fine' has no result yet" in one_line(nothing)
    results.write(made(fine=measured(source_hash="feedbeef")), published / "results.json")
    before = (published / "results.json").read_bytes()
    command += ["--again", "--publish"]
    judged = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stderr
    assert "PUBLISHED is set: nothing is measured here." in judged.stdout
    assert "1 claims: 1 holds" in judged.stdout
    assert [path.name for path in published.iterdir()] == ["results.json"]
    assert (published / "results.json").read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere batches take another way")
def test_no_shared_memory_at_all(monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> None:
    there = Path.is_dir
    monkeypatch.setattr(Path, "is_dir", lambda path: str(path) != "/dev/shm" and there(path))
    assert refusal("measure").startswith("error: /dev/shm is missing")


def test_an_old_python(monkeypatch: pytest.MonkeyPatch, refusal: Refusal) -> None:
    monkeypatch.setattr(command, "MINIMUM_PYTHON", (99,))
    assert refusal("measure").startswith("error: Python 3.11.5 or newer is needed; this is ")


def test_a_disk_that_fills_up_while_measuring(tmp_path: Path) -> None:
    """What was measured before it was full is kept."""
    full = FINE.replace("def arm():", "def arm():\n    fill()")
    full += """
def fill():
    disk = os.statvfs("disk")
    with open("disk/full", "ab") as file:
        file.write(bytes(disk.f_bavail * disk.f_bsize))
"""
    house = House(tmp_path, first=FINE, second=full)
    out = tmp_path / "disk" / "out.json"
    out.parent.mkdir()
    mount = 'mount -t tmpfs -o size=22m none disk; "$@" || code=$?; rm disk/full; ls -A disk; cat disk/*; '
    ended = namespaced(mount + "exit $code", *house.command("--out", str(out)), cwd=tmp_path)
    last = ended.stderr.splitlines()[-1]
    assert last == (
        f"error: no space left on the disk for {out}; free some and run this again (older results are intact)"
    )
    listed, _, held = ended.stdout.partition("\nout.json\n")
    assert "first" in listed
    assert list(results.parse(held, "held").experiments) == ["first"]


def test_more_passes_when_asked_for_until_all_is_decided(tmp_path: Path) -> None:
    """The one claim holds at once; the other's bound is what was measured in every other round."""
    house = House(tmp_path, decided=FINE, undecided=SCATTERED)
    for name in ("decided", "undecided"):
        house.claim(name, f'Claim("{name}", value("total", "arm"), at_least(0.45), "", needs_cores=0)')
    assert house.measure("--full").returncode == 0
    held = house.results().experiments
    assert (held["decided"].passes, held["undecided"].passes) == (1, 3)
    assert [sample.pass_ for sample in held["undecided"].samples] == [0, 0, 1, 1, 2, 2]
    assert len(held["undecided"].surroundings) == 3
    assert held["undecided"].confirmation == []


def test_what_looks_contradicted_is_measured_more_often_and_confirmed(tmp_path: Path) -> None:
    """In the short form too. That then all is fresh: tests/lab/measuring/test_session_stale.py."""
    house = House(tmp_path, wrong=FINE)
    house.claim("wrong", 'Claim("wrong", value("total", "arm"), at_least(0.75), "", needs_cores=0)')
    assert house.measure().returncode == 0
    held = house.results().experiments["wrong"]
    assert (held.passes, len(held.surroundings)) == (3, 4)
    assert [(sample.pass_, sample.values["total"]) for sample in held.confirmation] == [(3, 0.5)] * 2


@pytest.mark.parametrize(
    "entry",
    [
        "import runpy; runpy.run_module('snippets.lab', run_name='__main__')",
        "from snippets.lab.site import hook; hook.on_startup('build')",
    ],
    ids=["command", "mkdocs"],
)
def test_what_a_pipe_cannot_carry_is_no_traceback(entry: str) -> None:
    """That of Windows has no minus sign, and the commands say numbers."""
    script = (
        f"import sys\nsys.argv[1:] = ['validate', 'nowhere.json']\n"
        f"try:\n    {entry}\nexcept SystemExit:\n    pass\nprint('\N{MINUS SIGN}1')"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        capture_output=True,
        encoding="cp1252",
    )
    assert (ended.returncode, ended.stdout) == (0, "?1\n"), ended.stderr
