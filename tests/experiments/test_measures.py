"""What an experiment says of itself is what it does: parameters that a caption quotes, an arm that runs twice.

What it does not prove: that the arms measure what they should. Their claims do, at every build.
"""

import importlib
from types import ModuleType

import pytest

from snippets.lab.catalog import experiment_names, measuring_module


def module(name: str) -> ModuleType:
    return importlib.import_module(measuring_module(name))


@pytest.mark.parametrize("name", experiment_names())
def test_a_parameter_is_the_constant_of_its_name(name: str) -> None:
    measure = module(name)
    for key, value in measure.EXPERIMENT.params.items():
        constant = getattr(measure, key.upper().replace(" ", "_"), value)
        if isinstance(constant, str | int | float):
            assert value == constant, key


@pytest.mark.parametrize("name", experiment_names())
def test_the_arm_that_runs_twice_is_one_of_the_arms(name: str) -> None:
    experiment = module(name).EXPERIMENT
    if experiment.unavailable():
        pytest.skip(experiment.unavailable())
    with experiment.prepared() as arms:
        assert experiment.again is None or experiment.again in arms
        assert len(arms) >= 2 or experiment.again, "a single arm is compared with itself"
    assert experiment.question.endswith("?") and experiment.pitfalls.endswith(".")
