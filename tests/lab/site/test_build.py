"""Executed notebooks are kept as long as what they import; the files beside the pages can be read again."""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

import pytest

from snippets.lab.judging import rulings
from snippets.lab.judging.history import History
from snippets.lab.machine.machine import this_software
from snippets.lab.markdown.figures import MEASURED_FOLDER
from snippets.lab.markdown.shown import Shown
from snippets.lab.outputs import outputs
from snippets.lab.paths import DOCS
from snippets.lab.results import results
from snippets.lab.results.contributed import MAX_BYTES, share
from snippets.lab.results.held import MachineResults, Origin
from snippets.lab.site import build
from snippets.lab.site.build import (
    BuildError,
    Stages,
    as_notebook,
    forget_stale_notebooks,
    generated_files,
    refuse_errors,
)
from snippets.lab.site.fetched import FILES, FOLDER
from snippets.tools import tune_num_workers
from tests.lab.judging.test_publishing import kept_in
from tests.lab.made import ABSENT, held, measured, on_a_gpu
from tests.lab.made import results as made

LABS = DOCS / "labs"


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that is up to date, with an executed notebook in it."""
    folder = tmp_path / "notebook"
    forget_stale_notebooks(LABS, folder)
    (folder / "executed.json").touch()
    return folder


def kept(cache: Path) -> bool:
    forget_stale_notebooks(LABS, cache)
    assert (cache / "stamp").exists()
    return (cache / "executed.json").exists()


def test_another_torch_and_nothing_else(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept(cache)
    assert kept(cache)
    monkeypatch.setattr(build, "this_software", lambda: replace(this_software(), torch="0.1"))
    assert not kept(cache)


def test_a_module_that_a_notebook_imports(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "imported_modules", lambda name: {name, "snippets.lab.figures.figure"})
    monkeypatch.setattr(build, "source_hash", lambda name: f"{name} before")
    assert not kept(cache)
    (cache / "executed.json").touch()
    assert kept(cache)
    monkeypatch.setattr(build, "source_hash", lambda name: f"{name} now")
    assert not kept(cache)


def test_the_words_of_a_notebook_are_the_business_of_its_own_key(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(build, "imported_modules", lambda name: {name})
    monkeypatch.setattr(build, "source_hash", lambda name: asked.append(name) or "")
    kept(cache)
    assert asked == []


@pytest.mark.parametrize("stamp", [None, "", "something else"])
def test_a_stamp_that_says_something_else(cache: Path, stamp: str | None) -> None:
    (cache / "stamp").unlink()
    if stamp is not None:
        (cache / "stamp").write_text(stamp)
    assert not kept(cache)


NAMES = ("absent", "one", "two")


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    held = on_a_gpu(made(absent=ABSENT, one=measured(), two=measured(traces={})))
    monkeypatch.setattr(build, "experiment_names", lambda: list(NAMES))
    monkeypatch.setattr(build, "shown", lambda name: Shown(name, held.experiments[name], held))
    monkeypatch.setattr(build, "TOOLS", ())
    return generated_files("")


def test_raw_results_and_traces_of_what_was_measured(files: dict[str, str]) -> None:
    own = [path for path in files if path not in {f"{FOLDER}{name}" for name in FILES}]
    assert own == [f"{MEASURED_FOLDER}/{name}.json" for name in ("one", "one.trace", "two")]


def test_what_the_next_build_fetches_is_put_out_as_it_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As far as there is one: a first build has accepted nothing yet."""
    monkeypatch.setattr(build, "experiment_names", lambda: [])
    monkeypatch.setattr(build, "TOOLS", ())
    for place, name in (("LOCAL_RESULTS", "results"), ("ACCEPTED", "accepted"), ("OUTPUTS", "outputs")):
        monkeypatch.setattr(build, place, tmp_path / f"{name}.json")
    assert generated_files("") == {}
    for name in FILES:
        (tmp_path / name).write_text(f"of {name}")
    assert generated_files("") == {f"{FOLDER}{name}": f"of {name}" for name in FILES}


