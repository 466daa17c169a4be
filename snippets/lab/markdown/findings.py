"""What the first version of a guide said, and what the claims of this one make of it."""

from collections.abc import Sequence
from typing import Literal

from snippets.lab.judging.claim import Statement
from snippets.lab.judging.judge import Verdict
from snippets.lab.judging.rulings import Ruling
from snippets.lab.markdown.verdicts import ruling

Finding = Literal["holds", "depends", "does not hold", "too noisy to tell", "not measured here", "errored"]


def finding(statement: Statement) -> tuple[Finding, list[Ruling]]:
    """What the claims say together, and their rulings."""
    found = [ruling(claim) for claim in (*statement.supported_by, *statement.refuted_by)]
    verdicts: list[Verdict] = [each.judgement.verdict for each in found]
    supports = len(statement.supported_by)
    return together(verdicts[:supports], verdicts[supports:]), found


def together(supports: Sequence[Verdict], refutes: Sequence[Verdict]) -> Finding:
    """A statement with an undecided claim is undecided; one for which and against which claims speak, depends."""
    for undecided in ("errored", "not measured here", "too noisy to tell"):
        if undecided in supports or undecided in refutes:
            return undecided
    speaks_for = "holds" in supports or "contradicted" in refutes
    speaks_against = "contradicted" in supports or "holds" in refutes
    if speaks_for and speaks_against:
        return "depends"
    return "holds" if speaks_for else "does not hold"
