"""What the first version of a guide said, and what the claims of this one make of it."""

from typing import Literal

from snippets.lab.claim import Statement
from snippets.lab.verdicts import Ruling, ruling

Finding = Literal["holds", "depends", "does not hold", "too noisy to tell", "not measured here", "errored"]


def finding(statement: Statement) -> tuple[Finding, list[Ruling]]:
    """What the claims say together, and their rulings. A statement with an undecided claim is undecided."""
    found = [ruling(claim) for claim in (*statement.supported_by, *statement.refuted_by)]
    verdicts = [each.judgement.verdict for each in found]
    for undecided in ("errored", "not measured here", "too noisy to tell"):
        if undecided in verdicts:
            return undecided, found
    supports, refutes = verdicts[: len(statement.supported_by)], verdicts[len(statement.supported_by) :]
    speaks_for = "holds" in supports or "contradicted" in refutes
    speaks_against = "contradicted" in supports or "holds" in refutes
    if speaks_for and speaks_against:
        return "depends", found
    return ("holds" if speaks_for else "does not hold"), found