@pytest.mark.parametrize("site", ["https://someone.example/num-workers/", ""])
def test_a_tuner_that_is_downloaded_knows_the_site_that_it_is_from(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    monkeypatch.setattr(build, "experiment_names", lambda: [])
    text = generated_files(site)["tools/tune_num_workers.py"]
    tool: dict[str, Any] = {"__name__": "tool"}
    exec(compile(text, "tool", "exec"), tool)
    assert tool["SIMULATOR"] == f"{site}explanation/simulator/"
    assert site or text == Path(tune_num_workers.__file__).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_raw_result_can_be_read_again_and_holds_one_experiment(files: dict[str, str], name: str) -> None:
    held = results.parse(files[f"{MEASURED_FOLDER}/{name}.json"], name)
    assert (list(held.experiments), held.outputs) == ([name], {}), "what snippets printed is no part of an experiment"
    assert held.experiments[name] == measured(traces={} if name == "two" else measured().traces)


def test_every_file_is_strict_json(files: dict[str, str]) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    for text in files.values():
        assert text.endswith("}\n")
        json.loads(text, parse_constant=refuse)


def test_an_experiment_that_failed_stops_the_build() -> None:
    refuse_errors(made(one=measured(), absent=ABSENT))
    with pytest.raises(BuildError, match="the experiment two failed: ValueError: no sprite.*measure --only two"):
        refuse_errors(made(one=measured(), two=measured(status="error", reason="ValueError: no sprite")))


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file of snippets' outputs, in a build that has nothing else to do."""
    for place in ("OUTPUTS", "LOCAL_RESULTS"):
        monkeypatch.setattr(build, place, tmp_path / f"{place.rpartition('_')[2].lower()}.json")
    monkeypatch.setattr(build.feed, "KEPT", tmp_path / "verdicts.json")
    monkeypatch.setattr(build, "_results", lambda form: (made(), []))
    for name in ("prepare_experiments", "forget_loaded", "forget_stale_notebooks"):
        monkeypatch.setattr(build, name, lambda: None)
    for name in ("rulings", "figure_names"):
        monkeypatch.setattr(build, name, lambda: [])
    return tmp_path / "outputs.json"


def test_a_build_runs_what_the_pages_show(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "capture", lambda path: [path.name])
    assert build.prepare().ran == ["outputs.json"]


def test_a_snippet_that_ends_otherwise_stops_the_build(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def capture(path: Path) -> list[str]:
        raise outputs.OutputError("snippets/a/one.py failed")

    monkeypatch.setattr(outputs, "capture", capture)
    with pytest.raises(BuildError, match=r"^snippets/a/one.py failed$"):
        build.prepare()


def test_only_to_publish_is_anything_measured_again(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "capture", lambda path: [])
    monkeypatch.setattr(build, "_measured_again", lambda form: [form])
    kept_in(monkeypatch, prepared.parent, {}, known=[])
    monkeypatch.setattr(build, "_accepted_before", lambda: {})
    assert build.prepare().measured == []
    assert build.prepare("full", publish=True).measured == ["full"]


@pytest.mark.parametrize("before", ["_accepted_before", "_verdicts_before"])
def test_before_an_hour_is_measured_it_is_known_what_was_published(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    def unreachable() -> None:
        raise BuildError("what was published before is not known")

    monkeypatch.setattr(build, "_accepted_before", lambda: {})
    monkeypatch.setattr(build, before, unreachable)
    monkeypatch.setattr(build, "_results", lambda form: pytest.fail("it measures"))
    with pytest.raises(BuildError, match="is not known"):
        build.prepare("full", publish=True)


def test_the_feed_goes_on_from_what_was_published(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine of CI has no other."""
    monkeypatch.setattr(outputs, "capture", lambda path: [])
    monkeypatch.setattr(build, "_measured_again", lambda form: [])
    monkeypatch.setattr(build, "_accepted_before", lambda: {})
    monkeypatch.setattr(build, "_verdicts_before", lambda: History({"old": "holds"}, []))
    kept_in(monkeypatch, prepared.parent, {}, known=[])
    share(held(), build.LOCAL_RESULTS)
    build.prepare("full", publish=True)
    assert "old" in (prepared.parent / "verdicts.json").read_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (lambda given: given.replace('"cpu": "', '"cpu": "<b>'), "results.json: .*has a character in it"),
        (lambda given: given + " " * MAX_BYTES, "results.json: .* bytes; at most 2,000,000 are fetched"),
    ],
)
def test_what_the_next_build_could_not_read_is_not_published(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, text: Callable[[str], str], said: str
) -> None:
    monkeypatch.setattr(outputs, "capture", lambda path: [])
    monkeypatch.setattr(build, "_measured_again", lambda form: [])
    monkeypatch.setattr(build, "_accepted_before", lambda: {})
    kept_in(monkeypatch, prepared.parent, {}, known=[])
    share(held(), build.LOCAL_RESULTS)
    build.prepare("full", publish=True)
    build.LOCAL_RESULTS.write_text(text(build.LOCAL_RESULTS.read_text()))
    build.prepare("full")
    with pytest.raises(BuildError, match=f"^the next build could not read what this one publishes: .*{said}"):
        build.prepare("full", publish=True)


def test_a_build_says_which_files_it_does_not_read(
    prepared: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(outputs, "capture", lambda path: [])
    monkeypatch.setattr(build, "refusals", lambda: ["Passed over: x.json: schema 1"])
    build.prepare()
    assert capsys.readouterr().out == "Passed over: x.json: schema 1\n"


def test_stages_add_up() -> None:
    stages = Stages()
    for name in ("draw", "pages", "draw"):
        with stages.timed(name):
            pass
    assert list(stages.seconds) == ["draw", "pages"]
    assert asdict(stages)["measured"] == asdict(stages)["ran"] == []


def test_a_notebook_to_download_is_the_same_each_time() -> None:
    path = str(next(LABS.glob("*.py")))
    text = as_notebook(path)
    assert text == as_notebook(path)
    cells = json.loads(text)["cells"]
    assert {cell["cell_type"] for cell in cells} == {"code", "markdown"}
    assert len({cell["id"] for cell in cells}) == len(cells)


# What is published, shown instead of measured.


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The results' file of a build that shows what is published, where nothing can be fetched."""
    monkeypatch.setattr(build, "AS_PUBLISHED", True)
    monkeypatch.setattr(build, "LOCAL_RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(build, "experiment_names", lambda: ["one"])
    monkeypatch.setattr(rulings, "experiment_hash", lambda name, form: measured().source_hash)
    monkeypatch.setattr(build, "measure", lambda out, form: (made(one=measured()), ["one"]))
    monkeypatch.setenv("SITE_URL", "")
    return tmp_path / "results.json"


@pytest.mark.parametrize(
    ("fetched_before", "said"),
    [
        (None, "SITE_URL is not set, so nothing is known to be published"),
        (made(), "other code than this measured what is published (one)"),
        (made(one=measured(source_hash="fedcba9876543210")), "other code than this measured what is published (one)"),
    ],
    ids=["none", "missing", "stale"],
)
def test_without_what_this_code_measured_the_build_measures(
    unreachable: Path, capsys: pytest.CaptureFixture[str], fetched_before: results.Results | None, said: str
) -> None:
    if fetched_before:
        results.write(fetched_before, unreachable)
    assert build._results("short")[1] == ["one"]
    assert capsys.readouterr().out == f"{said}: measuring instead.\n"


def test_what_was_fetched_before_serves(unreachable: Path) -> None:
    results.write(made(one=measured()), unreachable)
    assert build._results("short")[1] == []


# The first preview.


@pytest.mark.parametrize(
    ("origin", "tier", "nothing_here", "shows"),
    [
        ("reference", "cpu", True, True),
        ("reference", "cpu", False, False),
        ("reference", "gpu", True, False),
        ("contributed", "cpu", True, False),
    ],
)
def test_before_anything_is_measured_a_preview_shows_a_reference(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    origin: Origin,
    tier: Literal["cpu", "gpu"],
    nothing_here: bool,
    shows: bool,
) -> None:
    """And says whose numbers these are, and what measures this machine."""
    left: list[str] = []
    reference = replace(made(one=measured()), tier=tier, machine=replace(made().machine, cpu="EPYC"))
    monkeypatch.setattr(build, "all_results", lambda: [MachineResults(reference, origin)])
    monkeypatch.setattr(build, "leave_out", lambda path: nothing_here)
    monkeypatch.setattr(outputs, "leave_out", lambda path: left.append("outputs"))
    monkeypatch.setattr(build, "_judge_and_draw", lambda *_: left.append("drawn"))
    monkeypatch.setattr(build, "prepare_experiments", lambda: left.append("images"))
    monkeypatch.setattr(build, "forget_loaded", lambda: None)  # other tests have them
    monkeypatch.setattr(build, "_results", lambda form: (made(), []))
    monkeypatch.setattr(outputs, "capture", lambda path: left.append("ran") or [])
    monkeypatch.setattr(build, "refusals", lambda: [])
    build.prepare(preview=True)
    assert left == (["outputs", "drawn"] if shows else ["images", "ran", "drawn"])
    said = capsys.readouterr().out
    assert (said.endswith("measured on EPYC, 2026-01-02. To measure this machine: make site\n")) == shows
    left.clear()
    build.prepare()
    assert left == ["images", "ran", "drawn"], "a site is measured"
