"""A clock in the place of a GPU, which its calls move; and what a machine with a GPU can run."""

import importlib
import os

import pytest

from snippets.lab.catalog import measuring_module
from snippets.lab.instruments.experiment import Experiment


def experiment_here(name: str) -> Experiment:
    """Skips the test where this machine lacks what the experiment needs; fails it where a GPU is required."""
    experiment = importlib.import_module(measuring_module(name)).EXPERIMENT
    if reason := experiment.unavailable():
        if os.environ.get("REQUIRE_GPU"):
            pytest.fail(f"{name}: {reason}")
        pytest.skip(f"{name}: {reason}")
    return experiment


class Gpu:
    """Work that is queued is done when somebody waits for it. Seconds."""

    def __init__(self) -> None:
        self.now, self.queued, self.waits = 100.0, 0.0, 0

    def wait(self) -> None:
        self.waits += 1
        self.now += self.queued
        self.queued = 0.0
