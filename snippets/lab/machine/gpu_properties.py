"""What a result file tells of the GPU beside its name and its driver, which stand in `Machine`.

The harness imports `machine`, so that a change of it makes each number stale. Nothing is measured by what stands here.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from snippets.lab.machine.machine import _answer
from snippets.lab.output import VERSION

CAPABILITY = re.compile(r"\d{1,2}\.\d", re.ASCII)
PCIE = re.compile(r"[1-9] x[1-9]\d?", re.ASCII)
WATTS = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)
COMPUTE_MODES = ("Default", "Exclusive_Thread", "Exclusive_Process", "Prohibited")
"""As nvidia-smi calls them. In all but the first a second process may be refused."""
MOST_GPUS, MOST_BYTES, MOST_WATTS = 1024, 2**50, 100_000
ASKED = "--query-gpu=pcie.link.gen.max,pcie.link.width.max,compute_mode,power.limit"


@dataclass(frozen=True)
class GpuProperties:
    """Of the GPU that torch uses, its first one. `cuda`: the version that torch was built for. `count`: how many GPUs
    torch sees. `capability`: the compute capability, as "9.0". `memory`: in bytes.

    `pcie`: the generation and the lanes that card and slot allow, as "5 x16". `power_limit`: in watts. These two and
    `compute_mode` are the driver's words; None where its tool, nvidia-smi, is not there or does not say.
    """

    cuda: str | None
    count: int
    capability: str
    memory: int
    pcie: str | None
    compute_mode: str | None
    power_limit: float | None


@cache
def gpu_properties() -> GpuProperties | None:
    """None where torch can use no GPU. Takes seconds: a process of its own imports torch."""
    said = _answer([sys.executable, "-m", "snippets.lab.instruments.cuda_properties"])
    by_torch = json.loads(said) if said else None
    if by_torch is None:
        return None
    pcie, compute_mode, power_limit = _by_the_driver(by_torch.pop("uuid"))
    return GpuProperties(**by_torch, pcie=pcie, compute_mode=compute_mode, power_limit=power_limit)


def _by_the_driver(uuid: str) -> tuple[str | None, str | None, float | None]:
    """PCIe, compute mode and power limit of this very GPU: nvidia-smi may count them otherwise than torch."""
    line = _answer(["nvidia-smi", f"--id=GPU-{uuid}", ASKED, "--format=csv,noheader,nounits"]) or ""
    generation, width, mode, watts = ([field.strip() for field in line.split(",")] + [""] * 4)[:4]
    pcie = f"{generation} x{width}"
    return (
        pcie if PCIE.fullmatch(pcie) else None,
        mode if mode in COMPUTE_MODES else None,
        float(watts) if WATTS.fullmatch(watts) else None,
    )


def impossible(gpu: GpuProperties) -> Iterator[tuple[str, bool]]:
    """What a message says of each of them, and whether no machine can have told it."""
    yield f"cuda is {gpu.cuda!a:.60}", gpu.cuda is not None and not VERSION.fullmatch(gpu.cuda)
    yield f"count is {gpu.count}", not 1 <= gpu.count <= MOST_GPUS
    yield f"capability is {gpu.capability!a:.60}", not CAPABILITY.fullmatch(gpu.capability)
    yield f"memory is {gpu.memory}", not 1 <= gpu.memory <= MOST_BYTES
    yield f"pcie is {gpu.pcie!a:.60}", gpu.pcie is not None and not PCIE.fullmatch(gpu.pcie)
    yield f"compute_mode is {gpu.compute_mode!a:.60}", gpu.compute_mode not in (None, *COMPUTE_MODES)
    yield f"power_limit is {gpu.power_limit}", not 0 <= (gpu.power_limit or 0) <= MOST_WATTS
