"""The first version's rules of thumb: what they say on this machine."""

# prints: 4 per GPU: \d+
# prints: half of the cores: \d+
# prints: by platform: [04]

# --8<-- [start:code]
import multiprocessing
import platform

import torch

num_gpus = torch.cuda.device_count()

# Rule of thumb
num_workers = 4 * num_gpus  # per machine, but a loader counts per process
print(f"4 per GPU: {num_workers}")

# Or based on CPU cores
num_workers = multiprocessing.cpu_count() // 2  # of all, not of the usable
print(f"half of the cores: {num_workers}")

# Platform specific
if platform.system() == "Windows":
    num_workers = 0  # workers run there, too, behind a main guard
else:
    num_workers = 4  # Linux forks them up to Python 3.13, macOS spawns
print(f"by platform: {num_workers}")
# --8<-- [end:code]
