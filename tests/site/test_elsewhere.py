"""A build on macOS and on Windows, as tests/elsewhere stands in for them: it ends well, and each page keeps its sense.
On Windows the whole site; on macOS, which lacks less, the pages that speak of what it lacks.

Its results are this machine's own, but for what says there that it is not measured; `make test-everywhere` measures all
anew. A checkout there may have the line ends of Windows (tests/checkout.py).
"""

import json
import re
import subprocess
import sys
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from snippets.lab.judging.claims import claim_ids, claims
from snippets.lab.judging.rulings import rule
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.wording import on
from snippets.lab.output import Output
from snippets.lab.outputs import outputs
from snippets.lab.paths import LOCAL_RESULTS
from snippets.lab.results import results
from snippets.lab.results.held import MachineResults, all_results
from snippets.lab.results.results import Measured, Results
from snippets.lab.store import build

from ..browser.site import PRETENDED, Built, planned_pages
from ..checkout import ROOT, Checkout, build_only, checkout, with_carriage_returns
from ..docs.advice import nothing
from ..docs.pages import that_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems are what they are")

LACKS = """
import importlib, json
from dataclasses import asdict
from snippets.lab.catalog import experiment_names, measuring_module
from snippets.lab.machine.machine import this_machine
from snippets.lab.outputs.outputs import shown_snippets
from snippets.lab.outputs.running import absent

reasons = {}
for name in experiment_names():
    try:
        reasons[name] = importlib.import_module(measuring_module(name)).EXPERIMENT.unavailable()
    except ModuleNotFoundError as error:
        reasons[name] = str(error)
print(json.dumps([asdict(this_machine()), reasons, {name: absent(name) for name in shown_snippets()}]))
"""
AT_LEAST = {"macos": (3, 30), "windows": (6, 40)}
"""Experiments and snippets that cannot run there."""


class Elsewhere:
    """A copy of the checkout on another system: what it is called there, and what cannot be measured and run."""

    def __init__(self, copy: Checkout, name: str) -> None:
        self.copy, self.name, self.said = copy, name, ""
        self.kept: dict[str, Output] = {}
        machine, reasons, absent = json.loads(self.run("-c", LACKS).stdout.splitlines()[-1])
        self.unmeasured: dict[str, str] = {name: reason for name, reason in reasons.items() if reason}
        self.absent: dict[str, str] = {name: reason for name, reason in absent.items() if reason}
        self.machine: dict[str, object] = machine

    def named(self) -> set[str]:
        """What pages call what is not measured and run, and what is claimed of it."""
        return {*self.unmeasured, *self.absent, *(claim.id for name in self.unmeasured for claim in claims(name))}

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        path = f"{self.copy.root}:{ROOT / 'tests' / 'elsewhere'}"
        environment = self.copy.environment(**PRETENDED, PYTHONPATH=path, WITHOUT=self.name, START_METHOD="")
        ended = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.copy.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="cp1252" if self.name == "windows" else "utf-8",
            timeout=600,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended

    def measured(self, held: Results) -> Results:
        """This machine's results, as that system would have them."""

        def there(name: str, one: Measured) -> Measured:
            if name not in self.unmeasured:
                return one
            empty = {"samples": [], "traces": {}, "passes": 0, "surroundings": [], "confirmation": []}
            return build(Measured, {**asdict(one), **empty, "status": "unavailable", "reason": self.unmeasured[name]})

        experiments = {name: asdict(there(name, one)) for name, one in held.experiments.items()}
        return build(Results, {**asdict(held), "machine": self.machine, "experiments": experiments})


