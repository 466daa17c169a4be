"""Items that compute: alone, and beside processes that keep each core busy."""

from snippets.experiments.signatures.arms import ALONE, BUSY_NEIGHBOUR
from snippets.experiments.signatures.waits import timelines
from snippets.lab.figures.figure import Figure
from snippets.lab.numbers import percent, times
from snippets.lab.results.results import Measured


def values(result: Measured) -> dict[str, str]:
    return {
        "longer": times(result.ratio(BUSY_NEIGHBOUR, ALONE).median),
        "waited_alone": percent(result.estimate(ALONE, "waited").median),
        "waited": percent(result.estimate(BUSY_NEIGHBOUR, "waited").median),
    }


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"The same epoch takes {say['longer']} as long beside {result.params['neighbours']} processes that compute: "
        f"the step waits for {say['waited']} of it instead of {say['waited_alone']}."
    )
    return timelines(result, {ALONE: "alone", BUSY_NEIGHBOUR: "beside busy neighbours"}, message)
