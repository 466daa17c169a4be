"""What the scripts that know of a GPU do on machines that are not to be had: with a torch built for CUDA and no driver,
on a Mac, with one GPU for two ranks, and with two.

Each stands in as a few lines before the script, which replace what torch says of the machine. What they do not prove:
that anything is right on a GPU.
"""

import ast
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.outputs.running import code_of
from snippets.lab.paths import PAGES

from ..browser.messages import sections
from ..processes import Outcome, run_in_fork

SEES = """
import torch

torch.accelerator.is_available = lambda: {available}
torch.accelerator.current_accelerator = lambda check_available=False: (
    None if check_available and not {available} else torch.device({device!r})
)
"""
BUILT_FOR_CUDA = SEES.format(available=False, device="cuda")
A_MAC = SEES.format(available=True, device="mps")

SAYS_WHETHER_IT_PINS = """
from torch.utils import data

def made(*arguments, **options):
    raise SystemExit(f"pins: {options['pin_memory']}")

data.DataLoader = made
"""

GPUS = """
import os

import torch
import torch.distributed

torch.cuda.is_available = lambda: True
torch.cuda.device_count = lambda: {count}
torch.cuda.set_device = lambda device: os.write(1, f"rank {{os.environ['RANK']}} takes {{device}}\\n".encode())
"""
STOPS = """
def init_process_group(backend):
    os.write(1, f"rank {os.environ['RANK']} begins over {backend}\\n".encode())
    raise SystemExit

torch.distributed.init_process_group = init_process_group
torch.distributed.is_nccl_available = lambda: NCCL
"""


Behind = Callable[..., Outcome]


@pytest.fixture
def behind(python: Preloaded | None, workplace: Path) -> Behind:
    """`behind(prelude, name, RANK="0", …)`: how a script ends after those lines, with such environment variables."""

    def behind(prelude: str, name: str, **environment: str) -> Outcome:
        (workplace / "behind.py").write_text(f"{prelude}\n{code_of(name)}", encoding="utf-8")
        return run_in_fork(python, "behind.py", cwd=workplace, **environment)

    return behind


def test_built_for_cuda_without_a_driver(behind: Behind) -> None:
    """Which is what pip installs on Linux: what torch was built for is no GPU."""
    outcome = behind(BUILT_FOR_CUDA, "optimization_guide/pin_memory")
    assert (outcome.code, outcome.stdout) == (0, "mean brightness 0.500, computed on cpu\n"), outcome.stderr


def test_on_a_mac_nothing_is_pinned(behind: Behind) -> None:
    """torch would warn that it is not supported there."""
    for name in ("optimization_guide/pin_memory", "errors/pin_without_gpu_fixed"):
        outcome = behind(A_MAC + SAYS_WHETHER_IT_PINS, name)
        assert outcome.stderr == "pins: False\n", name


def test_on_a_mac_torch_says_what_heads_the_section_on_it(behind: Behind) -> None:
    """The page quotes a message that no build has seen on a Mac."""
    (title,) = (section.title for section in sections() if section.anchor == "pin-on-mps")
    outcome = behind(A_MAC, "errors/pin_without_gpu")
    assert title.strip("`") in outcome.stderr and outcome.stdout == "pinned: False\n"


@pytest.mark.parametrize("name", ["optimization_guide/pin_memory", "errors/pin_without_gpu_fixed"])
def test_for_a_gpu_it_is_pinned(name: str, behind: Behind) -> None:
    outcome = behind(SEES.format(available=True, device="cuda") + SAYS_WHETHER_IT_PINS, name)
    assert outcome.stderr == "pins: True\n"


TRAIN_RANKS = "use_several_processes/train_ranks"


def test_one_gpu_for_two_ranks(behind: Behind) -> None:
    """The first of two ranks of this machine, here alone in its group: it trains on the CPU."""
    with socket.create_server(("localhost", 0)) as server:
        place = {"MASTER_ADDR": "localhost", "MASTER_PORT": str(server.getsockname()[1])}
    outcome = behind(GPUS.format(count=1), TRAIN_RANKS, **place, RANK="0", WORLD_SIZE="1", LOCAL_WORLD_SIZE="2")
    seen = "".join(f"epoch {epoch}: rank 0 trained on 1000 of 1000 items\n" for epoch in range(2))
    assert (outcome.code, outcome.stdout) == (0, seen), outcome.stderr


@pytest.mark.parametrize(("rank", "nccl", "backend"), [("0", True, "nccl"), ("1", True, "nccl"), ("1", False, "gloo")])
def test_each_rank_has_a_gpu_before_anything_is_made_for_it(
    rank: str, nccl: bool, backend: str, behind: Behind
) -> None:
    """Else all of them would pin for the first one. On Windows torch has no NCCL, with GPUs neither."""
    stops = STOPS.replace("NCCL", str(nccl))
    outcome = behind(GPUS.format(count=2) + stops, TRAIN_RANKS, RANK=rank, LOCAL_RANK=rank, LOCAL_WORLD_SIZE="2")
    assert outcome.code == 0, outcome.stderr
    assert outcome.stdout == f"rank {rank} takes {rank}\nrank {rank} begins over {backend}\n"


def test_no_worker_that_imports_its_script_makes_anything_on_the_accelerator() -> None:
    """A spawned worker runs what stands at the top of its script: a model there would take the GPU's memory in each."""
    starts_workers = [
        path for path in sorted(PAGES.rglob("*.py")) if "num_workers=" in path.read_text(encoding="utf-8")
    ]
    assert len(starts_workers) > 100
    found = []
    for path in starts_workers:
        for each in ast.parse(path.read_text(encoding="utf-8")).body:
            says = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
            if says or isinstance(each, ast.If | ast.FunctionDef | ast.ClassDef):
                continue
            if any(word in ast.unparse(each) for word in ("accelerator", ".to(", "cuda")):
                found.append(f"{path.name}:{each.lineno}")
    assert found == []
