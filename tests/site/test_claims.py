"""What the commands that build and judge do with a claim that does not hold."""

import json
import re
from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup

from snippets.lab.judging.claims import claim_ids

from ..checkout import STRICTLY, Checkout

CONTRADICTED = """
from dataclasses import replace
from snippets.lab.judging.claim import exactly
CLAIMS = tuple(
    replace(claim, bounds=exactly(100)) if claim.id == "as-written-fetches-101" else claim for claim in CLAIMS
)
"""
JUDGE = ("-m", "snippets.lab", "judge")
PAGE = "guides/helper-sprites.md"


@pytest.fixture(scope="module")
def looked_at() -> list[str]:
    return [PAGE]


@pytest.mark.parametrize("command", [STRICTLY, JUDGE], ids=["mkdocs", "judge"])
def test_a_contradicted_claim_fails_the_build_and_names_its_sentence(
    copy: Checkout, edit: Callable[[str, str], None], command: tuple[str, ...]
) -> None:
    edit("snippets/experiments/counted/claims.py", CONTRADICTED)
    built = copy.run(*command)
    said = " ".join((built.stdout + built.stderr).split())
    assert built.returncode == 1
    assert "Traceback" not in said
    assert "contradicted: as-written-fetches-101" in said
    line = next(
        number
        for number, text in enumerate((copy.root / "docs/guides/optimization.md").read_text().split("\n"), 1)
        if "claim:as-written-fetches-101" in text
    )
    assert f"docs/guides/optimization.md:{line}: It fetched 101 batches for 100" in said
    assert "must be exactly 100. It was 101, n = 1, on " in said
    assert "snippets/experiments/counted/measure.py, or change the sentence" in said


def test_judging_says_what_it_found_and_keeps_it(copy: Checkout) -> None:
    """And measures nothing that is fresh."""
    judged = copy.run(*JUDGE)
    assert judged.returncode == 0, judged.stderr
    lines = judged.stdout.splitlines()
    assert not [line for line in lines if line.startswith("Measuring")]
    for claim, (_, made) in claim_ids().items():
        row = next(line for line in lines if f" {claim} " in line)
        of_this_machine = made.tiers != ("gpu",)  # what only a GPU tells may be another machine's, and contradicted
        assert made.bounds.kind != "count" or not of_this_machine or row.startswith((" holds", " not measured here"))
    assert re.fullmatch(rf"{len(claim_ids())} claims: .*\d+ holds.*", lines[-1])
    kept = json.loads((copy.root / ".cache" / "accepted.json").read_text(encoding="utf-8"))
    assert kept["as-written-fetches-101"]["said"] == "101"
    assert set(kept) <= set(claim_ids())


def test_judging_for_machines(copy: Checkout) -> None:
    judged = copy.run(*JUDGE, "--json")
    found = {each["claim"]: each for each in json.loads(judged.stdout)}
    assert judged.returncode == 0 and list(found) == list(claim_ids())
    one = found["as-written-fetches-101"]
    assert (one["verdict"], one["value"]["median"], one["experiment"]) == ("holds", 101, "counted")
    assert one["sentences"][0]["page"] == "guides/optimization.md"
    assert "fetched 101 batches for 100" in one["sentences"][0]["sentence"]
    for each in found.values():
        assert (each["value"] is None) == (each["verdict"] not in ("holds", "contradicted"))


def test_a_claim_that_cannot_be_computed_fails_the_build(copy: Checkout, edit: Callable[[str, str], None]) -> None:
    edit(
        "snippets/experiments/counted/claims.py",
        '\nCLAIMS += (counted("a-b", "it", "nowhere", "x", 1, "Why."),)\n',
    )
    judged = copy.run(*JUDGE)
    assert judged.returncode == 1 and "Traceback" not in judged.stderr
    assert "errored: a-b" in judged.stderr and "no samples of 'x' for the arm 'nowhere'" in judged.stderr


REFERENCES = "snippets/lab/results/references.json"


def test_a_value_that_is_too_noisy_is_replaced_by_the_last_accepted_one(
    copy: Checkout, edit: Callable[[str, str], None]
) -> None:
    """With its machine and date, and with the mark of a noisy claim; by other words where that was too long ago, and no
    reference is kept.
    """
    edit(".cache/accepted.json", "")
    edit(REFERENCES, "")
    (copy.root / REFERENCES).write_text("{}")
    today = date.today().isoformat()
    before = {
        claim: {"interval": "i", "said": "SAID BEFORE", "day": day, "machine": "m"}
        for claim, day in (("helpers-hide-waiting", today), ("step-waits-alone", "2020-02-02"))
    }
    (copy.root / ".cache" / "accepted.json").write_text(json.dumps(before))
    shut = "\nfrom dataclasses import replace\nCLAIMS = tuple(replace(claim, needs_cores=1.99) for claim in CLAIMS)\n"
    edit("snippets/experiments/sprites_overlap/claims.py", shut)
    edit("snippets/lab/judging/gates.py", "\nCAPACITY = 1e9\n")
    built = copy.run(*STRICTLY)
    assert built.returncode == 0, built.stderr
    page = BeautifulSoup((copy.root / "built/guides/helper-sprites/index.html").read_text(), "html.parser")
    link = page.select_one("#claim-helpers-hide-waiting")
    assert link and f"SAID BEFORE as fast as it is without helpers (on m, {today})" in link.get_text()
    assert link.select_one(".nw-mark.nw-noisy") and "Too noisy to tell" in str(link["title"])
    aged = page.select_one("#claim-step-waits-alone")
    assert aged and aged.select_one(".nw-mark.nw-noisy") and "SAID BEFORE" not in str(aged)
    (second,) = re.findall(r"\]\(claim:step-waits-alone \"([^\"]+)\"\)", (copy.root / "docs" / PAGE).read_text())
    assert aged.get_text() == f"{second} (verdict: too noisy to tell)"
