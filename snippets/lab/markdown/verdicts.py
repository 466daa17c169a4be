"""The verdicts that the pages show, and what they make of a page's sentences."""

import re
from datetime import date

from snippets.lab.catalog import experiment_folder
from snippets.lab.judging import accepted as accepted_before
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.rulings import Ruling, is_recent, rule, rulings_everywhere
from snippets.lab.judging.verdict import Verdict
from snippets.lab.markdown.sentences import CLAIM, MEASURED, Mention, mentions, plain
from snippets.lab.markdown.shown import Shown, shown, speaking, unknown
from snippets.lab.markdown.wording import PLACE, Said, another
from snippets.lab.moment import once
from snippets.lab.paths import ACCEPTED, PYTHON
from snippets.lab.results.held import Held, machine_words


@once
def ruling(claim_id: str) -> Ruling:
    """The verdict that the pages show: by the result whose numbers they show. Raises UnknownName."""
    known = claim_ids()
    if claim_id not in known:
        raise unknown(f"no claim {claim_id!r}", known)
    experiment, claim = known[claim_id]
    return rule(experiment, claim, speaking(experiment))


def rulings() -> list[Ruling]:
    """The verdicts that the pages show, in the order of experiments."""
    return [ruling(claim_id) for claim_id in claim_ids()]


def stand_in(each: Ruling) -> Accepted | None:
    """The last accepted value of a claim that is too noisy to tell, unless it is too old to be shown for it."""
    last = accepted_before.read(ACCEPTED).get(each.claim.id)
    noisy = each.judgement.verdict == Verdict.TOO_NOISY
    return last if last and noisy and is_recent(last, date.today()) else None


def said_of_claim(each: Ruling) -> Said:
    """What a page can say of a claim: its value, or the last accepted one with its day, or none."""
    if old := stand_in(each):
        return Said({"value": old.said}, f"earlier run, {old.day}")
    if not each.said:
        return Said(None)
    return Said({"value": each.said}, "" if each.own else another(each.results.machine))


def said_of_experiment(about: Shown) -> Said:
    """What a page can say of what an experiment measured."""
    if not about.is_measured:
        return Said(None)
    return Said(about.values(), "" if about.own else another(about.results.machine))


def as_read(sentence: str) -> str:
    """A sentence of a page without markup, in the words that its readers see."""

    filled = CLAIM.sub(lambda link: said_of_claim(ruling(link["id"])).of(link["words"], link["second"]), sentence)
    filled = MEASURED.sub(
        lambda link: said_of_experiment(shown(link["name"])).of(link["words"], link["second"]), filled
    )
    return plain(filled)


def problems(found: list[Ruling]) -> list[str]:
    """Why no site may be built: claims that are contradicted or could not be judged, with where they stand.

    By what this build measured: who has not the machine of another result can neither measure again nor mend it.
    """
    stands = mentions()
    wrong = [each for each in found if each.own and each.judgement.verdict.stops_a_build]
    return [_problem(each, stands.get(each.claim.id, [])) for each in wrong]


def contradicted_elsewhere() -> list[Ruling]:
    """What results of other machines contradict, machine by machine. It is shown, and stops nothing here."""
    found = [each for claim_id in claim_ids() for each in rulings_everywhere(claim_id)]
    return [each for each in found if not each.own and each.judgement.verdict == Verdict.CONTRADICTED]


def contradictions(held: Held) -> list[str]:
    """What the pages say and these results contradict: where, in which words, and what was measured."""
    stands = mentions()
    found = [rule(experiment, claim, held) for experiment, claim in claim_ids().values()]
    return [
        _contradiction(each, stands.get(each.claim.id, []))
        for each in found
        if each.judgement.verdict == Verdict.CONTRADICTED
    ]


def _contradiction(each: Ruling, stands: list[Mention]) -> str:
    lines = [f"contradicted: {each.claim.id}: {each.claim.predicate}, and was {each.interval}"]
    lines += [f"  {mention.place}: {_as_it_would_read(mention.sentence, each)}" for mention in stands]
    return "\n".join(lines if stands else [*lines, "  (no page says it)"])


def _as_it_would_read(sentence: str, each: Ruling) -> str:
    """With this claim's value there; other values, which the pages have from elsewhere, are left open."""

    def value(link: re.Match[str]) -> str:
        return link["words"].replace("{value}", each.said) if link["id"] == each.claim.id else link["words"]

    return PLACE.sub("…", plain(CLAIM.sub(value, sentence)))


def _problem(each: Ruling, stands: list[Mention]) -> str:
    claim, judgement = each.claim, each.judgement
    lines = [f"{judgement.verdict}: {claim.id}"]
    lines += [f"  {mention.place}: {as_read(mention.sentence)}" for mention in stands] or ["  (no page says it)"]
    lines.append(f"  {claim.predicate}.")
    if judgement.value:
        lines.append(f"  It was {each.interval}, n = {judgement.value.n}, on {machine_words(each.results.machine)}.")
    if judgement.reason:
        lines.append(f"  {judgement.reason}.")
    folder = experiment_folder(each.experiment)
    lines.append(
        f"  Measure again ({PYTHON} -m snippets.lab measure --only {each.experiment}), mend {folder}/measure.py, or "
        f"change the sentence and {folder}/claims.py."
    )
    return "\n".join(lines)
