"""Two ranks load with workers of their own, each item once, another order in each epoch, and end as they should, also
when a thread of gloo gets the interpreter late. That torchrun starts them each build sees, for the page shows what
they print.

With torch 2.13 and Python 3.11 such a thread aborts the process if Python has ended by then. Without delay that was
seen once in several hundred runs; where threads are not made to hand over the interpreter, as here, once in eighteen.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from snippets.lab.paths import PAGES

from ..processes import Outcome, run

JOBS = 2
LATE_AND_NOTED = """
import os
import sys

from torch.utils.data import DataLoader

sys.setswitchinterval(600)
begin = DataLoader.__iter__


def noted(loader):
    with open(f"{os.environ['MASTER_PORT']}-{os.environ['RANK']}.rank", "a") as file:
        print(loader.num_workers, *loader.sampler, file=file)
    return begin(loader)


DataLoader.__iter__ = noted
"""
SAID = "".join(f"epoch {epoch}: rank 0 trained on 500 of 1000 items\n" for epoch in range(2))


def test_train_ranks(workplace: Path) -> None:
    code = (PAGES / "use_several_processes" / "train_ranks.py").read_text(encoding="utf-8")
    script = workplace / "late.py"
    script.write_text(LATE_AND_NOTED + code, encoding="utf-8")

    def ended(port: str, rank: str) -> Outcome:
        return run(
            script.name,
            cwd=workplace,
            MASTER_ADDR="localhost",
            MASTER_PORT=port,
            RANK=rank,
            LOCAL_RANK=rank,
            WORLD_SIZE="2",
            LOCAL_WORLD_SIZE="2",
        )

    both = [(port, rank) for port in free_ports(JOBS) for rank in ("0", "1")]
    with ThreadPoolExecutor(len(both)) as pool:
        for (_, rank), outcome in zip(both, pool.map(ended, *zip(*both, strict=True)), strict=True):
            assert (outcome.code, outcome.stdout) == (0, "" if rank == "1" else SAID), outcome.stderr
            assert not outcome.left
    for port in {port for port, _ in both}:
        ranks = [epochs_of(workplace / f"{port}-{rank}.rank") for rank in ("0", "1")]
        for halves in zip(*ranks, strict=True):
            assert sorted(sum(halves, [])) == [*range(1000)], "the two ranks together see each item once"
            assert len(halves[0]) == len(halves[1]) == 500
        assert all(first != second for first, second in ranks)


def epochs_of(rank: Path) -> list[list[int]]:
    """The items of each of its two epochs, in their order."""
    epochs = [[int(word) for word in line.split()] for line in rank.read_text(encoding="utf-8").splitlines()]
    assert [num_workers for num_workers, *_ in epochs] == [2, 2]
    return [items for _, *items in epochs]


def free_ports(count: int) -> list[str]:
    servers = [socket.create_server(("localhost", 0)) for _ in range(count)]
    ports = [str(server.getsockname()[1]) for server in servers]
    for server in servers:
        server.close()
    return ports
