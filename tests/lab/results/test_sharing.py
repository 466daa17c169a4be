"""What a machine tells others of itself: enough to be read again, and nothing that names anybody.

What a file of somebody else's may try: test_contributed.py.
"""

import ast
import importlib
import os
import platform
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from snippets.lab.catalog import EXPERIMENTS, experiment_names, measuring_module
from snippets.lab.instruments.experiment import Experiment
from snippets.lab.machine.machine import this_machine
from snippets.lab.measuring.last_words import REFUSALS
from snippets.lab.outputs.running import _without_places as without_places
from snippets.lab.paths import COMMITTED_RESULTS, LOCAL_RESULTS, ROOT, SNIPPETS
from snippets.lab.results import contributed, results
from snippets.lab.results.contributed import file_name, read, share, summary, unfit
from snippets.lab.results.held import ATTESTED
from snippets.lab.store import ResultError
from tests.lab.made import PRINTED, held, on_a_gpu


def test_what_is_shared_can_be_read_and_tells_of_no_failure(shared: Path) -> None:
    found = read(shared)
    assert found == results.read(shared)
    assert set(found.experiments) == {"one", "two"}
    assert found.machine == held().machine


def test_of_a_gpu_it_tells_more_and_what_its_snippets_printed(shared_by_a_gpu: Path) -> None:
    """Their text is no markup on a page, and may have any sign of it."""
    found = read(shared_by_a_gpu)
    assert found.gpu_properties == on_a_gpu(held()).gpu_properties
    assert found.outputs == on_a_gpu(held()).outputs
    assert "<cuda> & `cuda`" in found.outputs["a/one"].text


def test_a_traceback_may_be_shared_whose_folders_were_taken_away() -> None:
    text = (
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    next(batches)\n    ~~~~^^^^^^^^^\n'
        '  File "…/site-packages/torch/utils/data/dataloader.py", line 1, in __next__\n    data = {}[0]\n'
        "RuntimeError: Cannot re-initialize CUDA in forked subprocess. You must use the 'spawn' start method"
    )
    printed = replace(PRINTED, text=text, exit_code=1)
    assert contributed.unfit_output("a/one", printed) == ""
    told = replace(printed, text=text.replace("…/", "/srv/python/lib/"))
    assert contributed.unfit_output("a/one", told) == "names a folder or an address: /srv/"


@pytest.mark.parametrize("separator", ["/", "\\"])
@pytest.mark.parametrize("place", ["site-packages", "dist-packages", "python3.14", "python3.14t", "Lib"])
def test_what_is_left_of_python_s_own_folders_may_be_shared(place: str, separator: str) -> None:
    """On any system."""
    text = f'File "{separator.join(("…", place, "torch", "x.py"))}", line 1'
    assert contributed.unfit_output("a/one", replace(PRINTED, text=text)) == ""


@pytest.mark.parametrize("place", ["platlib", "purelib", "stdlib"])
def test_so_may_what_is_left_of_them_here(place: str, tmp_path: Path) -> None:
    path = str(Path(sysconfig.get_path(place), "torch", "x.py"))
    text = without_places(f'File "{path}", line 1', str(tmp_path))
    assert path not in text and "…" in text
    assert contributed.unfit_output("a/one", replace(PRINTED, text=text)) == ""


def test_who_shares_is_told_what(shared: Path) -> None:
    cpu = held().machine.cpu
    assert summary(held()) == f"{cpu}, 1 experiment measured (short form), 2 not"
    assert summary(replace(held(), experiments={})) == f"{cpu}, 0 experiments measured (no form)"


def test_what_is_shared_names_nobody(shared: Path) -> None:
    text = shared.read_text(encoding="utf-8")
    login = os.environ.get("USER", "")
    for personal in (str(Path.home()), str(Path.cwd()), platform.node()):
        assert not personal or personal not in text
    assert not login or f'"{login}"' not in text and f"/{login}/" not in text


def test_what_would_tell_more_is_not_written(tmp_path: Path) -> None:
    one = held().experiments["one"]
    telling = replace(held(), experiments={"one": replace(one, params={"folder": "/home/someone/photos"})})
    with pytest.raises(ResultError, match="experiments.one.params.folder names a folder or an address"):
        share(telling, tmp_path / "x.json")
    assert not (tmp_path / "x.json").exists()


@pytest.mark.parametrize(
    ("cpu", "gpu", "name"),
    [
        ("AMD EPYC", None, "amd-epyc-2-cores.json"),
        ("Intel(R) Xeon(R) CPU @ 2.20GHz", None, "intel-xeon-2-cores.json"),
        ("x", "NVIDIA H200", "nvidia-h200-2-cores.json"),
        ("../../etc/passwd", None, "etc-passwd-2-cores.json"),
        ("", None, "2-cores.json"),
        ("long " * 40, None, None),
    ],
)
def test_the_name_of_a_machine_s_file_is_only_a_name(cpu: str, gpu: str | None, name: str | None) -> None:
    machine = replace(this_machine(), cpu=cpu, gpu=gpu, affinity=2, quota=None)
    assert contributed.FILE_NAME.fullmatch(file_name(machine))
    assert name is None or file_name(machine) == name


