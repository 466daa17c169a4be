"""What a forked worker may not do, and what its parent must not have asked."""

from snippets.experiments.counts import exact
from snippets.experiments.cuda_fork.arms import DEVICE_COUNT, FORK, IS_AVAILABLE, SPAWN
from snippets.lab.judging.claim import NotHere, Statistic, value
from snippets.lab.results.results import Measured


def refused_after_device_count(result: Measured) -> list[float]:
    if not all(result.samples_of(DEVICE_COUNT, "nvml")):
        raise NotHere("here torch counts GPUs by CUDA itself, for NVML did not answer")
    return result.samples_of(DEVICE_COUNT, "refused")


CLAIMS = (
    exact(
        "forked-workers-may-not-use-cuda",
        value("the errors of a forked worker that touches CUDA after its parent did", FORK, "refused"),
        1,
        "A CUDA context does not survive a fork, and torch says so instead of going on.",
        tiers=("gpu",),
    ),
    exact(
        "spawned-workers-may-use-cuda",
        value("the errors of a spawned worker that touches CUDA after its parent did", SPAWN, "refused"),
        0,
        "A spawned worker begins without a context and makes one of its own.",
        tiers=("gpu",),
    ),
    exact(
        "is-available-counts-as-use",
        value(
            "the errors of a forked worker that touches CUDA after its parent asked torch.cuda.is_available()",
            IS_AVAILABLE,
            "refused",
        ),
        1,
        "It asks CUDA itself, which begins with that, and what has begun does not survive a fork.",
        tiers=("gpu",),
    ),
    exact(
        "device-count-is-no-use",
        Statistic(
            "the errors of a forked worker that touches CUDA after its parent asked torch.cuda.device_count()",
            refused_after_device_count,
        ),
        0,
        "It asks NVML, a library of the driver beside CUDA, where that answers.",
        tiers=("gpu",),
    ),
)
