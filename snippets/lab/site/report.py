"""What `judge` and `summary` print: a table for people, JSON for machines, Markdown for a job's summary."""

import json
from collections import Counter
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from snippets.lab.judging import accepted
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.sentences import mentions
from snippets.lab.markdown.verdicts import as_read, contradicted_elsewhere
from snippets.lab.paths import PUBLISHED
from snippets.lab.results.held import machine_words
from snippets.lab.site.fetched import NothingPublished, fetch

WIDTH = 160
"""Columns where nobody says how wide the terminal is."""


def print_table(found: list[Ruling]) -> None:
    """One row per claim, by experiment, and how many have which verdict."""
    stands = mentions()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("verdict", "claim", "measured", "must be", "stands at"):
        table.add_column(title, no_wrap=title == "claim", overflow="fold")
    for each in found:
        judgement = each.judgement
        places = [mention.place.removeprefix("docs/") for mention in stands.get(each.claim.id, [])]
        table.add_row(
            f"[{judgement.verdict.style}]{judgement.verdict}[/]",
            each.claim.id,
            escape(each.interval or judgement.reason),
            escape(each.claim.must_be),
            ", ".join(places),
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table)
    print(tally(found))


def tally(found: list[Ruling]) -> str:
    """`48 claims: 45 holds, 2 not measured here, 1 too noisy to tell`."""
    counts = Counter(each.judgement.verdict for each in found)
    return f"{len(found)} claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())


def as_json(found: list[Ruling]) -> str:
    """A list with one object per claim. `value` is null unless the claim holds or is contradicted."""
    stands = mentions()
    listed = [
        {
            "claim": each.claim.id,
            "experiment": each.experiment,
            "verdict": each.judgement.verdict,
            "reason": each.judgement.reason,
            "gate": each.judgement.gate,
            "value": asdict(each.judgement.value) if each.judgement.value else None,
            "predicate": each.claim.predicate,
            "because": each.claim.because,
            "measured_at": each.measured.measured_at if each.measured else None,
            "machine": asdict(each.results.machine),
            "sentences": [
                {"page": mention.page, "line": mention.line, "sentence": as_read(mention.sentence)}
                for mention in stands.get(each.claim.id, [])
            ],
        }
        for each in found
    ]
    return json.dumps(listed, allow_nan=False, ensure_ascii=False, indent=1)


def as_markdown(found: list[Ruling]) -> str:
    """The tally, what has moved since the site was published, all claims, and what measuring cost."""
    lines = ["## Claims", "", f"{tally(found)}.", "", "### What has moved", "", *_moved(found), ""]
    if elsewhere := contradicted_elsewhere():
        lines += ["### Contradicted on other machines", "", "Nothing fails by these: they were not measured here.", ""]
        lines += ["| Claim | Measured | Must be | Machine | File |", "| --- | --- | --- | --- | --- |"]
        lines += [_elsewhere(each) for each in elsewhere] + [""]
    lines += ["### All claims", "", "| Verdict | Claim | Measured | Must be |", "| --- | --- | --- | --- |"]
    for each in found:
        cells = (each.judgement.verdict, f"`{each.claim.id}`", each.interval or each.judgement.reason)
        lines.append(_row(*cells, each.claim.must_be))
    costs = {each.experiment: each.measured.cost_s for each in found if each.measured}
    lines += ["", "### What measuring cost", "", "| Experiment | Seconds |", "| --- | ---: |"]
    lines += [_row(name, f"{seconds:.1f}") for name, seconds in costs.items()]
    lines.append(_row("all", f"{sum(costs.values()):.1f}"))
    return "\n".join(lines) + "\n"


def _elsewhere(each: Ruling) -> str:
    must_be = each.claim.must_be
    return _row(f"`{each.claim.id}`", each.interval, must_be, machine_words(each.results.machine), each.file)


def _moved(found: list[Ruling]) -> list[str]:
    """Claims that were accepted when the site was published and are not now, or have another value."""
    try:
        fetch(names=["accepted.json"])
    except NothingPublished as reason:
        return [f"Not known: {reason}."]
    before = accepted.read(PUBLISHED / "accepted.json")
    rows = []
    for each in found:
        then = before.get(each.claim.id)
        if then is None and each.judgement.verdict == Verdict.NOT_HERE:
            continue
        if then is None or each.judgement.verdict != Verdict.HOLDS:
            was = then.interval if then else "never accepted"
            rows.append((each.claim.id, was, each.interval or each.judgement.verdict))
        elif then.said != each.said:
            rows.append((each.claim.id, then.interval, each.interval))
    if not rows:
        return ["Nothing."]
    return ["| Claim | Published | Now |", "| --- | --- | --- |", *(_row(f"`{name}`", *rest) for name, *rest in rows)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
