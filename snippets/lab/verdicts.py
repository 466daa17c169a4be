"""Every claim on every machine that has a result: what the ledger lists, the pages mark and the build obeys."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from snippets.lab import accepted as accepted_before
from snippets.lab.accepted import Accepted
from snippets.lab.catalog import claims, experiment_folder, experiment_hash, experiment_names
from snippets.lab.claim import Claim
from snippets.lab.contributed import plainly
from snippets.lab.judge import Judgement, judge
from snippets.lab.moment import once
from snippets.lab.numbers import NBSP
from snippets.lab.paths import ACCEPTED, PYTHON
from snippets.lab.published import Held, Shown, all_results, machine_words, shown, speaking, unknown, what_lacks
from snippets.lab.results import Measured, Results
from snippets.lab.sentences import CLAIM, MEASURED, Mention, mentions, plain
from snippets.lab.wording import PLACE, Said, another

NOISY_SHARE = 0.3
"""More claims than this too noisy to tell: the environment is unfit to publish from."""

ACCEPTED_DAYS = 30
"""A claim may stand on its last accepted value for so long."""


@dataclass(frozen=True)
class Ruling:
    """One claim on one machine. `measured` is None where that machine has no result of the experiment. `own`: this
    build measured it; else `file` names the file that it was read from.
    """

    experiment: str
    claim: Claim
    judgement: Judgement
    results: Results
    measured: Measured | None
    own: bool = True
    file: str = ""

    @property
    def said(self) -> str:
        """The value as a page prints it; empty unless the claim holds or is contradicted."""
        return self.claim.say(self.judgement.value.median) if self.judgement.value else ""

    @property
    def interval(self) -> str:
        """`7.9 times (7.7 to 8.1)`; the value alone where nothing else would be said, as of a count."""
        value = self.judgement.value
        if value is None:
            return ""
        low, high = self.claim.say(value.low), self.claim.say(value.high)
        if low == high == self.said:
            return self.said
        number, space, unit = low.partition(NBSP)
        return f"{self.said} ({number if high.endswith(space + unit) else low} to {high.removesuffix(space + unit)})"


@once
def claim_ids() -> dict[str, tuple[str, Claim]]:
    """Every claim with its experiment, by id. Raises ValueError if two have the same."""
    found: dict[str, tuple[str, Claim]] = {}
    for name in experiment_names():
        for claim in claims(name):
            if claim.id in found:
                raise ValueError(f"{found[claim.id][0]} and {name} both have a claim {claim.id!r}")
            found[claim.id] = (name, claim)
    return found


@once
def ruling(claim_id: str) -> Ruling:
    """The verdict that the pages show: by the result whose numbers they show. Raises UnknownName."""
    known = claim_ids()
    if claim_id not in known:
        raise unknown(f"no claim {claim_id!r}", known)
    experiment, claim = known[claim_id]
    return _rule(experiment, claim, speaking(experiment))


def rulings() -> list[Ruling]:
    """The verdicts that the pages show, in the order of experiments."""
    return [ruling(claim_id) for claim_id in claim_ids()]


@once
def rulings_everywhere(claim_id: str) -> list[Ruling]:
    """One per machine that has a result, this build's machine first."""
    experiment, claim = claim_ids()[claim_id]
    return [_rule(experiment, claim, held) for held in all_results()]


def _rule(experiment: str, claim: Claim, held: Held) -> Ruling:
    results = held.results
    measured = results.experiments.get(experiment)
    if results.tier not in claim.tiers:
        found = Judgement("not measured here", "it speaks of machines with a GPU")
    else:
        found = judge(claim, measured, results.machine)
    if found.verdict == "errored" and not held.own:
        found = Judgement("not measured here", _lacks(experiment, measured))
    return Ruling(experiment, claim, found, results, measured, held.own, held.file)


def _lacks(experiment: str, measured: Measured | None) -> str:
    if measured is None or measured.status == "error":
        return "it failed there"
    return what_lacks(measured.source_hash != experiment_hash(experiment))


def stand_in(each: Ruling) -> Accepted | None:
    """The last accepted value of a claim that is too noisy to tell, unless it is too old to be shown for it."""
    last = accepted_before.read(ACCEPTED).get(each.claim.id)
    noisy = each.judgement.verdict == "too noisy to tell"
    return last if last and noisy and is_recent(last, date.today()) else None


def is_recent(last: Accepted, today: date) -> bool:
    return (today - date.fromisoformat(last.day)).days <= ACCEPTED_DAYS


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


def to_accept(found: Iterable[Ruling]) -> dict[str, Accepted]:
    """What may stand in for a value that is too noisy to tell another day: the claims that hold."""
    return {
        each.claim.id: Accepted(each.interval, each.said, each.measured.day, _machine(each))
        for each in found
        if each.judgement.verdict == "holds" and each.measured
    }


def _machine(each: Ruling) -> str:
    """What the value depends on: the GPU, where it is one's, or else the processor."""
    machine = each.results.machine
    return plainly(machine.gpu or machine.cpu if each.claim.tiers == ("gpu",) else machine.cpu)


def problems(found: list[Ruling]) -> list[str]:
    """Why no site may be built: claims that are contradicted or could not be judged, with where they stand.

    By what this build measured: who has not the machine of another result can neither measure again nor mend it.
    """
    stands = mentions()
    wrong = [each for each in found if each.own and each.judgement.verdict in ("contradicted", "errored")]
    return [_problem(each, stands.get(each.claim.id, [])) for each in wrong]


def problems_of_publishing(
    found: list[Ruling], accepted: dict[str, Accepted], today: date, published_since: bool = True
) -> list[str]:
    """Why a site that could be built may not be published: too much is too noisy to tell, or one claim has been for
    long. Of what this build measured, as above.

    A claim that was never accepted may be published without a value. One that was, and held in no publication of the
    last ACCEPTED_DAYS, may not: something about it has changed. But if there was no publication in that time, its
    age says nothing (`published_since`).
    """
    judged = [each for each in found if each.own and each.judgement.verdict != "not measured here"]
    noisy = [each for each in judged if each.judgement.verdict == "too noisy to tell"]
    wrong = []
    if len(noisy) > NOISY_SHARE * len(judged):
        wrong.append(
            f"the environment is unfit: {len(noisy)} of {len(judged)} claims are too noisy to tell. Publish from a "
            f"quieter machine, or measure again: {PYTHON} -m snippets.lab site --full --publish"
        )
    for each in noisy:
        last = accepted.get(each.claim.id)
        if published_since and last and not is_recent(last, today):
            wrong.append(
                f"too noisy to tell for {ACCEPTED_DAYS} days, and last accepted on {last.day}: {each.claim.id} "
                f"({each.judgement.reason}). Measure on a quieter machine, mend {experiment_folder(each.experiment)}, "
                "or claim less: under another id a claim begins anew"
            )
    return wrong


def contradicted_elsewhere() -> list[Ruling]:
    """What results of other machines contradict, machine by machine. It is shown, and stops nothing here."""
    found = [each for claim_id in claim_ids() for each in rulings_everywhere(claim_id)]
    return [each for each in found if not each.own and each.judgement.verdict == "contradicted"]


def contradictions(held: Held) -> list[str]:
    """What the pages say and these results contradict: where, in which words, and what was measured."""
    stands = mentions()
    found = [_rule(experiment, claim, held) for experiment, claim in claim_ids().values()]
    return [
        _contradiction(each, stands.get(each.claim.id, []))
        for each in found
        if each.judgement.verdict == "contradicted"
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
