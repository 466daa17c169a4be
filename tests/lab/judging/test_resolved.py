"""Which numbers of a page a measurement has resolved: by their scatter from round to round, and by what is noise."""

import pytest

from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.judging.resolved import unresolved, within_noise
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.numbers import NBSP, duration, percent, times
from snippets.lab.results.results import Measured, RoundSample
from tests.lab.made import measured

STEADY = [1.0, 1.02, 0.99, 1.01, 1.0, 0.98, 1.03]
WILD = [1.0, 1.5, 0.99, 1.01, 1.0, 0.98, 1.03]


def of(totals: list[float], again: float | None = None, **changed: object) -> Measured:
    """The arm `alone` took these seconds, and `again` times as long when it ran a second time in each round."""
    arms = {"alone": 1.0, **({f"alone{AGAIN}": again} if again else {})}
    samples = [
        RoundSample(0, number, arm, {"total": factor * total})
        for number, total in enumerate(totals)
        for arm, factor in arms.items()
    ]
    return measured(samples=samples, again="alone" if again else None, **changed)


def seconds(result: Measured) -> dict[str, str]:
    return {"took": duration(result.estimate("alone").median)}


@pytest.mark.parametrize(
    ("totals", "noisy"),
    [
        (STEADY, set()),
        (WILD, {"took"}),
        ([each / 1000 for each in STEADY], set()),
        ([0.99, 1.01] * 3 + [1.0], set()),  # 990 ms and 1.01 s
        ([0.7, 1.01] * 3 + [1.0], {"took"}),
    ],
)
def test_a_value_that_scatters_is_not_resolved(totals: list[float], noisy: set[str]) -> None:
    assert unresolved(seconds, of(totals), timed=True) == noisy


def test_what_is_the_same_in_every_round_and_what_is_no_number_is_told() -> None:
    def say(result: Measured) -> dict[str, str]:
        took = result.estimate("alone").median
        return {"rows": "20,000", "who": "one" if took > 1 else "the other", "none": "" if took > 1 else "3"}

    disturbed = of(WILD, surroundings=[Surroundings([2.0] * 7, 0.5, None)])
    assert unresolved(say, disturbed, timed=True) == set()


def test_a_share_near_nothing_may_be_a_few_points_more() -> None:
    def say(result: Measured) -> dict[str, str]:
        return {"few": percent(result.estimate("alone").median / 50), "many": percent(result.estimate("alone").median)}

    assert unresolved(say, of(WILD), timed=True) == {"many"}


@pytest.mark.parametrize(("timed", "noisy"), [(True, {"took"}), (False, set())])
def test_what_a_disturbed_machine_timed_is_not_resolved(timed: bool, noisy: set[str]) -> None:
    """What is counted, or is memory, is as good as ever."""
    assert unresolved(seconds, of(STEADY, surroundings=[Surroundings([2.0] * 7, 0.5, None)]), timed) == noisy
    assert unresolved(seconds, of(STEADY, surroundings=[Surroundings([2.0] * 7, None, 0.5)]), timed) == noisy


@pytest.mark.parametrize(
    ("again", "ratio", "noise"),
    [(None, 1.1, False), (1.15, 1.1, False), (1.3, 1.25, True), (1.3, 0.8, True), (1.3, 1.4, False), (1.3, 0.0, True)],
)
def test_a_ratio_as_small_as_what_is_noise_is_not_resolved(again: float | None, ratio: float, noise: bool) -> None:
    result = of(STEADY, again)
    assert within_noise(ratio, result) == noise
    said = {"ratio": times(ratio), "rate": f"1{NBSP}MB"}
    assert unresolved(lambda _: said, result, timed=True) == ({"ratio"} if noise else set())
