"""How much memory a process may have: the least of what the machine has and what each cgroup above it leaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab.machine.machine import this_machine
from snippets.lab.machine.memory import limited

GIB = 2**30


@pytest.mark.parametrize(
    ("ram", "limits", "expected"),
    [
        (64, {}, 64),
        (64, {"box": "max\n"}, 64),
        (64, {"box": f"{16 * GIB}\n"}, 16),
        (64, {"box": "max", "": f"{8 * GIB}"}, 8),
        (64, {"box": f"{16 * GIB}", "": f"{8 * GIB}"}, 8),
        (64, {"box": f"{128 * GIB}"}, 64),
        (64, {"box": "lots", "": ""}, 64),
        (0, {"box": f"{16 * GIB}"}, 16),
        (0, {}, 0),
    ],
)
def test_the_memory_is_cut_by_the_tightest_group(
    tmp_path: Path, ram: int, limits: dict[str, str], expected: int
) -> None:
    (tmp_path / "box").mkdir()
    for group, text in limits.items():
        (tmp_path / group / "memory.max").write_text(text)
    machine = replace(this_machine(), ram=ram * GIB)
    folders = [tmp_path / "box", tmp_path, tmp_path / "cpu"]
    assert limited(machine, folders) == replace(machine, ram=expected * GIB)


def test_this_process_has_no_more_than_there_is() -> None:
    assert 0 <= limited(this_machine()).ram <= (this_machine().ram or 2**60)
