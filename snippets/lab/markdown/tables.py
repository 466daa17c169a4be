"""Tables about all results at once: machines, what was measured where, what each experiment cost."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from statistics import median
from typing import get_args

from click import ClickException

from snippets.lab.catalog import experiment_names, runs_beside_others
from snippets.lab.figures.figure import Table
from snippets.lab.judging import rates
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.gates import Gate
from snippets.lab.judging.rulings import Ruling, of_each_machine, rulings_everywhere
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.gpu_properties import GpuProperties
from snippets.lab.markdown.shown import shown
from snippets.lab.numbers import counted, percent
from snippets.lab.results.held import all_results, machine_titles
from snippets.lab.results.results import Results
from snippets.lab.store import ResultError

UNBROKEN = "\u2011"
"""A hyphen at which a narrow column does not break a date."""


def machines() -> Table:
    """One column per machine."""
    all_held = all_results()
    rows: list[tuple[str, Callable[[Results], str]]] = [
        ("Tier", lambda r: r.tier.upper()),
        ("System", lambda r: r.machine.system),
        ("CPU", lambda r: r.machine.cpu),
        ("Cores of the machine", lambda r: str(r.machine.cores)),
        ("Cores in the affinity mask", lambda r: str(r.machine.affinity)),
        ("CFS quota, cores", lambda r: f"{r.machine.quota:g}" if r.machine.quota else "none"),
        ("Cores usable", lambda r: f"{r.machine.cores_usable:g}"),
        ("Capacity, cores’ worth", _capacity),
        ("RAM", lambda r: _gib(r.machine.ram) if r.machine.ram else "unknown"),
        ("/dev/shm", lambda r: _gib(r.machine.shm) if r.machine.shm else "none"),
        ("GPU", lambda r: r.machine.gpu or "none"),
        ("GPU driver", lambda r: r.machine.driver or "none"),
        *(_gpu_rows() if any(held.results.gpu_properties for held in all_held) else ()),
        ("Python", lambda r: r.software.python),
        ("torch", lambda r: r.software.torch),
        ("numpy", lambda r: r.software.numpy),
        ("Pillow", lambda r: r.software.pillow or "none"),
        ("Start method", lambda r: next((m.start_method for m in r.experiments.values() if m.start_method), "none")),
        ("Measured", lambda r: r.measured_at[:10]),
        ("Commit", lambda r: (r.commit or "none") + (" with changes" if r.dirty else "")),
    ]
    return Table(
        ("", *machine_titles(held.own for held in all_held)),
        tuple((name, *(read(held.results) for held in all_held)) for name, read in rows),
    )


def _gpu_rows() -> Iterator[tuple[str, Callable[[Results], str]]]:
    """For a table with a machine in it that has a GPU and tells of it."""

    def row(say: Callable[[GpuProperties], str | None]) -> Callable[[Results], str]:
        def read(results: Results) -> str:
            unsaid = "unknown" if results.machine.gpu else "none"
            return (results.gpu_properties and say(results.gpu_properties)) or unsaid

        return read

    yield "GPUs that torch sees", row(lambda gpu: str(gpu.count))
    yield "CUDA version of torch", row(lambda gpu: gpu.cuda)
    yield "Compute capability", row(lambda gpu: gpu.capability)
    yield "GPU memory", row(lambda gpu: _gib(gpu.memory))
    yield "PCIe generation and lanes", row(lambda gpu: gpu.pcie)
    yield "GPU compute mode", row(lambda gpu: gpu.compute_mode and gpu.compute_mode.replace("_", " "))
    yield "GPU power limit", row(lambda gpu: f"{gpu.power_limit:g} W" if gpu.power_limit else None)


def experiments() -> Table:
    """What was measured on which machine, when, and what it cost."""
    all_held = all_results()
    rows = tuple((name, *(_outcome(held.results, name) for held in all_held)) for name in experiment_names())
    return Table(("Experiment", *machine_titles(held.own for held in all_held)), rows)


def claims() -> Table:
    """Every claim's verdicts by what they may depend on beside the machine: one column per start method, Python and
    torch. In a cell stand the verdicts of all machines that had these, and how many they are where that is not one.
    """
    columns: dict[str, dict[str, list[Ruling]]] = defaultdict(dict)
    for claim in claim_ids():
        for ruling in rulings_everywhere(claim):
            if ruling.judgement.verdict != Verdict.NOT_HERE:
                columns[_under(ruling)].setdefault(claim, []).append(ruling)
    rows = [
        (claim, *(_verdicts(of_each_machine(columns[column].get(claim, []))) for column in sorted(columns)))
        for claim in claim_ids()
    ]
    return Table(("Claim", *sorted(columns)), tuple(rows))


def _under(ruling: Ruling) -> str:
    """`fork, Python 3.11, torch 2.13`."""
    software = ruling.results.software
    start_method = (ruling.measured and ruling.measured.start_method) or "no start method"
    python, torch = (".".join(version.split(".")[:2]) for version in (software.python, software.torch))
    return f"{start_method}, Python {python}, torch {torch}"


def _verdicts(rulings: list[Ruling]) -> str:
    """`holds`, or `holds (2), too noisy to tell (1)`."""
    found = Counter(ruling.judgement.verdict for ruling in rulings)
    if found.total() <= 1:
        return next(iter(found), "–")
    return ", ".join(f"{verdict} ({count})" for verdict, count in found.items())


def questions() -> Table:
    """What each experiment asks."""
    return Table(
        ("Experiment", "Question"),
        tuple((name, shown(name).measured.question) for name in experiment_names()),
    )


def gates() -> Table:
    """Shares of the verdicts. Raises ClickException, which MkDocs shows in one line, for a file that is none."""
    try:
        by_load = rates.read()
    except ResultError as error:
        raise ClickException(str(error)) from error
    rows = [("Machine", *(f"{counts.machine}, {counts.day}" for counts in by_load.values()))]
    today = f"Claims of that day (today there are {len(claim_ids())})"
    rows.append((today, *(str(counts.claims) for counts in by_load.values())))
    rows.append(("Runs", *(str(counts.runs) for counts in by_load.values())))
    columns = [[*_shares(counts)] for counts in by_load.values()]
    rows += [(name, *(column[at][1] for column in columns)) for at, (name, _) in enumerate(columns[0])]
    return Table(("", *(name.capitalize() for name in by_load)), tuple(rows))


TABLES: dict[str, Callable[[], Table]] = {
    "claims": claims,
    "gates": gates,
    "machines": machines,
    "experiments": experiments,
    "questions": questions,
}


def _outcome(results: Results, name: str) -> str:
    measured = results.experiments.get(name)
    if measured is None:
        return Verdict.NOT_HERE
    if measured.status != "measured":
        return f"not measured here: {measured.reason}"
    day = measured.day.replace("-", UNBROKEN)
    return f"{counted(measured.passes * measured.rounds, 'round')} in {measured.cost_s:.0f} s, {day}"


def _capacity(results: Results) -> str:
    """Over all rounds of what was measured alone: median and range."""
    alone = [measured for name, measured in results.experiments.items() if not runs_beside_others(name)]
    passes = [one_pass for measured in alone for one_pass in measured.surroundings]
    capacities = [cores for one_pass in passes for cores in one_pass.capacity]
    return f"{median(capacities):.2f} ({min(capacities):.2f} to {max(capacities):.2f})" if capacities else "not probed"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"


def _shares(counts: rates.Rates) -> Iterator[tuple[str, str]]:
    """The rows of one column, each with its name."""
    judged = sum(number for verdict, number in counts.verdicts.items() if verdict != Verdict.NOT_HERE)
    noisy = counts.verdicts.get(Verdict.TOO_NOISY, 0)
    yield "Verdicts", f"{judged:,}"
    for verdict in (Verdict.HOLDS, Verdict.CONTRADICTED, Verdict.ERRORED, Verdict.TOO_NOISY):
        yield verdict, percent(counts.verdicts.get(verdict, 0) / judged)
    for gate in get_args(Gate):
        yield f"– {gate} gate closed", percent(counts.closed.get(gate, 0) / judged)
    yield "– the interval contains the bound", percent((noisy - sum(counts.closed.values())) / judged)