def test_the_machine_of_this_build_may_be_shared() -> None:
    """What it is called has to pass its own rules."""
    machine = this_machine()
    for text in (value for value in asdict(machine).values() if isinstance(value, str)):
        assert not unfit(text)


def refused(folder: Path) -> list[str]:
    """The files that somebody may have changed, and why they are refused."""
    said = []
    for path in sorted(folder.glob("*.json")):
        try:
            read(path)
        except ResultError as error:
            said += [] if path.name == ATTESTED else [str(error)]
    return said


def test_each_committed_file_is_one_that_may_be_contributed(shared: Path) -> None:
    """A build passes over what it cannot read, and says so. Here it is seen by who adds it, or changes the rules. What
    CI brings, nobody here can mend.
    """
    for name in ("odd.json", ATTESTED):
        shared.with_name(name).write_text("{half a file")
    (line,) = refused(shared.parent)
    assert line.startswith(f"{shared.with_name('odd.json')}: not a result file")
    assert refused(COMMITTED_RESULTS) == []


FILLED_IN = "0" * 10
"""In the place of a size, or of a capability."""


def returned(source: str) -> Iterator[str]:
    """The texts that functions of the type `str | None` return."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef) and function.returns and ast.unparse(function.returns) == "str | None":
            for returns in (node for node in ast.walk(function) if isinstance(node, ast.Return) and node.value):
                for node in ast.walk(returns):
                    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                    texts = [part.value if isinstance(part, ast.Constant) else FILLED_IN for part in parts]
                    if isinstance(node, ast.Constant | ast.JoinedStr):
                        yield "".join(text for text in texts if isinstance(text, str))


def test_why_an_experiment_cannot_run_may_be_shared() -> None:
    """In full, whichever reason it is: what `unavailable` says, and what stands for CUDA's words."""
    files = [*EXPERIMENTS.glob("*/measure.py"), *(SNIPPETS / "lab" / "instruments").glob("*.py")]
    reasons = [text for file in files for text in returned(file.read_text(encoding="utf-8"))]
    assert {"no CUDA GPU on this machine", "this system has no /dev/shm"} <= {*reasons}
    assert f"this torch has no code for a GPU of compute capability {FILLED_IN}.{FILLED_IN}" in reasons
    for reason in (*reasons, *REFUSALS.values()):
        assert len(reason) <= contributed.MAX_REASON and not unfit(reason), reason


def test_what_the_workflow_gpu_attests_is_not_committed() -> None:
    """Only CI brings it, once it has verified its signature; a committed one would be shown as if it had. So git is
    told to ignore it, and nothing that git ignores may be committed (tests/workflows/test_owners.py).
    """
    ignored = subprocess.run(["git", "check-ignore", "-q", f"docs/results/{ATTESTED}"], cwd=ROOT)
    if ignored.returncode > 1:
        pytest.skip("this is no git checkout")
    assert ignored.returncode == 0


def test_a_machine_with_an_odd_name_may_be_shared(tmp_path: Path) -> None:
    """What the system calls its processor is nobody's choice."""
    odd = replace(held(), machine=replace(held().machine, cpu="Chip <X>\u00a0& `Co` \u2122\u200b "))
    share(odd, tmp_path / "odd.json")
    assert read(tmp_path / "odd.json").machine.cpu == "Chip X Co \u2122"


@pytest.mark.parametrize("name", experiment_names())
def test_what_an_experiment_says_of_itself_may_be_shared(name: str, tmp_path: Path) -> None:
    experiment: Experiment = importlib.import_module(measuring_module(name)).EXPERIMENT
    one = held().experiments["two"]
    said = replace(
        one,
        **{each: getattr(experiment, each) for each in ("question", "unit", "headline", "pitfalls", "again", "rounds")},
        params=dict(experiment.params),
    )
    share(replace(held(), experiments={name: said}), tmp_path / "x.json")
    assert read(tmp_path / "x.json").experiments[name] == said


def test_what_this_build_measured_may_be_shared(tmp_path: Path) -> None:
    """And may be published, for what the site puts out is read in the same way."""
    if not LOCAL_RESULTS.exists():
        pytest.skip("nothing is measured yet")
    try:
        own = results.read(LOCAL_RESULTS)
    except results.OtherSchema:
        pytest.skip("what is measured is of an older version")
    share(own, tmp_path / "x.json")
    shutil.copy(LOCAL_RESULTS, tmp_path / "as-it-is.json")
    assert {*read(tmp_path / "x.json").experiments} <= {*read(tmp_path / "as-it-is.json").experiments}
