"""Result files that travel: what a machine tells others of itself, and what is asked of a stranger's file.

A file in docs/results/ is data that anyone may have written. It is read as strictly as this build's own, and must
also be small, plain text without markup, without a trace of who wrote it, and possible.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from snippets.lab.instruments.experiment import AGAIN
from snippets.lab.machine.gpu_properties import MOST_BYTES, impossible
from snippets.lab.machine.machine import Machine
from snippets.lab.numbers import counted
from snippets.lab.output import HASH, VERSION, Output
from snippets.lab.output import problems as problems_of_output
from snippets.lab.results.results import Measured, Results, TraceSpan
from snippets.lab.results.results import read as read_results
from snippets.lab.store import ResultError, write_json

MAX_BYTES = 2_000_000
MAX_CHARACTERS = 400
MAX_NAME = 100
"""Characters of what a machine is called, of the name of an arm or a value, and of a parameter."""
MAX_REASON = 100
"""Characters of why an experiment was not measured: they stand in cells of tables."""
MOST_EXPERIMENTS = 200
MOST_CORES, FEWEST_CORES = 4096, 0.01
MOST_OUTPUTS = 300
MOST_ROUNDS = 1000
MOST_SECONDS = 1e6
MOST, LEAST = 2.0**53, 1e-12
"""Of any number, without its sign, but for zero. Beyond them nothing is measured, and a page would print hundreds of
digits.
"""
MOST_TIMES = 1e9
"""The largest of one value's samples over the smallest."""
FIRST_YEAR = 2020
FILE_NAME = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)\.)[a-z0-9][a-z0-9-]{0,60}\.json")
"""Without the names of devices, with which Windows checks no file out."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NOT_PLAIN = re.compile(r"[^ -%'-;=?-\[\]-_a-z|~®™×±–…‘’“”]")
"""All but printable ASCII without what HTML and Markdown take for markup in a cell, and the signs that the project's
own texts have. So no invisible character gets through, none that turns a line around, and no letter that looks like
another one.
"""
NOT_PRINTED = re.compile(r"[^\n -~®™·×±–…‘’“”]")
"""The same of what a snippet printed, which pages show as it is: nothing in it can become markup."""
PARAMETER = re.compile(r"[\w ,.:=%+-]*", re.ASCII)
PERSONAL = re.compile(
    r"(?<![\w.])~?/(?!dev/shm\b|proc/)[\w.-]+/|(?<!\w)~[/\\]|[/\\](?:Users|home)[/\\]|\b[A-Za-z]:[/\\]"
    r"|(?<![\w.\\])\\{2,}[\w.$?-]+\\|://|\bwww\.|\S@\S+\.\w|\b\d+\.\d+\.\d+\.\d+\b"
)
"""Paths and addresses; of a Windows, too, in what a snippet printed: other texts have no backslash."""
CUT = re.compile(r"…[/\\](?=(?:site-packages|dist-packages|python3\.\d+t?|Lib)[/\\])")
"""Begins a path in what a snippet printed, in the place of what `running` has taken away: before a folder of Python's.
The folder of a checkout is called as its owner likes.
"""
ADVICE = "Write the file anew with measure --share, or delete it."
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")
AHEAD = timedelta(hours=1)
"""How far another machine's clock may be ahead of this one's."""


def share(results: Results, path: Path) -> None:
    """Write what others may see of these results. Raises ResultError where that would tell more, and OSError.

    Nothing in a result names a user, a host or a folder, but for the reasons of experiments that failed: these are
    left out. Of what the system calls its processor, signs that no file may have are left out, too.
    """
    experiments = {name: measured for name, measured in results.experiments.items() if measured.status != "error"}
    shared = replace(results, machine=_plainly_called(results.machine), experiments=experiments)
    _check(shared, str(path))
    write_json(shared, path)


def _plainly_called(machine: Machine) -> Machine:
    texts: dict[str, Any] = {name: plainly(text) for name, text in asdict(machine).items() if isinstance(text, str)}
    return replace(machine, **texts)


def plainly(text: str) -> str:
    """Without signs that no file may have."""
    return " ".join(NOT_PLAIN.sub(" ", text).split())


def file_name(machine: Machine) -> str:
    """What a machine's file is called: `amd-epyc-2-cores.json`, `nvidia-h200-16-cores.json`."""
    model = re.sub(r"\((?:r|tm)\)|\bcpu\b|@.*", "", (machine.gpu or machine.cpu).lower())
    words = re.findall(r"[a-z0-9]+", model) + [f"{machine.cores_usable:g}".replace(".", "-"), "cores"]
    return "-".join(words)[-60:].lstrip("-") + ".json"


def summary(results: Results) -> str:
    """`AMD EPYC, 10 experiments measured (short form), 3 not`, in one line for who shares it."""
    measured = [experiment for experiment in results.experiments.values() if experiment.status == "measured"]
    forms = " and ".join(sorted({experiment.form for experiment in measured})) or "no"
    rest = len(results.experiments) - len(measured)
    name = results.machine.gpu or results.machine.cpu
    words = f"{name}, {counted(len(measured), 'experiment')} measured ({forms} form)"
    return words + (f", {rest} not" if rest else "")


