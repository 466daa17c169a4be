"""What waits for a server scales with the requests that are on their way, until the server has no place for more."""

from snippets.experiments.network.arms import FEW, at_once, one_by_one
from snippets.lab.judging.claim import Claim, Statistic, at_least, at_most, ratio
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def full(result: Measured) -> list[float]:
    places = int(result.number("places"))
    return quotients(result.samples_of(one_by_one(2 * places, FEW)), result.samples_of(one_by_one(places, FEW)))


CLAIMS = (
    Claim(
        "eight-workers-ask-at-the-same-time",
        ratio("items/s of a distant server with 8 workers over those with 0", one_by_one(8), one_by_one(0)),
        at_least(4.0, beyond=10.0),
        because="Eight requests on their way are at most eight times as many; what the workers compute takes its part.",
        needs_cores=2,
    ),
    Claim(
        "a-full-server-serves-no-second-worker",
        Statistic("items/s of a server with twice as many workers as it has places over those with as many", full),
        at_most(1.5),
        because="Each worker takes a place; twice as many fill the moments in which one of these asks for nothing.",
        needs_cores=2,
    ),
    Claim(
        "threads-of-one-worker-ask-at-the-same-time",
        ratio(
            "items/s of a distant server with 1 worker that asks for 8 at once over those with 8 workers",
            at_once(1),
            one_by_one(8),
        ),
        at_least(0.5),
        because="As many requests are on their way; a batch ends with its last answer, and the next one begins then.",
        needs_cores=2,
    ),
    Claim(
        "threads-help-without-workers",
        ratio(
            "items/s of a distant server with 0 workers that ask for 8 at once over those that ask one by one",
            at_once(0),
            one_by_one(0),
        ),
        at_least(3.0, beyond=10.0),
        because="Eight requests on their way are at most eight times as many.",
        needs_cores=2,
    ),
)
