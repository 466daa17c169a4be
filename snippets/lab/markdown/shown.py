"""What the pages may show, and by whose results they speak.

Figures, values and verdicts come from what this build measured or, where it could not, from what the workflow gpu did
and signed, or else from a reference that the project keeps; not from what is old. So does a single value that this
build's own measurement lacks, or could not tell from noise. All other files in docs/results/ are what somebody says:
they fill rows of tables about machines, and change no sentence. None but this build's own results can fail a build.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING, get_args

from snippets.lab.catalog import experiment_names, figure_names, has_show, show
from snippets.lab.figures.figure import Figure, problems
from snippets.lab.judging.claims import is_timed, needs_gpu
from snippets.lab.judging.gates import resolved
from snippets.lab.judging.resolved import unresolved
from snippets.lab.judging.rules import ELSEWHERE_DAYS
from snippets.lab.judging.rulings import is_drawn, is_older, what_lacks
from snippets.lab.moment import once
from snippets.lab.paths import PYTHON
from snippets.lab.results.held import MachineResults, Origin, all_results
from snippets.lab.results.results import Measured, Results

if TYPE_CHECKING or find_spec("click"):
    from click import ClickException
else:  # where results are only measured, or validated, there is no MkDocs

    class ClickException(Exception):
        def __init__(self, message: str) -> None:
            super().__init__(message)
            self.message = message


class UnknownName(ClickException):
    """A page names an experiment or a value that does not exist; the message lists those that do.

    A ClickException, because MkDocs shows those in one line, without a traceback.
    """


def unknown(what: str, known: Iterable[str]) -> UnknownName:
    """`no claim 'cold-is-could'` becomes an error that names, of the `known`, the one that was meant, or all."""
    names = sorted(known)
    near = get_close_matches(what.split()[-1].strip("'"), names, n=1)
    return UnknownName(f"{what}; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"))


@dataclass(frozen=True)
class Shown:
    """One experiment as a page shows it, by one machine's `results`. `part`: the module that draws it and names its
    values. `own`: measured by this build; else `file` names the file that it was read from.
    """

    name: str
    measured: Measured
    results: Results
    part: str = "show"
    own: bool = True
    file: str = ""

    @property
    def figure_name(self) -> str:
        return self.name if self.part == "show" else f"{self.name}-{self.part.replace('_', '-')}"

    @property
    def stale(self) -> bool:
        """Its code has changed since; only results of other machines can be shown so."""
        return is_older(self.name, self.measured)

    @property
    def is_measured(self) -> bool:
        return self.measured.status == "measured"

    @once
    def values(self) -> dict[str, str]:
        """By the names that pages use, as they print them; empty for what this system cannot have."""
        return show(self.name, self.part).values(self.measured)

    @once
    def resolved_values(self) -> dict[str, str]:
        """The same, empty also for what the machine could not tell from noise."""
        noisy = unresolved(show(self.name, self.part).values, self.measured, is_timed(self.name))
        return {name: "" if name in noisy else said for name, said in self.values().items()}

    @once
    def figure(self) -> Figure:
        return show(self.name, self.part).figure(self.measured)


@once
def shown(name: str) -> Shown:
    """What this build measured, or else what another machine did that speaks; raises UnknownName for no experiment.

    `scaling/regret` is the experiment scaling as its module `regret` shows it. Tiers never mix: one figure shows
    one machine.
    """
    name, _, part = name.partition("/")
    if part and f"{name}/{part}" not in figure_names():
        raise unknown(f"no figure {name}/{part}", figure_names())
    if name not in experiment_names():
        raise unknown(f"no experiment {name!r}", experiment_names())
    return _by(speaking(name), name, part or "show")


def instead_of(experiment: Shown) -> list[Shown]:
    """The same experiment by the others that tell of it, by the code of today: one may have a value that is missing in
    what pages show. Nobody stands in for what failed here, or for what is drawn anew each day.
    """
    if experiment.measured.status == "error" or is_drawn(experiment.measured):
        return []
    others = [held for held in telling(experiment.name) if held.results is not experiment.results]
    return [other for held in others if not (other := _by(held, experiment.name, experiment.part)).stale]


@once
def _by(held: MachineResults, name: str, part: str) -> Shown:
    experiment = Shown(name, held.results.experiments[name], held.results, part, held.own, held.file)
    if reason := _cannot_be_shown(held, experiment):
        return replace(experiment, measured=_not_here(experiment.measured, reason))
    return experiment


def _cannot_be_shown(held: MachineResults, experiment: Shown) -> str | None:
    """Why what was measured elsewhere is not shown. Of what this build measured itself, each lack is an error."""
    if not experiment.is_measured:
        return None
    if not says_something(held, experiment.name):
        return "it was measured without a GPU"
    if experiment.own:
        return None
    if _other_words(held, experiment.name):
        return "what was measured elsewhere is described otherwise than here"
    try:
        resolved(experiment.measured)
        if has_show(experiment.name, experiment.part):
            experiment.resolved_values()
            _refuse_undrawable(experiment.figure())
    except Exception:  # whatever a stranger's file has made of it
        return what_lacks(experiment.stale)
    return None


def _other_words(held: MachineResults, name: str) -> bool:
    """With the same code, its question, its unit and what else it says of itself are the same on each machine. A file
    in which they are not was written by hand, and its words would stand on pages.
    """
    measured = held.results.experiments[name]
    own = next((candidate.results.experiments.get(name) for candidate in all_results() if candidate.own), None)
    if own is None or is_older(name, own) or is_older(name, measured) or not own.question:
        return False
    words = ("question", "unit", "better", "headline", "pitfalls", "again")
    types = ({parameter: type(value) for parameter, value in about.params.items()} for about in (own, measured))
    return any(getattr(own, word) != getattr(measured, word) for word in words) or next(types) != next(types)


def _refuse_undrawable(figure: Figure) -> None:
    """Raises ValueError."""
    for problem in problems(figure.chart):
        raise ValueError(problem)


def _not_here(measured: Measured, reason: str) -> Measured:
    return replace(
        measured,
        status="unavailable",
        reason=reason,
        samples=[],
        traces={},
        passes=0,
        surroundings=[],
        confirmation=[],
    )


def says_something(held: MachineResults, name: str) -> bool:
    """Whether a machine's results say something about an experiment."""
    measured = held.results.experiments.get(name)
    if measured is None or measured.status != "measured":
        return False
    return held.results.tier == "gpu" or not needs_gpu(name)


