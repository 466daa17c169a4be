"""From sources to pages: make the images, measure what is stale, draw, and let MkDocs build.

`mkdocs build` and `mkdocs serve` call `prepare` through a thin hook; `python -m snippets.lab site` calls it
and then MkDocs. Nothing here imports torch or matplotlib unless something has to be measured or drawn.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from snippets.lab import moment
from snippets.lab.catalog import (
    TOOLS,
    experiment_names,
    figure_names,
    forget_loaded,
    prepare_experiments,
)
from snippets.lab.code import imported_modules, source_hash
from snippets.lab.figures.timelines import chrome_trace
from snippets.lab.judging import accepted, history
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claims import claim_ids
from snippets.lab.judging.history import History
from snippets.lab.judging.rulings import Ruling, is_older, is_recent, problems_of_publishing, to_accept
from snippets.lab.machine.machine import this_software
from snippets.lab.markdown.captions import figure_of
from snippets.lab.markdown.figures import MEASURED_FOLDER, drawing
from snippets.lab.markdown.shown import shown
from snippets.lab.markdown.verdicts import problems, rulings
from snippets.lab.measuring.session import leave_out, measure
from snippets.lab.numbers import counted
from snippets.lab.outputs import outputs
from snippets.lab.paths import ACCEPTED, AS_PUBLISHED, CACHE, DOCS, LOCAL_RESULTS, OUTPUTS, PYTHON, ROOT
from snippets.lab.results.held import all_results, refusals
from snippets.lab.results.results import Form, Results, read
from snippets.lab.site import feed
from snippets.lab.site.fetched import (
    FILES,
    FOLDER,
    VERDICTS,
    NothingPublished,
    Unreachable,
    Unusable,
    check,
    fetch,
    fetch_patiently,
)
from snippets.lab.store import ResultError

NOTEBOOK_CACHE = CACHE / "notebook"

PREPARED = "SNIPPETS_LAB_PREPARED"
"""Environment variable of an MkDocs build whose caller has prepared everything a moment ago."""

SIMULATOR = "explanation/simulator/"
"""The page, by its address within the site, as tools write it."""

AGAIN_SECONDS = 600.0
"""To publish, what is too noisy to tell is measured once more, as far as it takes no longer than this."""


class BuildError(RuntimeError):
    """The site cannot be built; the message says why and what to do."""


@dataclass
class Stages:
    """Seconds per stage, in order, what was measured, and which snippets ran for what they print."""

    seconds: dict[str, float] = field(default_factory=dict)
    measured: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - start


def prepare(form: Form = "short", publish: bool = False, preview: bool = False) -> Stages:
    """Everything that the pages need: images, results, outputs, verdicts, drawings. For a `preview` nothing is measured
    and run where nothing has been, and a reference can speak.

    Raises BuildError where an experiment or a snippet failed or a claim is contradicted, and, to `publish`, where too
    much is too noisy to tell.
    """
    forget_loaded()
    stages = Stages()
    if preview and _shows_a_reference():
        _judge_and_draw(stages)
        return stages
    if publish:
        _accepted_before()  # where these cannot be known, it is said before an hour is measured
        _verdicts_before()
    with stages.timed("images"):
        prepare_experiments()
    with stages.timed("measure"):
        results, stages.measured = _results(form)
    refuse_errors(results)
    for line in refusals():
        print(line, flush=True)
    if publish and not AS_PUBLISHED:
        with stages.timed("measure"):
            stages.measured = [*dict.fromkeys([*stages.measured, *_measured_again(form)])]
    with stages.timed("snippets"):
        try:
            stages.ran = outputs.capture(OUTPUTS)
        except outputs.OutputError as error:
            raise BuildError(str(error)) from error
    if stages.measured or stages.ran:
        moment.renew()
    _judge_and_draw(stages, publish)
    return stages


def _judge_and_draw(stages: Stages, publish: bool = False) -> None:
    with stages.timed("judge"):
        refuse_verdicts(rulings(), publish)
        if publish:
            refuse_unreadable()
        if publish:
            feed.go_on(_verdicts_before(), rulings())
        elif AS_PUBLISHED:
            feed.renew(rulings())
    with stages.timed("draw"):
        for name in figure_names():
            if (experiment := shown(name)).is_measured:
                drawing(experiment.figure_name, figure_of(experiment))
    forget_stale_notebooks()


def _shows_a_reference() -> bool:
    """Whether nothing was measured here yet, and a reference can be shown instead, of a machine without a GPU, for that
    tells of nearly all. What nothing was measured or run of then says so, until the next build.
    """
    if AS_PUBLISHED or not leave_out(LOCAL_RESULTS):
        return False
    references = [held for held in all_results() if held.origin == "reference" and held.results.tier == "cpu"]
    if not references:
        return False
    outputs.leave_out(OUTPUTS)
    moment.renew()
    machine, day = references[0].results.machine.cpu, references[0].results.measured_at[:10]
    print(
        f"Nothing is measured here yet: the pages show what was measured on {machine}, {day}. To measure this machine: "
        "make site",
        flush=True,
    )
    return True


def _measured_again(form: Form) -> list[str]:
    """What is too noisy to tell, the cheapest first. The later measurement counts, whatever it says; the claims that
    held in the first stay accepted.
    """
    before = rulings()
    noisy = {ruling.experiment: ruling.measured for ruling in before if ruling.own and not ruling.judgement.decided}
    costs = sorted((measured.cost_s, name) for name, measured in noisy.items() if measured)
    names = [name for at, (_, name) in enumerate(costs) if sum(cost for cost, _ in costs[: at + 1]) <= AGAIN_SECONDS]
    if not names:
        return []
    _keep_accepted(before, accepted.read(ACCEPTED))
    results, measured = measure(LOCAL_RESULTS, form, names)
    refuse_errors(results)
    return measured


def _results(form: Form) -> tuple[Results, list[str]]:
    """What is published, if that was asked for and can be had; else measured here as far as it is stale."""
    if AS_PUBLISHED:
        try:
            return _as_published(), []
        except NothingPublished as reason:
            print(f"{reason}: measuring instead.", flush=True)
    return measure(LOCAL_RESULTS, form)


def _as_published() -> Results:
    """What was fetched before serves as well, where nothing can be fetched now. Raises NothingPublished where there
    is neither, or where other code than this measured it.
    """
    try:
        fetch()
    except NothingPublished:
        if not LOCAL_RESULTS.exists():
            raise
    results = read(LOCAL_RESULTS)
    missing = [name for name in experiment_names() if name not in results.experiments]
    current = [name for name in results.experiments if name in experiment_names()]
    changed = [name for name in current if is_older(name, results.experiments[name])]
    if other := sorted([*missing, *changed]):
        raise NothingPublished(f"other code than this measured what is published ({', '.join(other)})")
    return results


def refuse_errors(results: Results) -> None:
    """An experiment that failed has no number, and a page without its number must not be published."""
    for name, measured in results.experiments.items():
        if measured.status == "error":
            raise BuildError(
                f"the experiment {name} failed: {measured.reason}. See it whole with: "
                f"{PYTHON} -m snippets.lab measure --only {name}"
            )


def refuse_verdicts(rulings: list[Ruling], publish: bool = False, keep: bool = True) -> None:
    """Raises BuildError where no site may be built from these verdicts, or, to `publish`, none published.

    Else the claims that hold are kept as the last accepted values, for days on which they are too noisy to tell. What
    a publication did not show any more because of its age is forgotten with it.
    """
    latest, today = accepted.read(ACCEPTED), date.today()
    messages = problems(rulings)
    if publish:
        before = _accepted_before()
        latest = {claim: _later(before.get(claim), latest.get(claim)) for claim in {*before, *latest}}
        published_since = any(is_recent(last, today) for last in before.values())
        messages += problems_of_publishing(rulings, latest, today, published_since)
        latest = {claim: last for claim, last in latest.items() if is_recent(last, today)}
    if messages:
        raise BuildError("\n\n".join([f"{len(messages)} of {counted(len(rulings), 'claim')} in the way:", *messages]))
    if keep:
        _keep_accepted(rulings, latest)


def refuse_unreadable() -> None:
    """What the next build could not read back would be a site without the numbers and values of before."""
    for name, path in _put_out():
        try:
            check(name, path)
        except ResultError as error:
            raise BuildError(f"the next build could not read what this one publishes: {error}") from error


def _put_out() -> list[tuple[str, Path]]:
    """The files that the next build fetches: their names there, and where they are here. A first build may lack one."""
    put_out = zip(FILES, (LOCAL_RESULTS, ACCEPTED, OUTPUTS), strict=True)
    return [(name, path) for name, path in put_out if path.exists()]


def _later(one: Accepted | None, other: Accepted | None) -> Accepted:
    return max((last for last in (one, other) if last), key=lambda last: last.day)


def _keep_accepted(rulings: list[Ruling], latest: dict[str, Accepted]) -> None:
    """For the claims that there are: what is kept, and what holds now."""
    now = {claim: last for claim, last in {**latest, **to_accept(rulings)}.items() if claim in claim_ids()}
    if now != accepted.read(ACCEPTED):
        accepted.write(now, ACCEPTED)


@cache
def _accepted_before() -> dict[str, Accepted]:
    """By the site that is published now. A new machine, as CI has each time, knows of no other. Raises BuildError."""
    path = _published_before("accepted.json")
    return accepted.read(path) if path else {}


@cache
def _verdicts_before() -> History:
    """The same of its verdicts. Raises BuildError."""
    path = _published_before(VERDICTS)
    return history.read(path) if path else History({}, [])


def _published_before(name: str) -> Path | None:
    """A file of the site that is published now, which is asked once; None where there is none.

    Raises BuildError where it cannot be read: published without it, what it holds would be lost for good.
    """
    try:
        return fetch_patiently(name)
    except Unreachable as reason:
        raise BuildError(
            f"what {name} of the published site holds is not known, and would be lost for good: {reason}. Run it "
            "again. Where nothing is published yet, that address has to answer all the same, by “not found”."
        ) from reason
    except Unusable as reason:
        raise BuildError(
            f"what {name} of the published site holds would be lost for good: {reason}. Put SITE_URL right, or let "
            "this version read that file. To give up what it holds, unpublish the site first."
        ) from reason
    except NothingPublished as reason:
        print(f"Nothing is known of {name} of an earlier site: {reason}.", flush=True)
    return None


def generated_files(site: str) -> dict[str, str]:
    """Files that the site carries beside the pages: raw results, traces and tools, as text, by path in the site.

    `site`: its address, which the tuner then prints with what it has found; empty where nobody has said it.
    """
    files = {FOLDER + name: path.read_text(encoding="utf-8") for name, path in _put_out()}
    for tool in TOOLS:
        text = tool.read_text(encoding="utf-8")
        files[f"tools/{tool.name}"] = text.replace(f'"{SIMULATOR}"', json.dumps(site + SIMULATOR))
    for name in experiment_names():
        experiment = shown(name)
        if not experiment.is_measured:
            continue
        alone = replace(experiment.results, experiments={name: experiment.measured}, outputs={})
        files[f"{MEASURED_FOLDER}/{name}.json"] = json.dumps(alone, default=vars, indent=1) + "\n"
        if experiment.measured.traces:
            files[f"{MEASURED_FOLDER}/{name}.trace.json"] = json.dumps(chrome_trace(experiment.measured)) + "\n"
    return files


def forget_stale_notebooks(notebooks: Path = DOCS / "labs", cache: Path = NOTEBOOK_CACHE) -> None:
    """Drop executed notebooks when a module that they import, or torch, has changed.

    mkdocs-jupyter's own key is the page's text and its settings; it does not see imports.
    """
    digest = hashlib.sha256(str(this_software()).encode())
    for path in sorted(notebooks.glob("*.py")):
        for module in sorted(imported_modules(path.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."))):
            if module.startswith("snippets."):
                digest.update(source_hash(module).encode())
    stamp = cache / "stamp"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    shutil.rmtree(cache, ignore_errors=True)
    cache.mkdir(parents=True)
    stamp.write_text(digest.hexdigest())


def as_notebook(path: str) -> str:
    """The page's source, a file of Python, as the text of an .ipynb file to download."""
    import jupytext

    notebook = jupytext.read(path)
    for number, cell in enumerate(notebook.cells):  # pyrefly: ignore[missing-attribute]: jupytext has no types
        cell["id"] = f"cell-{number}"  # a random one would change the file with every build
    return jupytext.writes(notebook, fmt="ipynb")
