"""A Python that has torch imported and runs one script after the other, each in a fork of its own.

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
import threading
import time
import types
import warnings
from dataclasses import asdict, dataclass
from pathlib import Path

from snippets.lab.machine.processes import stop_group
from snippets.lab.paths import ROOT


@dataclass(frozen=True)
class Request:
    """`arguments`: the path of a script within `folder`, in which it is run, and its own arguments. What it prints is
    appended to the file `printed`, and what it writes to standard error to `errors`, which may be the same.

    `quiet_about`: how the message of a warning begins that is not shown; "" for none. In `environment` it would come
    too late, for Python reads PYTHONWARNINGS when it starts.
    """

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    printed: str
    errors: str
    quiet_about: str = ""


class Preloaded:
    """Such a Python, in a process of its own, for one script at a time. Only where a process can fork."""

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

    def start(self, request: Request) -> int:
        """Start a script; give the id of its process, which leads a group of its own. `wait` must follow. Raises
        EOFError.
        """
        assert self._process.stdin
        self._process.stdin.write(json.dumps(asdict(request)).encode() + b"\n")
        return self._answer()

    def wait(self, seconds: float) -> int:
        """Wait for the script's end; give its exit code. Raises EOFError, and TimeoutError, after which the caller ends
        the script and waits once more.
        """
        return self._answer(time.monotonic() + seconds)

    def _answer(self, deadline: float | None = None) -> int:
        """The next line. Raises TimeoutError, and EOFError where the process has ended, as `end` makes it."""
        answers = self._process.stdout
        assert answers
        if deadline and not select.select([answers], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        if not (line := answers.readline()):
            raise EOFError("the Python that was to become a script has ended")
        return int(line)

    def end(self) -> None:
        """End it, and the script that it runs. Who waits for that script gets EOFError."""
        if self._process.poll() is None:
            stop_group(self._process)

    def close(self) -> None:
        """End it, when nobody waits for it any more."""
        self.end()
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            pipe.close()


def serve() -> Request | None:
    """Fork for each request. Returns in a fork, with its request, and in the parent with None, after the last one."""
    import torch.utils.data  # noqa: F401

    assert sys.platform != "win32"
    gc.freeze()

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    for line in sys.stdin:
        pid = os.fork()  # type: ignore  (POSIX)
        if pid == 0:
            answers.close()
            return Request(**json.loads(line))
        print(pid, file=answers, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)
    return None


def become(request: Request) -> types.ModuleType:
    """Make this process what Python is when it begins to run a script, alone in its session, in the script's folder;
    give the script's module.
    """
    assert sys.platform != "win32"
    os.setsid()  # type: ignore  (POSIX)
    os.chdir(request.folder)
    nothing = os.open(os.devnull, os.O_RDONLY)
    paths = request.printed, request.errors
    printed, errors = (os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND) for path in paths)
    for standard, file in enumerate((nothing, printed, errors)):
        os.dup2(file, standard)
        os.close(file)
    os.environ.clear()
    os.environ.update(request.environment)
    if request.quiet_about:
        warnings.filterwarnings("ignore", request.quiet_about)
    sys.argv = [*request.arguments]
    script = Path(request.folder, request.arguments[0])
    sys.path[0] = str(script.parent)
    main = types.ModuleType("__main__")
    main.__file__ = str(script)
    sys.modules["__main__"] = main
    return main


def run(main: types.ModuleType) -> int:
    """Run the script; give its exit code. Where it raises, Python's own traceback is written, without this file."""
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
    threading._shutdown()  # pyrefly: ignore[missing-attribute]
    atexit._run_exitfuncs()
    main.__dict__.clear()
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    if request := serve():
        script = become(request)
        end(script, run(script))
