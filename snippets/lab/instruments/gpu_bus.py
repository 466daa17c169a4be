"""Whether what is copied to a GPU crosses a bus. Not in `cuda`, on which each experiment's numbers depend."""

import re

import torch

COHERENT = re.compile(r"\bG[HB]\d+")
"""Superchips, by their names: GH200, GB200, GB10. Their GPU reads the host's memory as its own, pinned or not."""


def across_a_bus() -> bool:
    """For the first GPU: not where it is part of the processor, or coherent with its memory."""
    properties = torch.cuda.get_device_properties(0)
    return not properties.is_integrated and not COHERENT.search(properties.name)
