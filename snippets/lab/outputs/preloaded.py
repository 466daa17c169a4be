"""Python with torch imported once, which becomes a script as often as it is asked: each in a fork of its own.

`python -m snippets.lab.outputs.preloaded` reads one request per line of its standard input, in JSON, and answers by two
lines: the process's id as soon as there is one, its exit code when it has ended. Importing torch takes a second or two
of a core, and most of what a short script takes.
"""

import atexit
import gc
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
import types
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from snippets.lab.machine.processes import end_group
from snippets.lab.paths import ROOT


@dataclass(frozen=True)
class Request:
    """`script` is run in `folder`, where it lies, with `environment`; what it prints goes into the file `printed`.

    `quiet_about`: how the message of a warning begins that is not shown. Python reads PYTHONWARNINGS when it starts.
    """

    script: str
    folder: str
    printed: str
    environment: dict[str, str]
    quiet_about: str


class Preloaded:
    """Such a Python, for one script at a time. Only where a process can fork."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )

    def run(
        self, script: str, folder: str, environment: dict[str, str], seconds: float, quiet_about: str = ""
    ) -> tuple[int, str]:
        """Exit code of a script, and what it printed; nothing of it is left. Raises TimeoutError after `seconds`."""
        with tempfile.NamedTemporaryFile(prefix="printed-") as printed:
            asked = Request(script, folder, printed.name, environment, quiet_about)
            assert self._process.stdin
            self._process.stdin.write(json.dumps(asdict(asked)).encode() + b"\n")
            pid, until = self._answer(), time.monotonic() + seconds
            try:
                exit_code = self._answer(until)
            except TimeoutError:
                end_group(pid, is_running=True)
                self._answer()
                raise
            end_group(pid, is_running=False)
            return exit_code, printed.read().decode("utf-8", errors="replace")

    def _answer(self, until: float | None = None) -> int:
        """The next line. Raises TimeoutError."""
        answers = self._process.stdout
        assert answers
        if until and not select.select([answers], [], [], max(0.0, until - time.monotonic()))[0]:
            raise TimeoutError
        return int(answers.readline())

    def close(self) -> None:
        self._process.communicate()


def serve() -> Request | None:
    """Fork for each request. In a fork: what it is asked to become; None when no more is asked."""
    import torch.utils.data  # noqa: F401

    assert sys.platform != "win32"
    gc.freeze()

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            answers.close()
            return Request(**json.loads(line))
        print(pid, file=answers, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)
    return None


def become(asked: Request) -> types.ModuleType:
    """This process as Python has it when it begins to run a script: alone in its session, in its folder."""
    assert sys.platform != "win32"
    os.setsid()
    os.chdir(asked.folder)
    nothing = os.open(os.devnull, os.O_RDONLY)
    printed = os.open(asked.printed, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for file, standard in ((nothing, 0), (printed, 1), (printed, 2)):
        os.dup2(file, standard)
    os.close(nothing)
    os.close(printed)
    os.environ.clear()
    os.environ.update(asked.environment)
    if asked.quiet_about:
        warnings.filterwarnings("ignore", asked.quiet_about)
    sys.argv = [asked.script]
    sys.path[0] = asked.folder
    main = types.ModuleType("__main__")
    main.__file__ = str(Path(asked.folder, asked.script))
    sys.modules["__main__"] = main
    return main


def run(main: types.ModuleType) -> int:
    """Exit code of the script. Where it raises, Python's own traceback is written, without this file."""
    file = str(main.__file__)
    try:
        exec(compile(Path(file).read_bytes(), file, "exec"), main.__dict__)
    except Exception as error:
        trace = error.__traceback__.tb_next if error.__traceback__ else None
        sys.excepthook(type(error), error.with_traceback(trace), trace)
        return 1
    return 0


def end(main: types.ModuleType, exit_code: int) -> None:
    """What Python does at its end that a script can tell, in its order: threads, exit handlers, what its names hold.

    The rest, half a second of torch's, says nothing.
    """
    threading._shutdown()  # pyright: ignore[reportAttributeAccessIssue]
    atexit._run_exitfuncs()
    main.__dict__.clear()
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    if asked := serve():
        script = become(asked)
        end(script, run(script))
