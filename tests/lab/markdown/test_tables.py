"""The tables about all results: one column per machine, and no number where nothing was measured."""

from dataclasses import replace

import pytest

from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.machine.machine import Machine, Software
from snippets.lab.machine.surroundings import Surroundings
from snippets.lab.markdown import tables
from snippets.lab.results.held import MachineResults
from snippets.lab.results.results import Results
from tests.lab.made import ABSENT, PROPERTIES, measured, on_a_gpu
from tests.lab.made import results as made

GIB = 2**30
FAST = Claim("fast", value("the total", "alone"), at_least(5.0), "Why.")
HERE = Machine("Linux x86_64", "EPYC", 64, 8, 1.5, 24 * GIB, 2 * GIB, None, None)
THERE = Machine("Linux x86_64", "Xeon", 16, 16, None, 128 * GIB, None, "H200", "570.1")


@pytest.fixture(autouse=True)
def _two_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(made(one=measured(), two=ABSENT), machine=HERE, software=Software("3.11.7", "2.13", "2.4", None))
    other = replace(on_a_gpu(made(two=measured(passes=3))), machine=THERE, commit="abc", dirty=True)
    monkeypatch.setattr(tables, "all_results", lambda: [MachineResults(own), MachineResults(other, "contributed")])
    monkeypatch.setattr(tables, "experiment_names", lambda: ["one", "three", "two"])


def test_machines() -> None:
    table = tables.machines()
    assert table.header == ("", "This build’s machine", "Machine 2")
    rows = {name: (here, there) for name, here, there in table.rows}
    assert rows["Tier"] == ("CPU", "GPU")
    assert rows["CPU"] == ("EPYC", "Xeon")
    assert rows["Cores of the machine"] == ("64", "16")
    assert rows["Cores in the affinity mask"] == ("8", "16")
    assert rows["CFS quota, cores"] == ("1.5", "none")
    assert rows["Cores usable"] == ("1.5", "16")
    assert rows["RAM"] == ("24.0 GiB", "128.0 GiB")
    assert rows["/dev/shm"] == ("2.0 GiB", "none")
    assert rows["GPU"] == ("none", "H200")
    assert rows["GPU driver"] == ("none", "570.1")
    assert rows["torch"][0] == "2.13"
    assert rows["Pillow"][0] == "none"
    assert rows["Start method"] == ("fork", "fork")
    assert rows["Measured"] == ("2026-01-02", "2026-01-02")
    assert rows["Commit"] == ("none", "abc with changes")


GPU_ROWS = {
    "GPUs that torch sees": "1",
    "CUDA version of torch": "13.0",
    "Compute capability": "9.0",
    "GPU memory": "80.0 GiB",
    "PCIe generation and lanes": "5 x16",
    "GPU compute mode": "Exclusive Process",
    "GPU power limit": "700 W",
}


def shown_of(monkeypatch: pytest.MonkeyPatch, *properties: GpuProperties | None) -> list[dict[str, str]]:
    """The rows of machines with a GPU that tell this of it, machine by machine."""
    held = [replace(on_a_gpu(made()), gpu_properties=each) for each in properties]
    monkeypatch.setattr(tables, "all_results", lambda: [MachineResults(made()), *map(MachineResults, held)])
    _, *columns = zip(*tables.machines().rows, strict=True)
    names = [row[0] for row in tables.machines().rows]
    return [dict(zip(names, column, strict=True)) for column in columns]


def test_a_gpu_is_told_of_in_rows_that_are_there_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    properties = replace(PROPERTIES, compute_mode="Exclusive_Process")
    silent = replace(PROPERTIES, cuda=None, pcie=None, compute_mode=None, power_limit=None)
    without, told, untold, unasked = shown_of(monkeypatch, properties, silent, None)
    assert {name: told[name] for name in GPU_ROWS} == GPU_ROWS
    assert {without[name] for name in GPU_ROWS} == {"none"}
    assert {untold[name] for name in GPU_ROWS} == {"1", "unknown", "9.0", "80.0 GiB"}
    assert {unasked[name] for name in GPU_ROWS} == {"unknown"}
    (without,) = shown_of(monkeypatch)
    assert not GPU_ROWS.keys() & without.keys()