def check_name(path: Path) -> None:
    """Raises ResultError where it is more than a name."""
    if not FILE_NAME.fullmatch(path.name):
        raise ResultError(f"{path}: name it with small letters, digits and hyphens, such as my-machine.json.")


def read(path: Path) -> Results:
    """A contributed result file. Raises ResultError where it is not what `share` writes, or cannot be true."""
    if path.is_symlink():
        raise ResultError(f"{path}: a link. Commit the file itself.")
    check_name(path)
    if path.exists() and path.stat().st_size > MAX_BYTES:
        raise ResultError(f"{path}: {path.stat().st_size:,} bytes; a contributed file has at most {MAX_BYTES:,}.")
    results = read_results(path)
    _check(results, str(path))
    return results


def _check(results: Results, name: str) -> None:
    """Raises ResultError, whose message begins with `name`."""
    for place, value in _values(vars(results)):
        if fault := _fault(place, value):
            raise ResultError(f"{name}: {_short(place)} {fault}. {ADVICE}")
    for what, wrong in _impossible(results):
        if wrong:
            raise ResultError(f"{name}: {what}. {ADVICE}")
    for snippet, output in results.outputs.items():
        if fault := unfit_output(snippet, output):
            raise ResultError(f"{name}: outputs.{_short(snippet)} {fault}. {ADVICE}")


def _fault(place: str, value: Any) -> str:
    """Of a text or a number in a file; of what a snippet printed, `unfit_output` tells."""
    if isinstance(value, str):
        return "" if place.startswith("outputs") else unfit(value)
    if value is None or isinstance(value, bool) or LEAST <= abs(value) <= MOST or str(value) in ("0", "0.0"):
        return ""
    return f"is {_short(value)}, which nothing measures"


def unfit_output(name: str, output: Output) -> str:
    """Why no file may have what this snippet printed; "" if it may."""
    for problem in problems_of_output(name, output):
        return f"is none: {problem}"
    if output.absent or not output.text:
        return "says nothing"
    if match := NOT_PRINTED.search(output.text):
        return f"has a character in it that is no plain text, {ascii(match[0])}"
    if match := PERSONAL.search(CUT.sub("", output.text)):
        return f"names a folder or an address: {_short(match[0])}"
    return ""


@lru_cache(maxsize=10_000)
def unfit(text: str) -> str:
    """Why no file may have this text; "" if it may."""
    if len(text) > MAX_CHARACTERS:
        return f"has {len(text)} characters; {MAX_CHARACTERS} are enough"
    if match := NOT_PLAIN.search(text):
        return f"has a character in it that is no plain text, {ascii(match[0])}: {_short(text)}"
    return f"names a folder or an address: {_short(text)}" if PERSONAL.search(text) else ""


def _short(value: object) -> str:
    """A value of any type as a message shows it: at most some 60 characters, all of them plain."""
    text = ascii(value) if isinstance(value, str) and NOT_PLAIN.search(value) else str(value)
    return text if len(text) <= 60 else f"{text[:60]}…"


