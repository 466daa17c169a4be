"""That our doctor says more exactly than others what it is. What they say is shown, and not claimed."""

from snippets.experiments.doctor.arms import CANNOT_TELL
from snippets.experiments.other_doctors.arms import FAULTS, NO_ANSWER, OURS
from snippets.experiments.other_doctors.show import MARKS, named, said
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least
from snippets.lab.results.results import Measured

LEAST = 0.5
"""Of the loops, the part of which our doctor has to be able to tell."""


def of_the_better(result: Measured) -> list[float]:
    """The causes that ours names, over those that the better of the others does, round by round. Raises NotHere."""
    verdicts = {who: {loop: said(result, who, loop) for loop in FAULTS} for who in MARKS}
    found = []
    for at in range(len(verdicts[OURS][FAULTS[0]])):
        told = [loop for loop in FAULTS if verdicts[OURS][loop][at] not in (NO_ANSWER, *CANNOT_TELL)]
        if len(told) < LEAST * len(FAULTS):
            raise NotHere(f"our doctor could tell of only {len(told)} of {len(FAULTS)} loops")
        causes = {who: sum(named(who, loop, verdicts[who][loop][at]) for loop in told) for who in MARKS}
        ours = causes.pop(OURS)
        found.append(ours / max(1, *causes.values()))
    return found


CLAIMS = (
    Claim(
        "the-doctor-names-more-causes",
        Statistic(
            "of the loops with a fault of which our doctor could tell, the causes that it names over those that the "
            "better of the others does",
            of_the_better,
        ),
        at_least(1.5),
        because="The others have one word for most of these faults, and the loops are ours.",
        needs_cores=2,
    ),
)