@pytest.fixture(scope="module", params=["macos", "windows"])
def elsewhere(built_site: Built, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Elsewhere:
    """With its site built. What snippets printed is kept, but for those that cannot run there."""
    copy = checkout(tmp_path_factory.mktemp(request.param))
    if request.param == "windows":
        # But for the notebook: it would run anew, and that takes as long as the site; `make test-everywhere` runs it.
        with_carriage_returns(copy.root, but="labs")
    there = Elsewhere(copy, request.param)
    if request.param == "macos":
        build_only(copy.root / "mkdocs.yml", that_name(there.named()))
    cache = copy.root / ".cache"
    results.write(there.measured(results.read(cache / "results.json")), cache / "results.json")
    said = outputs.read(cache / "outputs.json")
    there.kept = {name: one for name, one in said.items() if name not in there.absent}
    outputs.write(there.kept, cache / "outputs.json")
    there.said = there.run("-m", "snippets.lab", "site").stdout
    return there


@dataclass(frozen=True)
class Read:
    """The article of a page as somebody reads it: its words, and what stands in it and means nothing."""

    text: str
    holes: list[str]


@cache
def pages(site: Path) -> dict[str, Read]:
    return {
        path.relative_to(site).as_posix().removesuffix("index.html"): read(path)
        for path in sorted(site.rglob("*.html"))
    }


ARTICLE = re.compile(r"<article\b.*</article>", re.DOTALL)


def read(path: Path) -> Read:
    """Its article, once for all systems where it is the same."""
    return read_article("".join(ARTICLE.findall(path.read_text(encoding="utf-8"))))


@cache
def read_article(html: str) -> Read:
    page = BeautifulSoup(html, "html.parser")
    return Read(" ".join(page.get_text(" ").split()), holes(page))


def test_the_build_measures_and_runs_nothing_anew(elsewhere: Elsewhere) -> None:
    """Its sources have the same hashes, whatever their line ends. What cannot run there says so anew."""
    assert "Measured: nothing" in elsewhere.said
    said = outputs.read(elsewhere.copy.root / ".cache" / "outputs.json")
    assert {name for name, output in said.items() if output != elsewhere.kept.get(name)} == elsewhere.absent.keys()


def test_what_cannot_run_there_says_why(elsewhere: Elsewhere) -> None:
    experiments, snippets = AT_LEAST[elsewhere.name]
    assert len(elsewhere.unmeasured) >= experiments and len(elsewhere.absent) >= snippets
    said = outputs.read(elsewhere.copy.root / ".cache" / "outputs.json")
    assert {name: output.absent for name, output in said.items() if output.absent} == elsewhere.absent


def test_where_the_clock_of_a_thread_is_coarse_no_loader_is_predicted(elsewhere: Elsewhere) -> None:
    assert "too coarse" in elsewhere.unmeasured.get("predictions", "") or elsewhere.name != "windows"


def test_each_page_is_there_and_says_what_was_not_run(elsewhere: Elsewhere) -> None:
    """Why not, or on which machine it was run instead."""
    built, planned = pages(elsewhere.copy.root / "site"), planned_pages()
    assert {*built} <= {*planned} and (elsewhere.name == "macos" or len(built) == len(planned))
    text = " ".join(page.text for page in built.values())
    newest_last = reversed(references())
    run_on = {name: on(held.results.machine) for held in newest_last for name in held.results.outputs}
    told = {run_on.get(name, reason.split("`")[0]) for name, reason in elsewhere.absent.items()}
    nothing((words for words in told if " ".join(words.split()) not in text), "no page says of what was not run here:")


def references() -> list[MachineResults]:
    return [held for held in all_results() if held.origin == "reference"]


HOLE = re.compile(r"Traceback|\{\w+\}|\bnan\b|\ufffd|â€|\( ?\)|“ ?”")


def holes(article: BeautifulSoup) -> list[str]:
    for block in article.select("pre, code, .nw-output"):
        block.replace_with("code")
    return HOLE.findall(" ".join(article.get_text(" ").split()))


def test_no_page_has_a_hole(elsewhere: Elsewhere, built_site: Built) -> None:
    """That this system's own has not: a page may quote `()`."""
    usual = pages(built_site.root)
    for address, page in pages(elsewhere.copy.root / "site").items():
        assert page.holes == usual[address].holes, address


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
@pytest.mark.usefixtures("built_site")
def test_where_workers_start_otherwise_no_claim_is_contradicted(method: str) -> None:
    """By what this machine measured: a claim says of which start methods it speaks, and is not judged by any other."""
    held = results.read(LOCAL_RESULTS)
    there = {name: replace(one, start_method=one.start_method and method) for name, one in held.experiments.items()}
    machine = MachineResults(replace(held, experiments=there))
    judged = [rule(experiment, claim, machine) for experiment, claim in claim_ids().values()]
    wrong = (ruling for ruling in judged if ruling.judgement.verdict in (Verdict.CONTRADICTED, Verdict.ERRORED))
    nothing((f"{ruling.claim.id}: {ruling.judgement.reason}" for ruling in wrong), "say for which start methods:")
    silent = {ruling.claim.id for ruling in judged if ruling.judgement.verdict == Verdict.NOT_HERE}
    scoped = [ruling.claim for ruling in judged if ruling.claim.start_methods]
    assert scoped and silent >= {claim.id for claim in scoped if method not in claim.start_methods}
