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
from snippets.lab.machine.machine import Machine
from snippets.lab.moment import once
from snippets.lab.numbers import NBSP
from snippets.lab.paths import PYTHON
from snippets.lab.results.contributed import plainly
from snippets.lab.results.held import MachineResults, all_results
from snippets.lab.results.results import Measured, Results


@dataclass(frozen=True)
class Ruling:
    """One claim on one machine: `judgement`, of the machine's `results`. `measured` is None where these have none of
    the experiment. `own`: this build measured it; else `file` names the file that it was read from.
    """

    experiment: str
    claim: Claim
    judgement: Judgement
    results: Results
    measured: Measured | None
    own: bool = True
    file: str = ""

    @property
    def stale(self) -> bool:
        """The experiment's code has changed since; only results of other machines can be judged so."""
        return bool(self.measured) and not self.own and is_older(self.experiment, self.measured)

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
    """One per machine that has results, this build's machine first. Raises KeyError for no claim."""
    experiment, claim = claim_ids()[claim_id]
    return [rule(experiment, claim, held) for held in all_results()]


def of_each_machine(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Those that could be judged, one for each machine: its first, where it was measured on several days."""
    found: dict[Machine, Ruling] = {}
    for ruling in rulings:
        if ruling.judgement.verdict != Verdict.NOT_HERE:
            found.setdefault(ruling.results.machine, ruling)
    return [*found.values()]


def rule(experiment: str, claim: Claim, held: MachineResults) -> Ruling:
    """One claim by one machine's results. What another machine's file lacks is not an error of this build."""
    results = held.results
    measured = results.experiments.get(experiment)
    if results.tier not in claim.tiers:
        judgement = Judgement(Verdict.NOT_HERE, "it speaks of machines with a GPU")
    else:
        judgement = judge(claim, measured, results.machine)
    if judgement.verdict == Verdict.ERRORED and not held.own:
        judgement = Judgement(Verdict.NOT_HERE, _lacks(experiment, measured))
    return Ruling(experiment, claim, judgement, results, measured, held.own, held.file)


def _lacks(experiment: str, measured: Measured | None) -> str:
    """Why another machine's result cannot be judged."""
    if measured is None or measured.status == "error":
        return "it failed there"
    return what_lacks(is_older(experiment, measured))


def is_older(experiment: str, measured: Measured) -> bool:
    """Whether it was measured with other code than today's."""
    return measured.source_hash != experiment_hash(experiment, measured.form)


DRAWN_ON = "drawn_on"
"""The parameter of an experiment that draws anew each day what it measures: the day, or `every day` where it measures
all.
"""


def is_drawn(measured: Measured) -> bool:
    """Whether a number of another result would be one of other workloads. It would then stand beside the workloads of
    this result as if it were theirs.
    """
    return DRAWN_ON in measured.params


def what_lacks(stale: bool) -> str:
    """Why another machine's result does not have what the pages ask for."""
    return "it was measured elsewhere with older code" if stale else "what was measured elsewhere is not whole"


def to_accept(rulings: Iterable[Ruling]) -> dict[str, Accepted]:
    """By claim, the values of those that hold here: one may stand in on a day on which it is too noisy to tell. The
    files of other machines stay where they are.
    """
    holding = (ruling for ruling in rulings if ruling.own and ruling.judgement.verdict == Verdict.HOLDS)
    return {ruling.claim.id: accepted for ruling in holding if (accepted := to_be_accepted(ruling))}


def to_be_accepted(ruling: Ruling) -> Accepted | None:
    """The value of one that holds, with machine and day."""
    if not ruling.measured:
        return None
    return Accepted(ruling.interval, ruling.said, ruling.measured.day, _machine(ruling))


def _machine(ruling: Ruling) -> str:
    """What the value depends on: the GPU, where it is one's, or else the processor."""
    machine = ruling.results.machine
    return plainly(machine.gpu or machine.cpu if ruling.claim.tiers == ("gpu",) else machine.cpu)


def is_recent(last: Accepted, today: date) -> bool:
    """Whether a claim may still stand on its last accepted value."""
    return (today - date.fromisoformat(last.day)).days <= ACCEPTED_DAYS


def problems_of_publishing(
    rulings: list[Ruling], accepted: dict[str, Accepted], today: date, published_since: bool = True
) -> list[str]:
    """Why a site that could be built may not be published: too much is too noisy to tell, or one claim has been for
    long. Only what this build measured counts.

    A claim that was never accepted may be published without a value. One that was, and held in no publication of the
    last ACCEPTED_DAYS, may not: something about it has changed. But if there was no publication in that time, its
    age says nothing (`published_since`).
    """
    judged = [ruling for ruling in rulings if ruling.own and ruling.judgement.verdict != Verdict.NOT_HERE]
    noisy = [ruling for ruling in judged if ruling.judgement.verdict == Verdict.TOO_NOISY]
    problems = []
    if len(noisy) > NOISY_SHARE * len(judged):
        problems.append(
            f"the environment is unfit: {len(noisy)} of {len(judged)} claims are too noisy to tell. Publish from a "
            f"quieter machine, or measure again: {PYTHON} -m snippets.lab site --full --publish"
        )
    for ruling in noisy:
        last = accepted.get(ruling.claim.id)
        if published_since and last and not is_recent(last, today):
            problems.append(
                f"too noisy to tell for {ACCEPTED_DAYS} days, and last accepted on {last.day}: {ruling.claim.id} "
                f"({ruling.judgement.reason}). Measure on a quieter machine, mend "
                f"{experiment_folder(ruling.experiment)}, or claim less: under another id a claim begins anew"
            )
    return problems
