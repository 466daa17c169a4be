"""A worker that touches CUDA: how it is started, and what is claimed of it. test_gpu.py looks at it on a GPU."""

from functools import partial

from snippets.experiments.cuda_fork.measure import EXPERIMENT

from .results import result, statistics


def test_each_arm_starts_its_worker_as_named() -> None:
    with EXPERIMENT.prepared() as arms:
        methods = {name: arm.args for name, arm in arms.items() if isinstance(arm, partial)}
    assert methods == {"fork": ("fork",), "spawn": ("spawn",)}


def test_claims() -> None:
    measured = result("", {"fork": {"refused": 1.0}, "spawn": {"refused": 2.0}}, rounds=1)
    assert statistics("cuda-fork", measured) == {
        "forked-workers-may-not-use-cuda": 1,
        "spawned-workers-may-use-cuda": 2,
    }
