"""Bars of a worker's private memory: an empty dataset, an array, a tensor; by how the worker starts."""

from snippets.experiments.dataset_copies.arms import METHODS, arm
from snippets.experiments.estimates import in_megabytes
from snippets.lab.figures.figure import Bar, BarGroup, Bars, Figure, Role, Table
from snippets.lab.numbers import megabytes
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import Estimate, interval

TITLES: dict[str, tuple[str, Role]] = {
    "empty": ("empty dataset", "start-up"),
    "numpy": ("NumPy array", "fetch"),
    "torch": ("torch tensor", "receive"),
}


def private(result: Measured, method: str, kind: str) -> Estimate:
    """MB that only the worker holds."""
    return in_megabytes(result, arm(method, kind))


def added(result: Measured, method: str, kind: str) -> str:
    """How much more the worker holds than with an empty dataset."""
    extra = private(result, method, kind).median - private(result, method, "empty").median
    return megabytes(max(0.0, extra) * 1e6)


def values(result: Measured) -> dict[str, str]:
    found = {"dataset": megabytes(result.number("dataset_bytes"))}
    for method, name in METHODS.items():
        found[f"{name}_empty"] = megabytes(private(result, method, "empty").median * 1e6)
        for kind in ("numpy", "torch"):
            found[f"{name}_{kind}"] = added(result, method, kind)
    return found


def figure(result: Measured) -> Figure:
    say = values(result)
    message = (
        f"A dataset of {say['dataset']} adds to one worker’s private memory: under fork {say['fork_numpy']} as a "
        f"NumPy array and {say['fork_torch']} as a tensor; under forkserver {say['forkserver_numpy']} as an array and "
        f"{say['forkserver_torch']} as a tensor; under spawn {say['spawn_numpy']} and {say['spawn_torch']}. Torch "
        f"hands the tensor over as shared memory."
    )
    groups = tuple(
        BarGroup(method, tuple(Bar(t, private(result, method, kind), role) for kind, (t, role) in TITLES.items()))
        for method in METHODS
    )
    rows = tuple(
        (method, title, interval(private(result, method, kind)))
        for method in METHODS
        for kind, (title, _) in TITLES.items()
    )
    table = Table(("Start method", "Dataset", "Private to the worker, MB"), rows)
    return Figure(message, Bars("MB private to one worker", "lower", groups), table)
