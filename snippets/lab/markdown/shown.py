"""What the pages may show, and by whose results they speak.

Figures, values and verdicts come from what this build measured or, where it could not, from what the workflow gpu did
and signed. All other files in docs/results/ are what somebody says: they fill rows of tables about machines, and change
no sentence. None but this build's own results can fail a build.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.util import find_spec
from typing import TYPE_CHECKING

from snippets.lab.catalog import experiment_hash, experiment_names, figure_names, has_show, show
from snippets.lab.figures.figure import Figure
from snippets.lab.judging.claims import needs_gpu
from snippets.lab.judging.gates import resolved
from snippets.lab.judging.rulings import what_lacks
from snippets.lab.moment import once
from snippets.lab.paths import PYTHON
from snippets.lab.results.held import Held, all_results
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
    """`no claim 'cold-is-could'` becomes an error that names the one that was meant, or all there are."""
    names = sorted(known)
    near = get_close_matches(what.split()[-1].strip("'"), names, n=1)
    return UnknownName(f"{what}; " + (f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"))


@dataclass(frozen=True)
class Shown:
    """One experiment as a page shows it. `part`: the module that draws it and names its values. `own`: measured by
    this build; else `file` names the file that it was read from.
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
        return self.measured.source_hash != experiment_hash(self.name)

    @property
    def is_measured(self) -> bool:
        return self.measured.status == "measured"

    @once
    def values(self) -> dict[str, str]:
        return show(self.name, self.part).values(self.measured)

    @once
    def figure(self) -> Figure:
        return show(self.name, self.part).figure(self.measured)


@once
def shown(name: str) -> Shown:
    """What this build measured, or else what the workflow gpu did; raises UnknownName for no experiment.

    `scaling/regret` is the experiment scaling as its module `regret` shows it. Tiers never mix: one figure shows
    one machine.
    """
    name, _, part = name.partition("/")
    if part and f"{name}/{part}" not in figure_names():
        raise unknown(f"no figure {name}/{part}", figure_names())
    if name not in experiment_names():
        raise unknown(f"no experiment {name!r}", experiment_names())
    held = speaking(name)
    about = Shown(name, held.results.experiments[name], held.results, part or "show", held.own, held.file)
    if reason := _cannot_be_shown(held, about):
        return replace(about, measured=_not_here(about.measured, reason))
    return about


def _cannot_be_shown(held: Held, about: Shown) -> str | None:
    """Why what was measured elsewhere is not shown. Of what this build measured itself, each lack is an error."""
    if not about.is_measured:
        return None
    if not says_something(held, about.name):
        return "it was measured without a GPU"
    if about.own:
        return None
    if _other_words(held, about.name):
        return "what was measured elsewhere is described otherwise than here"
    try:
        resolved(about.measured)
        if has_show(about.name, about.part):
            about.values()
            _refuse_undrawable(about.figure())
    except Exception:  # whatever a stranger's file has made of it
        return what_lacks(about.stale)
    return None


def _other_words(held: Held, name: str) -> bool:
    """With the same code, its question, its unit and what else it says of itself are the same on each machine. A file
    in which they are not was written by hand, and its words would stand on pages.
    """
    found = held.results.experiments[name]
    own = next((each.results.experiments.get(name) for each in all_results() if each.own), None)
    if own is None or own.source_hash != found.source_hash or not own.question:
        return False
    same = ("question", "unit", "better", "headline", "pitfalls", "again")
    kinds = ({key: type(value) for key, value in each.params.items()} for each in (own, found))
    return any(getattr(own, each) != getattr(found, each) for each in same) or next(kinds) != next(kinds)


def _refuse_undrawable(figure: Figure) -> None:
    """Raises ValueError. Imports matplotlib, so it is asked of what others measured only."""
    from snippets.lab.figures.drawing import problems

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


def says_something(held: Held, name: str) -> bool:
    """Whether a machine's results say something about an experiment."""
    found = held.results.experiments.get(name)
    return found is not None and found.status == "measured" and (held.results.tier == "gpu" or not needs_gpu(name))


@once
def speaking(name: str) -> Held:
    """Whose numbers and verdicts of this experiment the pages show. Raises UnknownName where nobody has any."""
    held = [each for each in all_results() if each.origin != "contributed" and name in each.results.experiments]
    if not held:
        raise UnknownName(f"{name!r} has no result yet: run `{PYTHON} -m snippets.lab measure`")
    return next((each for each in held if says_something(each, name)), held[0])