@once
def speaking(name: str) -> MachineResults:
    """Whose numbers and verdicts of this experiment the pages show. Nobody stands in for what failed here: it would go
    unseen. Raises UnknownName where nobody has any.
    """
    candidates = [held for held in those_who_speak() if name in held.results.experiments]
    if not candidates:
        raise UnknownName(f"{name!r} has no result yet: run `{PYTHON} -m snippets.lab measure`")
    if candidates[0].own and candidates[0].results.experiments[name].status == "error":
        return candidates[0]
    if who_tell := telling(name):
        return who_tell[0]
    is_told = any(says_something(held, name) for held in candidates)
    return _silent(candidates[0], name) if is_told else candidates[0]


def telling(name: str) -> list[MachineResults]:
    """Whose results of an experiment may be shown, in the order in which they speak."""
    saying = [held for held in those_who_speak() if says_something(held, name)]
    return [held for held in saying if not is_old(held, held.results.experiments[name].day)]


def those_who_speak() -> list[MachineResults]:
    """All results but those of strangers; what another machine measured stands in for what this build could not."""
    order = get_args(Origin)[:-1]
    speakers = [held for held in all_results() if held.origin in order]
    return sorted(speakers, key=lambda held: order.index(held.origin))


def is_old(held: MachineResults, day: str) -> bool:
    """Whether what a machine measured, or printed, on that day is too old to stand in for what this build could not."""
    return not held.own and (date.today() - date.fromisoformat(day)).days > ELSEWHERE_DAYS


def _silent(held: MachineResults, name: str) -> MachineResults:
    """Without a number of the experiment: the only ones that there are, are old."""
    measured = held.results.experiments[name]
    why = f"it was measured elsewhere, more than {ELSEWHERE_DAYS} days ago"
    if not says_something(held, name):
        why = f"{measured.reason}; {why}" if measured.reason else why
    experiments = {**held.results.experiments, name: _not_here(measured, why)}
    return replace(held, results=replace(held.results, experiments=experiments))
