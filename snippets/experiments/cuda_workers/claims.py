"""What CUDA costs in a worker, and beside workers that are forked."""

from snippets.experiments.cuda_workers.arms import AFTER, WITH, WITHOUT
from snippets.experiments.gpu_checks import across_a_bus, checked
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio, value
from snippets.lab.numbers import megabytes, percent

CLAIMS = (
    Claim(
        "a-cuda-worker-takes-gpu-memory",
        checked(
            value("the GPU memory that a spawned worker takes whose items use CUDA", WITH, "gpu_bytes"),
            across_a_bus(WITH),
        ),
        at_least(50e6),
        because="Its process makes a CUDA context, which holds what torch’s kernels need, before any tensor of yours.",
        say=megabytes,
        needs_cores=0,
        tiers=("gpu",),
    ),
    Claim(
        "a-worker-without-cuda-takes-no-gpu-memory",
        checked(
            value("the GPU memory that a spawned worker takes whose items stay on the CPU", WITHOUT, "gpu_bytes"),
            across_a_bus(WITHOUT),
        ),
        at_most(10e6),
        because="To import torch makes no context.",
        say=megabytes,
        needs_cores=0,
        tiers=("gpu",),
    ),
    Claim(
        "forks-stay-quick-beside-cuda",
        ratio(
            "the time to the first batch of 8 workers, forked from a process that has used CUDA, over that of one "
            "spawned worker",
            AFTER,
            WITHOUT,
        ),
        at_most(0.4),
        because="A fork copies the tables of the context’s memory; a spawned worker imports torch.",
        say=percent,
        tiers=("gpu",),
    ),
)
