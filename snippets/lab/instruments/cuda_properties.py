"""What torch says of the GPU that it uses, beside its name: `python -m snippets.lab.instruments.cuda_properties` prints
it as JSON, or null where there is none.

A result file tells it. Nothing is measured by it, so no experiment imports this.
"""

import json

import torch

from snippets.lab.instruments.cuda import missing


def properties() -> dict[str, str | int | None]:
    """Of the first GPU. `uuid`: by which the driver's own tool finds the same one. `memory`: in bytes."""
    device = torch.cuda.get_device_properties(0)
    return {
        "uuid": str(device.uuid),
        "cuda": torch.version.cuda,
        "count": torch.cuda.device_count(),
        "capability": f"{device.major}.{device.minor}",
        "memory": device.total_memory,
    }


if __name__ == "__main__":
    print(json.dumps(None if missing() else properties()))
