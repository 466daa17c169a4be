"""Whether an experiment for a CUDA GPU can run here, by what torch sees.

`python -m snippets.lab.instruments.cuda` prints its name.

A driver's own tool may see a GPU that torch cannot use: the driver is too old, or this torch was built without CUDA, or
without code for that GPU.
"""

import re

import torch

KIND = re.compile(r"(?P<kind>sm|compute)_(?P<major>\d+)(?P<minor>\d)[a-z]*")


def missing() -> str | None:
    """Why it cannot; None where it can."""
    if not torch.cuda.is_available():
        return "no CUDA GPU on this machine"
    major, minor = torch.cuda.get_device_capability()
    if not _has_code_for(major, minor, torch.cuda.get_arch_list()):
        return f"this torch has no code for a GPU of compute capability {major}.{minor}"
    return None


def name() -> str | None:
    """The first GPU, as torch names it; None where it sees none that it can use."""
    return None if missing() else torch.cuda.get_device_name(0)


def _has_code_for(major: int, minor: int, built_for: list[str]) -> bool:
    """Whether torch, built for the architectures `built_for` ("sm_90", "compute_80"), runs on compute capability
    `major`.`minor`.

    Machine code runs within its generation, on this minor version or a later one; `compute_` is compiled for any later
    GPU. A torch that names only other architectures, as for another maker's GPU, is taken to run.
    """
    kinds = [kind for architecture in built_for if (kind := KIND.fullmatch(architecture))]
    fits = [
        kind
        for kind in kinds
        if (int(kind["major"]), int(kind["minor"])) <= (major, minor)
        and (kind["kind"] == "compute" or int(kind["major"]) == major)
    ]
    return bool(fits) or not kinds


if __name__ == "__main__":
    print(name() or "")