def _values(data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """All that is no list and no object in a file, keys of objects too, with where it stands."""
    waiting: list[tuple[str, Any]] = [(name, data[name]) for name in reversed(data)]
    while waiting:
        place, value = waiting.pop()
        if value is None or isinstance(value, str | int | float):
            yield place, value
        elif isinstance(value, list):
            waiting += [(f"{place}[{number}]", value[number]) for number in reversed(range(len(value)))]
        elif isinstance(value, dict):
            yield from ((f"{place} (a key)", key) for key in value)
            waiting += [(f"{place}.{key}", value[key]) for key in reversed(value)]
        else:
            waiting += [(f"{place}.{name}", part) for name, part in reversed(vars(value).items())]


Checks = Iterator[tuple[str, bool]]
"""What a message says of a value, and whether that is wrong."""


def _impossible(results: Results) -> Checks:
    machine, software = results.machine, results.software
    for name in ("system", "cpu", "gpu", "driver"):
        text: str | None = getattr(machine, name)
        yield f"machine.{name} is {_short(text)!r}", text is not None and not _is_a_name(text)
    for name, text in asdict(software).items():
        yield f"software.{name} is {_short(text)}", text is not None and not VERSION.fullmatch(text)
    yield f"machine.cores is {machine.cores}", not 1 <= machine.cores <= MOST_CORES
    yield f"machine.affinity is {machine.affinity} of {machine.cores} cores", not 1 <= machine.affinity <= machine.cores
    yield f"machine.quota is {machine.quota}", not FEWEST_CORES <= (machine.quota or 1.0) <= MOST_CORES
    yield f"machine.ram is {machine.ram}", not 0 <= machine.ram <= MOST_BYTES
    yield f"machine.shm is {machine.shm}", not 0 <= (machine.shm or 0) <= MOST_BYTES
    yield f"tier is {results.tier}, and machine.gpu {machine.gpu}", (results.tier == "gpu") != bool(machine.gpu)
    yield f"outputs has {len(results.outputs)} entries", len(results.outputs) > MOST_OUTPUTS
    if results.gpu_properties:
        yield f"gpu_properties are of no GPU, and tier {results.tier}", results.tier != "gpu"
        yield from ((f"gpu_properties.{what}", wrong) for what, wrong in impossible(results.gpu_properties))
    yield f"commit is {results.commit!r}", not HASH.fullmatch(results.commit)
    yield f"measured_at is {results.measured_at!r}", _not_a_past_time(results.measured_at)
    yield f"experiments has {len(results.experiments)} entries", len(results.experiments) > MOST_EXPERIMENTS
    for name, measured in results.experiments.items():
        place = f"experiments.{name}"
        yield f"{_short(place)} is no name of an experiment", not NAME.fullmatch(name) or len(name) > MAX_NAME
        yield from ((f"{place}.{what}", wrong) for what, wrong in _impossible_experiment(measured, machine))


def _impossible_experiment(measured: Measured, machine: Machine) -> Checks:
    yield f"source_hash is {measured.source_hash!r}", not HASH.fullmatch(measured.source_hash)
    yield f"measured_at is {measured.measured_at!r}", _not_a_past_time(measured.measured_at)
    yield f"rounds is {measured.rounds}", not 0 <= measured.rounds <= MOST_ROUNDS
    yield f"warmup is {measured.warmup}", not 0 <= measured.warmup <= MOST_ROUNDS
    yield f"cost_s is {measured.cost_s}", not 0 <= measured.cost_s <= MOST_SECONDS
    for name, value in measured.params.items():
        plain = not isinstance(value, str) or (len(value) <= MAX_NAME and PARAMETER.fullmatch(value))
        yield f"params.{_short(name)} is {_short(value)}", not plain or not _is_a_name(name)
    is_measured, has_reason = measured.status == "measured", bool(measured.reason.strip())
    yield f"status is {measured.status}, and reason {_short(measured.reason)!r}", is_measured == has_reason
    yield f"reason has {len(measured.reason)} characters", len(measured.reason) > MAX_REASON
    yield f"status is {measured.status}, with {len(measured.samples)} samples", is_measured != bool(measured.samples)
    yield from _impossible_samples(measured)
    shares = [
        share
        for surroundings in measured.surroundings
        for share in (surroundings.steal, surroundings.throttled)
        if share is not None
    ]
    yield "surroundings has a share that is none", not all(0 <= share <= 1 for share in shares)
    for surroundings in measured.surroundings:
        capacity = surroundings.capacity
        possible = 0 < len(capacity) <= MOST_ROUNDS and all(0 < cores <= 10 * machine.cores for cores in capacity)
        yield "surroundings has a capacity that is none", not possible
    for arm, spans in measured.traces.items():
        yield f"traces has an arm {_short(arm)!r}", not _is_a_name(arm)
        yield f"traces.{arm} has a span that is none", not all(map(_is_a_span, spans))


def _impossible_samples(measured: Measured) -> Checks:
    samples = [*measured.samples, *measured.confirmation]
    once = {(sample.pass_, sample.round, sample.arm) for sample in samples}
    yield f"samples has one round of an arm twice, of {len(samples)}", len(once) < len(samples)
    rounds = {sample.round for sample in samples}
    yield f"samples are of other rounds than {measured.rounds}", not rounds <= {*range(measured.rounds)}
    arms = {sample.arm for sample in measured.samples}
    for arm in arms:
        yield f"samples has an arm {_short(arm)!r}", not _is_a_name(arm)
    pair = {measured.again, measured.again + AGAIN} if measured.again and arms else set()
    yield f"again is {_short(measured.again)}, and no such arm", not pair <= arms
    by_name: dict[str, list[float]] = {}
    for sample in samples:
        for name, value in sample.values.items():
            by_name.setdefault(name, []).append(value)
    heads = by_name.get(measured.headline, [])
    yield f"headline is {_short(measured.headline)}, and no such value", bool(measured.headline and arms and not heads)
    yield f"samples has a {measured.headline} that no clock can have measured", any(value <= 0 for value in heads)
    for name, values in by_name.items():
        sizes = [abs(value) for value in values if value] or [1.0]
        yield f"samples has a value {_short(name)!r}", not _is_a_name(name)
        yield f"samples has a {name} that is {MOST_TIMES:g} times another", max(sizes) > MOST_TIMES * min(sizes)


def _is_a_name(text: str) -> bool:
    return 0 < len(text) <= MAX_NAME and text == text.strip()


def _is_a_span(span: TraceSpan) -> bool:
    return 0 <= span.start <= span.end <= MOST_SECONDS and _is_a_name(span.lane) and _is_a_name(span.role)


def _not_a_past_time(text: str) -> bool:
    if not MOMENT.fullmatch(text):
        return True
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return True
    return moment.year < FIRST_YEAR or moment > datetime.now(UTC) + AHEAD