def test_what_a_system_does_not_tell_is_said_to_be_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its RAM; and how workers start, where the first experiment could not even be imported."""
    unimported = replace(ABSENT, start_method="")
    held = replace(made(one=unimported, two=measured(start_method="spawn")), machine=replace(HERE, ram=0))
    monkeypatch.setattr(tables, "all_results", lambda: [MachineResults(held)])
    rows = {row[0]: row[1:] for row in tables.machines().rows}
    assert rows["RAM"] == ("unknown",)
    assert rows["Start method"] == ("spawn",)


def test_capacity_is_that_of_all_rounds() -> None:
    rows = {row[0]: row[1:] for row in tables.machines().rows}
    assert rows["Capacity, cores’ worth"][0] == "2.00 (1.80 to 2.10)"


def test_capacity_is_not_that_of_rounds_beside_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted side by side has it to share."""
    beside = measured(surroundings=[Surroundings([0.9], 0.0, None)])
    monkeypatch.setattr(tables, "all_results", lambda: [MachineResults(made(counted=beside, one=measured()))])
    rows = {row[0]: row[1:] for row in tables.machines().rows}
    assert rows["Capacity, cores’ worth"] == ("2.00 (1.80 to 2.10)",)


def test_capacity_that_was_not_probed(monkeypatch: pytest.MonkeyPatch) -> None:
    held: Results = made(one=measured(surroundings=[]))
    monkeypatch.setattr(tables, "all_results", lambda: [MachineResults(held)])
    rows = {row[0]: row[1:] for row in tables.machines().rows}
    assert rows["Capacity, cores’ worth"] == ("not probed",)


def test_verdicts_by_start_method_python_and_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Machines that had the same ones are counted in one column, each once. What is not measured here is left out."""
    older = Software("3.11.9", "2.13.1", "2.4", None)
    newer = Software("3.14.0", "2.14.0+cpu", "2.4", None)
    under = [("a", "fork", older), ("b", "fork", older), ("b", "fork", older), ("a", "forkserver", newer)]
    found = {
        "all": [Verdict.HOLDS, Verdict.TOO_NOISY, Verdict.HOLDS, Verdict.CONTRADICTED, Verdict.NOT_HERE],
        "some": [Verdict.HOLDS, Verdict.HOLDS, Verdict.NOT_HERE, Verdict.NOT_HERE, Verdict.NOT_HERE],
    }

    def rulings(claim: str) -> list[Ruling]:
        machine = made().machine
        return [
            Ruling(
                "one",
                FAST,
                Judgement(verdict, ""),
                replace(made(), machine=replace(machine, cpu=cpu), software=software),
                measured(start_method=how),
            )
            for verdict, (cpu, how, software) in zip(found[claim], [*under, ("a", "spawn", newer)], strict=True)
        ]

    monkeypatch.setattr(tables, "claim_ids", lambda: found)
    monkeypatch.setattr(tables, "rulings_everywhere", rulings)
    table = tables.claims()
    assert table.header == ("Claim", "fork, Python 3.11, torch 2.13", "forkserver, Python 3.14, torch 2.14")
    assert table.rows == (("all", "holds (1), too noisy to tell (1)", "contradicted"), ("some", "holds (2)", "–"))


def test_what_was_measured_where() -> None:
    assert tables.experiments().rows == (
        ("one", "7 rounds in 2 s, 2026\u201101\u201102", "not measured here"),
        ("three", "not measured here", "not measured here"),
        ("two", "not measured here: no GPU", "21 rounds in 2 s, 2026\u201101\u201102"),
    )
