"""What a job's summary says of claims: what has moved since the site was published, and what speaks against them
elsewhere. Verdicts and what is published are made up here.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab.judging import accepted
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import this_machine
from snippets.lab.results.stats import Estimate
from snippets.lab.site import report
from snippets.lab.site.report import as_markdown
from tests.lab.made import measured, results

BEFORE = Accepted("7.0 times (6.5 to 7.5)", "7.0 times", "2026-01-01", "a machine")


def ruled(name: str, verdict: Verdict, median: float | None = None) -> Ruling:
    claim = Claim(name, value("the total", "alone"), at_least(5.0), "Why.", say=lambda v: f"{v:.1f} times")
    found = Estimate(median, median, median, 7) if median else None
    return Ruling("one", claim, Judgement(verdict, "" if found else "the reason", found), results(), measured())


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("same", "moved", "noisy-now", "gone-now", "broken-now")
    accepted.write(dict.fromkeys(names, BEFORE), tmp_path / "accepted.json")
    monkeypatch.setattr(report, "PUBLISHED", tmp_path)
    monkeypatch.setattr(report, "fetch", lambda names: None)
    monkeypatch.setattr(report, "contradicted_elsewhere", list)


def part(text: str, heading: str) -> str:
    return text.partition(f"### {heading}\n\n")[2].partition("\n\n")[0]


def test_what_has_moved(published: None) -> None:
    found = [
        ruled("same", Verdict.HOLDS, 7.0),
        ruled("moved", Verdict.HOLDS, 8.0),
        ruled("noisy-now", Verdict.TOO_NOISY),
        ruled("gone-now", Verdict.NOT_HERE),
        ruled("broken-now", Verdict.CONTRADICTED, 2.0),
        ruled("new", Verdict.HOLDS, 6.0),
        ruled("never-here", Verdict.NOT_HERE),
    ]
    said = part(as_markdown(found), "What has moved").replace("\u00a0", " ").splitlines()[2:]
    assert said == [
        "| `moved` | 7.0 times (6.5 to 7.5) | 8.0 times |",
        "| `noisy-now` | 7.0 times (6.5 to 7.5) | too noisy to tell |",
        "| `gone-now` | 7.0 times (6.5 to 7.5) | not measured here |",
        "| `broken-now` | 7.0 times (6.5 to 7.5) | 2.0 times |",
        "| `new` | never accepted | 6.0 times |",
    ]


def test_what_is_measured_neither_then_nor_now_has_not_moved(published: None) -> None:
    assert part(as_markdown([ruled("never-here", Verdict.NOT_HERE)]), "What has moved") == "Nothing."


def test_what_other_machines_contradict_is_said_with_file_and_machine(
    published: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = replace(this_machine(), gpu="NVIDIA H100")
    elsewhere = replace(ruled("fast", Verdict.CONTRADICTED, 2.0), own=False, file="docs/results/gpu.json")
    elsewhere = replace(elsewhere, results=replace(elsewhere.results, machine=machine))
    assert "Contradicted on other machines" not in as_markdown([])
    monkeypatch.setattr(report, "contradicted_elsewhere", lambda: [elsewhere])
    said = as_markdown([]).replace("\u00a0", " ")
    (row,) = (line for line in said.splitlines() if line.startswith("| `fast` |"))
    assert row.startswith("| `fast` | 2.0 times | at least 5.0 times | ")
    assert row.endswith(", NVIDIA H100 | docs/results/gpu.json |")
