"""What only a CUDA GPU can show: each arm of the experiments for it runs there, and ends in its values; and the message
about it, which pages show, comes there, and goes with its fix.

Skipped elsewhere, but where REQUIRE_GPU is set, as in the workflow gpu: there a GPU that torch cannot use is a failure.
What the values are, that workflow measures and judges.
"""

import importlib
import os

import pytest
import torch

from snippets.lab import outputs
from snippets.lab.catalog import measuring_module

WITHOUT = not torch.cuda.is_available() and not os.environ.get("REQUIRE_GPU")
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(WITHOUT, reason="needs a CUDA GPU")]


@pytest.mark.parametrize("name", ["pin-memory", "cuda-overlap"])
def test_each_arm_takes_its_time(name: str) -> None:
    with importlib.import_module(measuring_module(name)).EXPERIMENT.arms() as arms:
        for arm in arms.values():
            assert arm().values["total"] > 0


def test_a_forked_worker_is_refused_and_a_spawned_one_is_not() -> None:
    with importlib.import_module(measuring_module("cuda-fork")).EXPERIMENT.arms() as arms:
        assert {name: arm().values["refused"] for name, arm in arms.items()} == {"fork": 1.0, "spawn": 0.0}


def test_its_message_comes_and_goes_with_the_fix() -> None:
    failed, fixed = (outputs.run(f"errors/cuda_in_forked_worker{ending}") for ending in ("", "_fixed"))
    assert "RuntimeError: Cannot re-initialize CUDA in forked subprocess" in failed.text
    assert (fixed.exit_code, "Traceback" in fixed.text) == (0, False), fixed.text
