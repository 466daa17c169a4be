"""Every claim on every machine that has a result, and what may be published by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from snippets.lab.catalog import experiment_folder, experiment_hash
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claim import Claim
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.judge import Judgement, judge
from snippets.lab.judging.rules import ACCEPTED_DAYS, NOISY_SHARE
from snippets.lab.judging.verdict import Verdict
from snippets.lab.moment import once
from snippets.lab.numbers import NBSP
from snippets.lab.paths import PYTHON
from snippets.lab.results.contributed import plainly
from snippets.lab.results.held import Held, all_results
from snippets.lab.results.results import Measured, Results


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
def rulings_everywhere(claim_id: str) -> list[Ruling]:
    """One per machine that has a result, this build's machine first."""
    experiment, claim = claim_ids()[claim_id]
    return [rule(experiment, claim, held) for held in all_results()]


def rule(experiment: str, claim: Claim, held: Held) -> Ruling:
    results = held.results
    measured = results.experiments.get(experiment)
    if results.tier not in claim.tiers:
        found = Judgement(Verdict.NOT_HERE, "it speaks of machines with a GPU")
    else:
        found = judge(claim, measured, results.machine)
    if found.verdict == Verdict.ERRORED and not held.own:
        found = Judgement(Verdict.NOT_HERE, _lacks(experiment, measured))
    return Ruling(experiment, claim, found, results, measured, held.own, held.file)


def _lacks(experiment: str, measured: Measured | None) -> str:
    if measured is None or measured.status == "error":
        return "it failed there"
    return what_lacks(measured.source_hash != experiment_hash(experiment))


def what_lacks(stale: bool) -> str:
    """Of another machine's result that does not have what the pages ask for."""
    return "it was measured elsewhere with older code" if stale else "what was measured elsewhere is not whole"


def to_accept(found: Iterable[Ruling]) -> dict[str, Accepted]:
    """What may stand in for a value that is too noisy to tell another day: the claims that hold."""
    return {
        each.claim.id: Accepted(each.interval, each.said, each.measured.day, _machine(each))
        for each in found
        if each.judgement.verdict == Verdict.HOLDS and each.measured
    }


def _machine(each: Ruling) -> str:
    """What the value depends on: the GPU, where it is one's, or else the processor."""
    machine = each.results.machine
    return plainly(machine.gpu or machine.cpu if each.claim.tiers == ("gpu",) else machine.cpu)


def is_recent(last: Accepted, today: date) -> bool:
    return (today - date.fromisoformat(last.day)).days <= ACCEPTED_DAYS


def problems_of_publishing(
    found: list[Ruling], accepted: dict[str, Accepted], today: date, published_since: bool = True
) -> list[str]:
    """Why a site that could be built may not be published: too much is too noisy to tell, or one claim has been for
    long. Of what this build measured, as above.

    A claim that was never accepted may be published without a value. One that was, and held in no publication of the
    last ACCEPTED_DAYS, may not: something about it has changed. But if there was no publication in that time, its
    age says nothing (`published_since`).
    """
    judged = [each for each in found if each.own and each.judgement.verdict != Verdict.NOT_HERE]
    noisy = [each for each in judged if each.judgement.verdict == Verdict.TOO_NOISY]
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
