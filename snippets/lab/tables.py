"""Tables about all results at once: machines, what was measured where, what each experiment cost."""

from collections.abc import Callable
from statistics import median

from snippets.lab import rates
from snippets.lab.catalog import experiment_names
from snippets.lab.figure import Table
from snippets.lab.numbers import counted
from snippets.lab.published import all_results, machine_titles, shown
from snippets.lab.results import Results

UNBROKEN = "\u2011"
"""A hyphen at which a narrow column does not break a date."""


def machines() -> Table:
    """One column per machine."""
    known = all_results()
    rows: list[tuple[str, Callable[[Results], str]]] = [
        ("Tier", lambda r: r.tier.upper()),
        ("System", lambda r: r.machine.system),
        ("CPU", lambda r: r.machine.cpu),
        ("Cores of the machine", lambda r: str(r.machine.cores)),
        ("Cores in the affinity mask", lambda r: str(r.machine.affinity)),
        ("CFS quota, cores", lambda r: f"{r.machine.quota:g}" if r.machine.quota else "none"),
        ("Cores usable", lambda r: f"{r.machine.cores_usable:g}"),
        ("Capacity, cores’ worth", _capacity),
        ("RAM", lambda r: _gib(r.machine.ram)),
        ("/dev/shm", lambda r: _gib(r.machine.shm) if r.machine.shm else "none"),
        ("GPU", lambda r: r.machine.gpu or "none"),
        ("GPU driver", lambda r: r.machine.driver or "none"),
        ("Python", lambda r: r.software.python),
        ("torch", lambda r: r.software.torch),
        ("numpy", lambda r: r.software.numpy),
        ("Pillow", lambda r: r.software.pillow or "none"),
        ("Start method", lambda r: next((m.start_method for m in r.experiments.values()), "none")),
        ("Measured", lambda r: r.measured_at[:10]),
        ("Commit", lambda r: (r.commit or "none") + (" with changes" if r.dirty else "")),
    ]
    return Table(
        ("", *machine_titles(held.own for held in known)),
        tuple((name, *(read(held.results) for held in known)) for name, read in rows),
    )


def experiments() -> Table:
    """What was measured on which machine, when, and what it cost."""
    known = all_results()
    rows = tuple((name, *(_outcome(held.results, name) for held in known)) for name in experiment_names())
    return Table(("Experiment", *machine_titles(held.own for held in known)), rows)


def questions() -> Table:
    return Table(
        ("Experiment", "Question"),
        tuple((name, shown(name).measured.question) for name in experiment_names()),
    )


TABLES: dict[str, Callable[[], Table]] = {
    "gates": rates.table,
    "machines": machines,
    "experiments": experiments,
    "questions": questions,
}


def _outcome(results: Results, name: str) -> str:
    measured = results.experiments.get(name)
    if measured is None:
        return "not measured here"
    if measured.status != "measured":
        return f"not measured here: {measured.reason}"
    day = measured.day.replace("-", UNBROKEN)
    return f"{counted(measured.passes * measured.rounds, 'round')} in {measured.cost_s:.0f} s, {day}"


def _capacity(results: Results) -> str:
    """Over all rounds of all experiments: median and range."""
    probed = [one for m in results.experiments.values() for each in m.surroundings for one in each.capacity]
    return f"{median(probed):.2f} ({min(probed):.2f} to {max(probed):.2f})" if probed else "not probed"


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
