"""What programs read of this site: a Markdown twin of each page, llms.txt, which lists them, and the claims as JSON."""

import json
from pathlib import Path
from typing import Any

from mkdocs.structure.pages import Page

from snippets.lab.judging.rulings import Ruling
from snippets.lab.markdown.needs import are_met
from snippets.lab.markdown.sentences import mentions
from snippets.lab.markdown.verdicts import as_read, rulings
from snippets.lab.results.held import machine_words, own_numbers_from
from snippets.lab.site.twin import twin, twin_of

CLAIMS, LIST = "claims.json", "llms.txt"


def write_for_programs(site: Path, pages: list[Page], name: str, description: str) -> None:
    """Into the folder of a site whose pages are rendered; they are given in the order of its navigation."""
    whose = _whose()
    for page in pages:
        path = site / twin_of(page.file.dest_uri)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(twin(page.content or "", whose), encoding="utf-8")
    (site / LIST).write_text(_list(pages, name, description), encoding="utf-8")
    addresses = {page.file.src_uri: page.file.url.removeprefix("./") for page in pages}
    claims = [_claim(ruling, addresses) for ruling in rulings()]
    text = json.dumps(claims, allow_nan=False, ensure_ascii=False, indent=1)
    (site / CLAIMS).write_text(f"{text}\n", encoding="utf-8")


def _whose() -> str:
    """Whose values a twin has where it names no machine."""
    own = own_numbers_from()
    return own and f"Where nothing else is named, values are of {own}; outputs of this machine, this Python and torch."


def _list(pages: list[Page], name: str, description: str) -> str:
    """As https://llmstxt.org has it: what this is, and by section a line for each page."""
    lines = [
        *(f"# {name}", "", f"> {description}", ""),
        "Each page as Markdown, with the values that were measured and the verdict of each claim in it. "
        f"[All claims as JSON]({CLAIMS}): sentence, value, interval, verdict, machine, day.",
    ]
    section = ""
    for page in pages:
        sections = [*page.ancestors]
        title = sections[-1].title if sections else "Start"
        if title != section:
            lines += ["", f"## {title}", ""]
            section = title
        said = page.meta.get("description")
        lines.append(f"- [{page.title}]({twin_of(page.file.dest_uri)})" + (f": {said}" if said else ""))
    return "\n".join(lines) + "\n"


def _claim(ruling: Ruling, addresses: dict[str, str]) -> dict[str, Any]:
    """`value` and `interval` are null unless the claim holds or is contradicted; `page` where no page says it."""
    value = ruling.judgement.value
    places = (each for each in mentions().get(ruling.claim.id, []) if each.page in addresses and are_met(each.needs))
    first = next(places, None)
    return {
        "id": ruling.claim.id,
        "sentence": as_read(first.sentence) if first else None,
        "page": f"{addresses[first.page]}#claim-{ruling.claim.id}" if first else None,
        "predicate": ruling.claim.predicate,
        "said": ruling.interval or None,
        "value": value.median if value else None,
        "interval": [value.low, value.high] if value else None,
        "verdict": ruling.judgement.verdict,
        "machine": machine_words(ruling.results.machine) if ruling.measured else None,
        "day": ruling.measured.day if ruling.measured else None,
        "experiment": ruling.experiment,
    }
