"""The commands: `python -m snippets.lab site | serve | measure | reference | judge | rates | summary | validate`."""

import argparse
import errno
import math
import os
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext, redirect_stdout, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from snippets.lab import moment
from snippets.lab.measuring.limit import Limit, number_of_minutes
from snippets.lab.paths import AS_PUBLISHED, COMMITTED_RESULTS, LOCAL_RESULTS, OUTPUTS, ROOT, SITE
from snippets.lab.results.results import Form, Results
from snippets.lab.store import ResultError
from snippets.lab.streams import replace_what_stdout_lacks

if TYPE_CHECKING:
    from snippets.lab.judging.rulings import Ruling

PUBLISH = "refuse what may not be published: an unfit environment, values that were accepted too long ago"
SHARE = "write what others may see as well, with nothing personal in it (default: docs/results/<machine>.json)"
MINUTES = "begin nothing after so many minutes, and stop what runs a minute later; the same command then goes on"
KEPT = "of docs/results (default: this machine is measured in the full form, and its file kept)"
NAMED_AFTER_MACHINE = Path()
"""Stands for a file that is named after the machine."""
MINIMUM_PYTHON = (3, 11, 5)
NOT_MEASURED = "PUBLISHED is set: nothing is measured here."


class CommandError(RuntimeError):
    """A user's mistake or a machine's lack, said in one line."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _check_python()
        return options.run(options)
    except (CommandError, ResultError) as error:
        return _fail(str(error))
    except OSError as error:
        return _fail(_os_words(error))
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m snippets.lab", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    site = commands.add_parser("site", help="measure what is stale, draw, and build the site")
    site.add_argument("--full", action="store_true", help="up to three passes per experiment instead of one")
    site.add_argument("--publish", action="store_true", help=PUBLISH)
    site.add_argument("--offline", action="store_true", help="a site that works from a folder, without a server")
    site.set_defaults(run=_site)
    serve = commands.add_parser("serve", help="the same, with a live preview")
    serve.set_defaults(run=_serve)
    measure = commands.add_parser("measure", help="only measure (needs torch and numpy alone)")
    measure.add_argument("--out", type=Path, default=LOCAL_RESULTS, help="the result file to write")
    measure.add_argument("--full", action="store_true", help="up to three passes per experiment instead of one")
    measure.add_argument("--only", nargs="+", metavar="EXPERIMENT", help="these alone; stale or not without --minutes")
    measure.add_argument("--minutes", type=number_of_minutes, default=math.inf, help=MINUTES)
    measure.add_argument("--share", nargs="?", const=NAMED_AFTER_MACHINE, metavar="FILE", type=Path, help=SHARE)
    measure.set_defaults(run=_measure)
    reference = commands.add_parser("reference", help="keep results whose numbers pages show where a build has none")
    reference.add_argument("file", nargs="?", type=Path, metavar="FILE", help=KEPT)
    reference.set_defaults(run=_reference)
    judge = commands.add_parser("judge", help="measure what is stale, and say which claims hold")
    judge.add_argument("--full", action="store_true", help="up to three passes per experiment instead of one")
    judge.add_argument("--again", action="store_true", help="measure everything anew")
    judge.add_argument("--json", action="store_true", help="print JSON instead of a table")
    judge.add_argument("--publish", action="store_true", help=PUBLISH)
    judge.set_defaults(run=_judge)
    rates = commands.add_parser("rates", help="count how often noise closes each gate, for the page on the method")
    rates.add_argument("load", choices=("idle", "busy"), help="what else runs meanwhile: nothing, a process per core")
    rates.add_argument("runs", type=int, metavar="RUNS", help="of `judge`: twenty take an hour")
    rates.set_defaults(run=_rates)
    summary = commands.add_parser("summary", help="what is measured and judged already, as Markdown; what has moved")
    summary.set_defaults(run=_summary)
    validate = commands.add_parser("validate", help="whether result files may be contributed")
    validate.add_argument("--gpu", action="store_true", help="refuse what was measured without a GPU")
    validate.add_argument("files", nargs="+", type=Path, metavar="FILE")
    validate.set_defaults(run=_validate)
    return parser


def _site(options: argparse.Namespace) -> int:
    _check_shared_memory()
    from snippets.lab.site import build, mkdocs

    began = time.perf_counter()
    try:
        with moment.lasting():
            stages = build.prepare(_form(options), options.publish)
    except build.BuildError as error:
        raise CommandError(str(error)) from error
    with stages.timed("pages"):
        succeeded = mkdocs.build_site(options.offline)
    if not succeeded:
        raise CommandError("the pages have mistakes (named above); the site in site/ is still the last good one")
    print(mkdocs.summary(stages, time.perf_counter() - began))
    return 0


def _serve(_: argparse.Namespace) -> int:
    _check_shared_memory()
    from mkdocs.__main__ import cli

    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    # The command itself, for only that says what it does, and ends with one line where it cannot.
    cli.main(["serve", "--livereload", "--config-file", str(ROOT / "mkdocs.yml")], prog_name="mkdocs")
    return 0


def _measure(options: argparse.Namespace) -> int:
    if AS_PUBLISHED:
        if options.share:
            raise CommandError("PUBLISHED is set, so nothing is measured that could be shared: unset it")
        print(NOT_MEASURED)
        return 0
    _check_shared_memory()
    limit = Limit(options.minutes)  # from now on, for what is drawn and asked for first takes time, too
    from snippets.lab.catalog import experiment_names, prepare_experiments
    from snippets.lab.measuring.session import is_stale, measure
    from snippets.lab.outputs import outputs
    from snippets.lab.results import contributed

    unknown = sorted(set(options.only or []) - set(experiment_names()))
    if unknown:
        raise CommandError(f"no experiment {unknown[0]!r}; there are: {', '.join(experiment_names())}")
    _check_writable(options.out)
    share = _shared_file(options.share) if options.share else None
    only = [*dict.fromkeys(options.only or [])]
    with suppress(ModuleNotFoundError):  # without Pillow, what reads images is not measured here
        prepare_experiments()
    results, names = measure(options.out, _form(options), only, limit)
    if names:
        print(f"Wrote {options.out}.")
    elif not any(is_stale(results, name, _form(options)) for name in only or experiment_names()):
        print(f"Nothing to measure: {options.out} is up to date.")
    measured = any(experiment.status == "measured" for experiment in results.experiments.values())
    if share and measured:
        contributed.share(results, share)
        if results.tier == "gpu":  # only now, when the numbers are safe
            printed = outputs.of_a_gpu(contributed.unfit_output, math.inf if limit.nothing else limit.until)
            contributed.share(replace(results, outputs=printed), share)
        print(f"Wrote {share}: {contributed.summary(results)}. Propose it as .github/CONTRIBUTING.md says, “A result”.")
        _tell_contradictions(results, share)
    failed = [name for name in names if results.experiments[name].status == "error"]
    if failed:
        raise CommandError(f"failed: {', '.join(failed)} (the reasons stand above)")
    if share and not measured:
        raise CommandError("nothing is measured yet that could be shared")
    return 0


def _reference(options: argparse.Namespace) -> int:
    from snippets.lab.outputs import outputs
    from snippets.lab.results import contributed, held

    path = options.file or _shared_file(NAMED_AFTER_MACHINE)
    if not options.file:
        if failed := main(["measure", "--full", "--share", str(path)]):
            return failed
        try:
            printed = outputs.for_a_reference(OUTPUTS, contributed.unfit_output)
        except outputs.OutputError as error:
            raise CommandError(str(error)) from error
        contributed.share(replace(contributed.read(path), outputs=printed), path)
    held.keep(path)
    print(f"{path} is a reference, by its name and content in {held.REFERENCES}. Commit both.")
    return 0


def _shared_file(option: Path) -> Path:
    """Checked before anything is measured, which takes minutes."""
    from snippets.lab.machine.machine import this_machine
    from snippets.lab.results import contributed

    path = COMMITTED_RESULTS / contributed.file_name(this_machine()) if option == NAMED_AFTER_MACHINE else option
    contributed.check_name(path)
    _check_writable(path)
    return path


def _judge(options: argparse.Namespace) -> int:
    from snippets.lab.catalog import experiment_names, prepare_experiments
    from snippets.lab.measuring.session import measure
    from snippets.lab.site import build, report

    with redirect_stdout(sys.stderr) if options.json else nullcontext():
        if AS_PUBLISHED:
            print(NOT_MEASURED)
        else:
            _check_shared_memory()
            prepare_experiments()
            measure(LOCAL_RESULTS, _form(options), experiment_names() if options.again else None)
    with moment.lasting():
        rulings = _rulings()
        print(report.as_json(rulings)) if options.json else report.print_table(rulings)
        with redirect_stdout(sys.stderr):
            try:
                build.refuse_verdicts(rulings, options.publish, keep=not AS_PUBLISHED)
            except build.BuildError as error:
                raise CommandError(str(error)) from error
    return 0


def _rates(options: argparse.Namespace) -> int:
    from snippets.lab.measuring import repeated

    repeated.count(options.load, options.runs)
    return 0


def _rulings() -> "list[Ruling]":
    """By what is measured already."""
    from snippets.lab.markdown.shown import UnknownName
    from snippets.lab.markdown.verdicts import rulings
    from snippets.lab.results.held import refusals

    try:
        all_rulings = rulings()
    except UnknownName as error:  # nothing is measured yet
        raise CommandError(error.message) from error
    for line in refusals():
        print(line, file=sys.stderr)
    return all_rulings


def _summary(_: argparse.Namespace) -> int:
    from snippets.lab.site import report

    with moment.lasting():
        text = report.as_markdown(_rulings())
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text)
    print(text, end="")
    return 0


def _validate(options: argparse.Namespace) -> int:
    from snippets.lab.results import contributed

    for path in options.files:
        results = contributed.read(path)
        if options.gpu:
            _refuse_without_gpu(results, path)
        print(f"{path} may be contributed: {contributed.summary(results)}.")
        _tell_contradictions(results, path)
    return 0


def _refuse_without_gpu(results: Results, path: Path) -> None:
    from snippets.lab.catalog import experiment_names
    from snippets.lab.judging.claims import needs_gpu

    if results.tier != "gpu":
        raise CommandError(f"{path}: measured without a GPU: torch saw none on {results.machine.cpu}")
    for name in filter(needs_gpu, experiment_names()):
        measured = results.experiments.get(name)
        if measured is None or measured.status != "measured":
            reason = measured.reason if measured else "no result"
            raise CommandError(f"{path}: {name} is not measured, which takes a GPU: {reason}")


def _tell_contradictions(results: Results, path: Path) -> None:
    """Who adds the file can mend the sentences in the same change; who reads them later cannot measure again."""
    from snippets.lab.markdown.verdicts import contradictions
    from snippets.lab.results.held import MachineResults

    for line in contradictions(MachineResults(results, "contributed", str(path))):
        print(line)


def _form(options: argparse.Namespace) -> Form:
    return "full" if options.full else "short"


def _check_python() -> None:
    if sys.version_info < MINIMUM_PYTHON:
        raise CommandError(f"Python 3.11.5 or newer is needed; this is {sys.version.split()[0]}")


def _check_shared_memory() -> None:
    """Of what measures; a file can be looked at without."""
    if sys.platform == "linux" and not (Path("/dev/shm").is_dir() and os.access("/dev/shm", os.W_OK)):
        raise CommandError(
            "/dev/shm is missing or not writable, and workers hand their batches over through it; mount it "
            "(docker run --shm-size=1g …, or mount -t tmpfs tmpfs /dev/shm) and run this again"
        )


def _check_writable(out: Path) -> None:
    folder = out.resolve().parent
    if out.is_dir():
        raise CommandError(f"{out} is a folder; name a file, such as {out}/results.json")
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file, not a folder; name another file")
    if not folder.exists() and out != LOCAL_RESULTS:
        raise CommandError(f"{folder}: no such folder; make it first")
    if folder.exists():
        if not os.access(folder, os.W_OK):
            raise CommandError(f"{folder} cannot be written to; name another file")
        if shutil.disk_usage(folder).free < 20_000_000:
            raise CommandError(f"less than 20 MB are free in {folder}; free some space and run this again")


def _os_words(error: OSError) -> str:
    where = error.filename or SITE
    if error.errno == errno.ENOSPC:
        return f"no space left on the disk for {where}; free some and run this again (older results are intact)"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return f"{where} cannot be written to ({error.strerror})"
    return f"{where}: {error.strerror}"


def _fail(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    # A cancelled CI job has to stop its workers like Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    replace_what_stdout_lacks()
    sys.exit(main())
