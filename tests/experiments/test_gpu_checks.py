"""When a claim about a GPU says nothing, because a length on which it relies came out otherwise; and when a test says
nothing, because its experiment cannot run.
"""

from collections.abc import Callable
from dataclasses import replace

import pytest

from snippets.experiments.copies import measure
from snippets.experiments.gpu_checks import across_a_bus, alike, checked, fed, step_over
from snippets.lab.judging.claim import NotHere, Statistic
from snippets.lab.results.results import Measured

from .gpu import experiment_here
from .results import plain, result

NUMBERS = Statistic("its rounds", lambda measured: [2.0, 3.0])


def arms(**values: tuple[float, float]) -> Measured:
    """Of two arms, `one` and `other`."""
    named = [{name: both[at] for name, both in values.items()} for at in (0, 1)]
    return result("step", {"one": {"step": 1.0} | named[0], "other": {"step": 1.0} | named[1]})


@pytest.mark.parametrize(
    ("check", "fits", "does_not", "reason"),
    [
        (fed("one", "other"), arms(waited=(0, 0.1)), arms(waited=(0.05, 0.3)), "for 30 % of the time (other)"),
        (fed("one", "other"), arms(waited=(0.05, 0.05)), arms(waited=(0.11, 0)), "for 11 % of the time (one)"),
        (alike("one", "other"), arms(step=(1, 1.1)), arms(step=(1, 1.2)), "took 1 s in one arm and 1.2 s in another"),
        (alike("one", "other"), arms(step=(1.1, 1)), arms(step=(0.06, 0.05)), "took 50 ms in one arm and 60 ms in"),
        (
            step_over("one", "copy", 1.7, 2.3),
            arms(copy=(0.5, 9)),
            arms(copy=(0.625, 9)),
            "took 1.6 times the copy",
        ),
        (step_over("one", "copy", 1.7, 2.3), arms(copy=(0.5, 9)), arms(copy=(0.4, 9)), "not 1.7 to 2.3 times"),
        (across_a_bus("one"), arms(bus=(1, 0)), arms(bus=(0, 1)), "reads the host’s memory as its own"),
    ],
)
def test_a_length_that_does_not_fit_leaves_the_claim_unsaid(
    check: Callable[[Measured], None], fits: Measured, does_not: Measured, reason: str
) -> None:
    looked = checked(NUMBERS, check)
    assert looked.words == NUMBERS.words and looked.of(fits) == [2.0, 3.0]
    with pytest.raises(NotHere) as said:
        looked.of(does_not)
    assert reason in plain(str(said.value))


def test_each_check_is_asked() -> None:
    looked = checked(NUMBERS, alike("one", "other"), across_a_bus("other"))
    with pytest.raises(NotHere, match="as its own"):
        looked.of(arms(bus=(1, 0)))


def test_an_arm_that_did_not_keep_a_length_is_an_error() -> None:
    with pytest.raises(KeyError, match="waited"):
        checked(NUMBERS, fed("one")).of(arms())


@pytest.mark.parametrize(
    ("required", "ends"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)], ids=["skips", "fails"]
)
def test_what_cannot_run_is_skipped_with_its_reason_or_fails(
    monkeypatch: pytest.MonkeyPatch, required: str, ends: type[BaseException]
) -> None:
    """A machine may have a GPU, and too little shared memory."""
    monkeypatch.setattr(measure, "EXPERIMENT", replace(measure.EXPERIMENT, unavailable=lambda: "64 MiB of /dev/shm"))
    monkeypatch.setenv("REQUIRE_GPU", required)
    with pytest.raises((pytest.skip.Exception, pytest.fail.Exception), match="copies: 64 MiB of /dev/shm") as ended:
        experiment_here("copies")
    assert ended.type is ends
    monkeypatch.setattr(measure, "EXPERIMENT", replace(measure.EXPERIMENT, unavailable=lambda: None))
    assert experiment_here("copies") is measure.EXPERIMENT
