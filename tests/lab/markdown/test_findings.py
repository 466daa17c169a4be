"""What several verdicts say together about one statement."""

from collections.abc import Sequence

import pytest

from snippets.lab.judging.verdict import Finding, Verdict
from snippets.lab.markdown.findings import together


@pytest.mark.parametrize(
    ("supports", "refutes", "said"),
    [
        (["holds"], [], "holds"),
        ([], ["contradicted"], "holds"),
        (["holds"], ["contradicted"], "holds"),
        (["contradicted"], [], "does not hold"),
        ([], ["holds"], "does not hold"),
        (["contradicted"], ["holds"], "does not hold"),
        (["holds"], ["holds"], "depends"),
        (["holds", "contradicted"], [], "depends"),
        ([], ["holds", "contradicted"], "depends"),
        (["holds", "too noisy to tell"], [], "too noisy to tell"),
        (["holds"], ["too noisy to tell"], "too noisy to tell"),
        (["not measured here"], ["too noisy to tell"], "not measured here"),
        (["too noisy to tell"], ["errored", "not measured here"], "errored"),
    ],
)
def test_together(supports: Sequence[Verdict], refutes: Sequence[Verdict], said: Finding) -> None:
    assert together(supports, refutes) == said
