"""What the first version of a guide said, and what the claims of this one make of it."""

from collections.abc import Sequence

from snippets.lab.judging.claim import Statement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown.verdicts import ruling


def finding(statement: Statement) -> tuple[Finding, list[Ruling]]:
    """What the claims say together, and their rulings: those that support the statement, then those that refute it."""
    rulings = [ruling(claim) for claim in (*statement.supported_by, *statement.refuted_by)]
    verdicts = [on_claim.judgement.verdict for on_claim in rulings]
    supports = len(statement.supported_by)
    return together(verdicts[:supports], verdicts[supports:]), rulings


def together(supports: Sequence[Verdict], refutes: Sequence[Verdict]) -> Finding:
    """A statement with an undecided claim is undecided; one for which and against which claims speak, depends."""
    for undecided in (Verdict.ERRORED, Verdict.NOT_HERE, Verdict.TOO_NOISY):
        if undecided in supports or undecided in refutes:
            return Finding[undecided.name]
    speaks_for = Verdict.HOLDS in supports or Verdict.CONTRADICTED in refutes
    speaks_against = Verdict.CONTRADICTED in supports or Verdict.HOLDS in refutes
    if speaks_for and speaks_against:
        return Finding.DEPENDS
    return Finding.HOLDS if speaks_for else Finding.DOES_NOT_HOLD
