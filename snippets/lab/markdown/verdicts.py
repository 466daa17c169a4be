"""The verdicts that the pages show, and what they make of a page's sentences."""

import re
from datetime import date

from snippets.lab.catalog import experiment_folder
from snippets.lab.judging import accepted as accepted_before
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.rulings import Ruling, is_drawn, is_recent, rule, rulings_everywhere, to_be_accepted
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.sentences import CLAIM, MEASURED, Mention, mentions, plain
from snippets.lab.markdown.shown import Shown, instead_of, shown, speaking, telling, unknown
from snippets.lab.markdown.wording import PLACE, Wording, another, where_and_when
from snippets.lab.moment import once
from snippets.lab.paths import ACCEPTED, PYTHON
from snippets.lab.results.held import MachineResults, machine_words


@once
def ruling(claim_id: str) -> Ruling:
    """The verdict that the pages show: by the result whose numbers they show, or, where that machine is none that the
    claim speaks of, by another that decides it. Raises UnknownName.
    """
    claims = claim_ids()
    if claim_id not in claims:
        raise unknown(f"no claim {claim_id!r}", claims)
    experiment, claim = claims[claim_id]
    first = rule(experiment, claim, speaking(experiment))
    others = _by_others(first) if first.judgement.verdict == Verdict.NOT_HERE else []
    return next((ruling for ruling in others if ruling.judgement.value), first)


def _by_others(ruling: Ruling) -> list[Ruling]:
    """The same claim by the others that may speak of its experiment."""
    others = [held for held in telling(ruling.experiment) if held.results is not ruling.results]
    return [rule(ruling.experiment, ruling.claim, held) for held in others]


def rulings() -> list[Ruling]:
    """The verdicts that the pages show, in the order of experiments."""
    return [ruling(claim_id) for claim_id in claim_ids()]


def stand_in(ruling: Ruling) -> Accepted | None:
    """What is shown for a claim that cannot be told: its last accepted value, unless that is too old, or else the value
    with which it holds on another machine that may speak, by the code of today. Nothing, where each day draws anew what
    is measured.
    """
    if ruling.judgement.verdict not in (Verdict.TOO_NOISY, Verdict.NOT_HERE):
        return None
    if ruling.measured and is_drawn(ruling.measured):
        return None
    last = accepted_before.read(ACCEPTED).get(ruling.claim.id)
    if last and is_recent(last, date.today()):
        return last
    others = (other for other in _by_others(ruling) if not other.stale)
    return next((to_be_accepted(other) for other in others if other.judgement.verdict == Verdict.HOLDS), None)


def wording_of_claim(ruling: Ruling) -> Wording:
    """What a page can say of a claim: its value, or one that stands in for it, with machine and day, or none."""
    if other := stand_in(ruling):
        return Wording({"value": other.said}, where_and_when(other.machine, other.day))
    if not ruling.said:
        return Wording(None)
    return Wording({"value": ruling.said}, whose(ruling))


def wording_of_experiment(shown: Shown) -> Wording:
    """What a page can say of what an experiment measured."""
    if not shown.is_measured:
        return Wording(None)
    return Wording(shown.resolved_values(), whose(shown))


def with_values(shown: Shown, words: str) -> Shown:
    """The experiment by whom the words can be filled: as the pages show it, or else as another measured it that has
    each of their values; if nobody has, as the pages show it.
    """
    candidates = (shown, *instead_of(shown))
    return next((each for each in candidates if wording_of_experiment(each).all_of(words) is not None), shown)


def whose(said: Ruling | Shown) -> str:
    """`on NVIDIA H100, 2026-11-21`: where another machine than this build's measured it; else ""."""
    return "" if said.own or said.measured is None else another(said.results.machine, said.measured.day)


def as_read(sentence: str) -> str:
    """A sentence of a page without markup, in the words that its readers see. Raises UnknownName."""
    text = CLAIM.sub(lambda link: wording_of_claim(ruling(link["id"])).of(link["words"], link["second"]), sentence)
    return plain(MEASURED.sub(lambda link: _measured_as_read(link["name"], link["words"], link["second"]), text))


def _measured_as_read(name: str, words: str, second: str | None) -> str:
    return wording_of_experiment(with_values(shown(name), words)).of(words, second)


def problems(rulings: list[Ruling]) -> list[str]:
    """Why no site may be built: claims that are contradicted or could not be judged, with where they stand.

    By what this build measured: who has not the machine of another result can neither measure again nor mend it.
    """
    by_claim = mentions()
    blocking = [ruling for ruling in rulings if ruling.own and ruling.judgement.verdict.stops_a_build]
    return [_problem(ruling, by_claim.get(ruling.claim.id, [])) for ruling in blocking]


def contradicted_elsewhere() -> list[Ruling]:
    """What results of other machines contradict, machine by machine. It is shown, and stops nothing here."""
    rulings = [ruling for claim_id in claim_ids() for ruling in rulings_everywhere(claim_id)]
    return [ruling for ruling in rulings if not ruling.own and ruling.judgement.verdict == Verdict.CONTRADICTED]


def contradictions(held: MachineResults) -> list[str]:
    """What the pages say and these results contradict: where, in which words, and what was measured."""
    by_claim = mentions()
    rulings = [rule(experiment, claim, held) for experiment, claim in claim_ids().values()]
    return [
        _contradiction(ruling, by_claim.get(ruling.claim.id, []))
        for ruling in rulings
        if ruling.judgement.verdict == Verdict.CONTRADICTED
    ]


def _contradiction(ruling: Ruling, places: list[Mention]) -> str:
    lines = [f"contradicted: {ruling.claim.id}: {ruling.claim.predicate}, and was {ruling.interval}"]
    lines += [f"  {mention.place}: {_as_it_would_read(mention.sentence, ruling)}" for mention in places]
    return "\n".join(lines if places else [*lines, "  (no page says it)"])


def _as_it_would_read(sentence: str, ruling: Ruling) -> str:
    """The sentence with this claim's value. Other values, which the pages have from elsewhere, are left open."""

    def value(link: re.Match[str]) -> str:
        return link["words"].replace("{value}", ruling.said) if link["id"] == ruling.claim.id else link["words"]

    return PLACE.sub("…", plain(CLAIM.sub(value, sentence)))


def _problem(ruling: Ruling, places: list[Mention]) -> str:
    claim, judgement = ruling.claim, ruling.judgement
    lines = [f"{judgement.verdict}: {claim.id}"]
    lines += [f"  {mention.place}: {as_read(mention.sentence)}" for mention in places] or ["  (no page says it)"]
    lines.append(f"  {claim.predicate}.")
    if judgement.value:
        machine = machine_words(ruling.results.machine)
        lines.append(f"  It was {ruling.interval}, n = {judgement.value.n}, on {machine}.")
    if judgement.reason:
        lines.append(f"  {judgement.reason}.")
    folder = experiment_folder(ruling.experiment)
    lines.append(
        f"  Measure again ({PYTHON} -m snippets.lab measure --only {ruling.experiment}), mend {folder}/measure.py, or "
        f"change the sentence and {folder}/claims.py."
    )
    return "\n".join(lines)
