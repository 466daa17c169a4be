# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lab: helpers in a notebook
#
# This page is a notebook that ran when the site was built. [Download
# it](../helper_sprites.ipynb), change the numbers, and run it again in
# Jupyter or VS Code; it needs `torch` and nothing else. The story behind it
# is in [the helper sprites](../../guides/helper-sprites/).
#
# ## Slow sprites
#
# Each sprite takes 5 ms to arrive, as if from a remote store that answers many
# requests at once. Waiting uses no core, so helpers can wait side by side,
# however few cores there are; torch's warning about more workers than cores
# is switched off.

# %%
import time
import warnings

import torch
from torch.utils.data import DataLoader, Dataset

warnings.filterwarnings("ignore", message="This DataLoader will create")


class SlowSprites(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        time.sleep(0.005)
        return torch.full((3, 32, 32), index % 256, dtype=torch.uint8)


def seconds_for_an_epoch(dataset, num_workers, method=None):
    loader = DataLoader(
        dataset,
        batch_size=8,
        num_workers=num_workers,
        multiprocessing_context=method,
    )
    start = time.perf_counter()
    for batch in loader:
        pass
    return time.perf_counter() - start


print(f"without helpers: {seconds_for_an_epoch(SlowSprites(), 0):.2f} s")

# %% [markdown]
# ## Under fork it works
#
# A forked worker is a copy of this notebook's process, so it knows the class
# that you have just defined. There is no `if __name__ == "__main__":` here,
# and none is needed. Fork is the default on Linux up to Python 3.13. Windows
# has no fork; on macOS a forked process may crash, and spawn is the default.

# %%
import sys

if sys.platform == "linux":
    seconds = seconds_for_an_epoch(SlowSprites(), 4, "fork")
    print(f"four forked helpers: {seconds:.2f} s")
else:
    print("only on Linux")

# %% [markdown]
# ## Under spawn it does not
#
# A spawned worker is a new Python process. It gets the dataset as a pickle,
# which only names the class, as `__main__.SlowSprites`; and the worker's
# `__main__` is not your notebook. A guard would not help: nothing is imported
# that it could guard. We keep what the workers say in a file, to show its
# last line.

# %%
import os
import tempfile
from contextlib import contextmanager


@contextmanager
def workers_write_errors_to(file):
    kept = os.dup(2)
    os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


with tempfile.TemporaryFile("w+") as file:
    try:
        with workers_write_errors_to(file):
            seconds_for_an_epoch(SlowSprites(), 2, "spawn")
    except RuntimeError as error:
        print("the notebook sees:", type(error).__name__)
    file.seek(0)
    said = [line.strip() for line in file if "Error" in line]
    print("the worker said:", said[-1])

# %% [markdown]
# ## What helps: a dataset that can be imported
#
# Put the class into a file beside the notebook. The pickle then names
# `slow_sprites.SlowSprites`, which a new process can import. (Here the file
# is written by the notebook, so that it stays one download.)

# %%
from pathlib import Path

folder = tempfile.mkdtemp()
Path(folder, "slow_sprites.py").write_text("""
import time

import torch
from torch.utils.data import Dataset


class SlowSprites(Dataset):
    def __len__(self):
        return 96

    def __getitem__(self, index):
        time.sleep(0.005)
        return torch.full((3, 32, 32), index % 256, dtype=torch.uint8)
""")
sys.path.append(folder)

import slow_sprites

seconds = seconds_for_an_epoch(slow_sprites.SlowSprites(), 2, "spawn")
print(f"two spawned helpers: {seconds:.2f} s")

# %% [markdown]
# It works. It also takes longer than no helpers at all: each spawned worker
# imports `torch` first. That price is paid once per `for batch in loader`, so
# it pays to spread it over long epochs or to keep the helpers with
# `persistent_workers=True` (but look at [what changes between
# epochs](../../how-to/get-right-results/#what-changes-between-epochs)).

# %%
loader = DataLoader(
    slow_sprites.SlowSprites(),
    batch_size=8,
    num_workers=2,
    multiprocessing_context="spawn",
    persistent_workers=True,
)
for epoch in (1, 2):
    start = time.perf_counter()
    for batch in loader:
        pass
    print(f"epoch {epoch}: {time.perf_counter() - start:.2f} s")

# %% [markdown]
# ## Where to go next
#
# - [The helper sprites](../../guides/helper-sprites/): the story behind this
#   lab.
# - [Choose num_workers](../../how-to/choose-num-workers/) for your own loop.
# - [Workers do not start](../../troubleshooting/start/): other messages of a
#   notebook.
