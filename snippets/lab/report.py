"""What `judge` prints: a table for people, JSON for machines."""

import json
from collections import Counter
from dataclasses import asdict

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from snippets.lab.sentences import mentions
from snippets.lab.verdicts import Ruling, as_read

STYLES = {"holds": "green", "contradicted": "bold red", "errored": "bold red", "too noisy to tell": "yellow"}
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
        style = STYLES.get(judgement.verdict, "dim")
        table.add_row(
            f"[{style}]{judgement.verdict}[/]",
            each.claim.id,
            escape(each.interval or judgement.reason),
            escape(each.claim.bounds.words(each.claim.say)),
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
