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


def print_table(rulings: list[Ruling]) -> None:
    """One row per claim, by experiment, and how many have which verdict."""
    by_claim = mentions()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for title in ("verdict", "claim", "measured", "must be", "stands at"):
        table.add_column(title, no_wrap=title == "claim", overflow="fold")
    for ruling in rulings:
        judgement = ruling.judgement
        places = [mention.place.removeprefix("docs/") for mention in by_claim.get(ruling.claim.id, [])]
        table.add_row(
            f"[{judgement.verdict.style}]{judgement.verdict}[/]",
            ruling.claim.id,
            escape(ruling.interval or judgement.reason),
            escape(ruling.claim.must_be),
            ", ".join(places),
        )
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table)
    print(tally(rulings))


def tally(rulings: list[Ruling]) -> str:
    """`48 claims: 45 holds, 2 not measured here, 1 too noisy to tell`."""
    counts = Counter(ruling.judgement.verdict for ruling in rulings)
    return f"{len(rulings)} claims: " + ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())


def as_json(rulings: list[Ruling]) -> str:
    """A list with one object per claim. `value` is null unless the claim holds or is contradicted."""
    by_claim = mentions()
    objects = [
        {
            "claim": ruling.claim.id,
            "experiment": ruling.experiment,
            "verdict": ruling.judgement.verdict,
            "reason": ruling.judgement.reason,
            "gate": ruling.judgement.gate,
            "value": asdict(ruling.judgement.value) if ruling.judgement.value else None,
            "predicate": ruling.claim.predicate,
            "because": ruling.claim.because,
            "measured_at": ruling.measured.measured_at if ruling.measured else None,
            "machine": asdict(ruling.results.machine),
            "sentences": [
                {"page": mention.page, "line": mention.line, "sentence": as_read(mention.sentence)}
                for mention in by_claim.get(ruling.claim.id, [])
            ],
        }
        for ruling in rulings
    ]
    return json.dumps(objects, allow_nan=False, ensure_ascii=False, indent=1)


def as_markdown(rulings: list[Ruling]) -> str:
    """The tally, what has moved since the site was published, all claims, and what measuring cost."""
    lines = ["## Claims", "", f"{tally(rulings)}.", "", "### What has moved", "", *_moved(rulings), ""]
    if elsewhere := contradicted_elsewhere():
        lines += ["### Contradicted on other machines", "", "Nothing fails by these: they were not measured here.", ""]
        lines += ["| Claim | Measured | Must be | Machine | File |", "| --- | --- | --- | --- | --- |"]
        lines += [_elsewhere(ruling) for ruling in elsewhere] + [""]
    lines += ["### All claims", "", "| Verdict | Claim | Measured | Must be |", "| --- | --- | --- | --- |"]
    for ruling in rulings:
        cells = (ruling.judgement.verdict, f"`{ruling.claim.id}`", ruling.interval or ruling.judgement.reason)
        lines.append(_row(*cells, ruling.claim.must_be))
    costs = {ruling.experiment: ruling.measured.cost_s for ruling in rulings if ruling.measured}
    lines += ["", "### What measuring cost", "", "| Experiment | Seconds |", "| --- | ---: |"]
    lines += [_row(name, f"{seconds:.1f}") for name, seconds in costs.items()]
    lines.append(_row("all", f"{sum(costs.values()):.1f}"))
    return "\n".join(lines) + "\n"


def _elsewhere(ruling: Ruling) -> str:
    must_be = ruling.claim.must_be
    return _row(f"`{ruling.claim.id}`", ruling.interval, must_be, machine_words(ruling.results.machine), ruling.file)


def _moved(rulings: list[Ruling]) -> list[str]:
    """Claims that were accepted when the site was published and are not now, or have another value."""
    try:
        fetch(names=["accepted.json"])
    except NothingPublished as reason:
        return [f"Not known: {reason}."]
    before = accepted.read(PUBLISHED / "accepted.json")
    rows = []
    for ruling in rulings:
        last = before.get(ruling.claim.id)
        if last is None and ruling.judgement.verdict == Verdict.NOT_HERE:
            continue
        if last is None or ruling.judgement.verdict != Verdict.HOLDS:
            was = last.interval if last else "never accepted"
            rows.append((ruling.claim.id, was, ruling.interval or ruling.judgement.verdict))
        elif last.said != ruling.said:
            rows.append((ruling.claim.id, last.interval, ruling.interval))
    if not rows:
        return ["Nothing."]
    return ["| Claim | Published | Now |", "| --- | --- | --- |", *(_row(f"`{name}`", *rest) for name, *rest in rows)]


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
