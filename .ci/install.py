"""Make .venv and install into it what requirements.lock names, by hash, and torch. Needs the standard library only.

    python3 .ci/install.py                  set up; returns at once when nothing has changed
    python3 .ci/install.py --this-python    the same, and .venv must be made with this very Python
    python3 .ci/install.py --newest         then the newest version of each package of requirements.txt

Once made, .venv keeps its Python, whichever Python runs this file later.
The syntax stays that of Python 3.6, so that an old Python can say that it is too old.
"""

import contextlib
import hashlib
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from typing import Iterator, List, Optional, Tuple

OLDEST = (3, 11, 5)
# .venv takes 1.9 GB with the CPU build of torch; pip keeps its downloads beside that until it is done.
NEEDED_BYTES = 25 * 10**8

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
REQUIREMENTS = os.path.join(ROOT, "requirements.txt")
LOCKED = os.path.join(ROOT, "requirements.lock")
PYPROJECT = os.path.join(ROOT, "pyproject.toml")
VENV = os.path.join(ROOT, ".venv")
CONFIG = os.path.join(VENV, "pyvenv.cfg")
PYTHON = os.path.join(VENV, *(("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")))
# Holds the fingerprint of a finished .venv, or UNFINISHED after a power cut: then it cannot be trusted.
# No stamp at all: made by hand, or its last update failed; it is kept and brought up to date.
STAMP = os.path.join(VENV, "installed")
UNFINISHED = "unfinished"
CACHE = os.path.join(ROOT, ".cache")
LOG = os.path.join(CACHE, "install.log")
LOCK = os.path.join(CACHE, "install.lock")
# Every index has setuptools, which pip looks for first: where no version of it is seen, no index answered.
UNREACHABLE = (
    r"connection broken|connection refused|newconnectionerror|failed to establish a new connection|timed out"
    r"|name resolution|getaddrinfo failed|network is unreachable|proxyerror|sslerror|max retries exceeded"
    r"|requirement setuptools\S* \(from versions: none\)"
)


class SetUpError(Exception):
    """The one line that says what went wrong and what to do."""


def main(arguments: List[str]) -> int:
    # A cancelled CI job or a closed terminal has to tidy up like Ctrl-C does.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
    unknown = [argument for argument in arguments if argument not in ("--this-python", "--newest")]
    try:
        if unknown:
            raise SetUpError(f"unknown argument {unknown[0]}; see the first lines of .ci/install.py")
        set_up(this_python="--this-python" in arguments)
        if "--newest" in arguments:
            install_newest()
    except SetUpError as error:
        return fail(str(error), 1)
    except KeyboardInterrupt:
        return fail("interrupted", 130)
    except OSError as error:
        return fail(f"{error.strerror or error}: {error.filename or ROOT}", 1)
    return 0


def say(line: str) -> None:
    print(line, flush=True)


def fail(line: str, code: int) -> int:
    print("error: " + line, file=sys.stderr, flush=True)
    return code


# --- The environment ---


def set_up(this_python: bool) -> None:
    """Make `.venv` hold what requirements.txt asks for, in the very files that requirements.lock names.

    Raises SetUpError with one line. Then a .venv that this call began is gone again; an older one stays, but
    without its stamp, so that the next call tries again.
    """
    if is_ready(this_python):
        return
    check_python()
    check_folder()
    with one_at_a_time():
        if not is_ready(this_python):
            install(update=can_update(this_python))


def install(update: bool) -> None:
    started = time.time()
    if not update:
        check_venv_module()
        check_disk()
    with open(LOG, "w"):
        pass
    say("Setting up (only when the requirements or pyproject.toml have changed)")
    try:
        if not update:
            replace = os.path.isdir(VENV)
            if replace:
                write_stamp(UNFINISHED)
            remove(VENV)
            verb = "replacing" if replace else "creating"
            run(f"{verb} .venv, with Python {running()}", [sys.executable, "-I", "-m", "venv", VENV])
        write_stamp(UNFINISHED)
        if not has_pip():
            run("adding pip to .venv", [PYTHON, "-I", "-m", "ensurepip"])
        hashed = ("--require-hashes", "--only-binary=:all:", "-r", LOCKED)
        run(pip_line(update), pip_install(*hashed))
        # What is left: torch, whose file differs from machine to machine, and this project.
        run(
            "installing torch, and this project",
            pip_install("--no-build-isolation", "-r", REQUIREMENTS, *torch_index()),
        )
    except BaseException:
        # A second Ctrl-C must not leave half of it behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        remove(STAMP if update else VENV)
        raise
    write_stamp(fingerprint())
    say(f"  done in {time.time() - started:.0f} s")


def install_newest() -> None:
    """The newest version of each package instead of the pinned one. The next plain set-up goes back to the pins."""
    with open(REQUIREMENTS, encoding="utf-8") as file:
        pinned = re.findall(r"^([\w-]+)==", file.read(), re.MULTILINE)
    remove(STAMP)
    run("installing the newest versions instead", pip_install("--upgrade", *pinned, *torch_index()))


def torch_index() -> List[str]:
    """Where else to look for torch: the environment's TORCH_INDEX, such as PyTorch's own index of CPU builds."""
    index = os.environ.get("TORCH_INDEX", "")
    return ["--extra-index-url", index] if index else []


def pip_install(*arguments: str) -> List[str]:
    """-I: a PYTHONPATH or user packages of the caller do not count as installed."""
    return [PYTHON, "-I", "-m", "pip", "install", "--no-input", *arguments]


def pip_line(update: bool) -> str:
    with open(LOCKED, encoding="utf-8") as file:
        packages = len(re.findall(r"^[\w./]", file.read(), re.MULTILINE))
    if update:
        return f"updating .venv to the {packages} packages of requirements.lock"
    return f"installing {packages} packages by their hashes (with torch about 1.9 GB, about a minute)"


def run(line: str, command: List[str]) -> None:
    """Run one stage: one line on the terminal, everything that the command says in the log."""
    live = sys.stdout.isatty() and shutil.get_terminal_size().columns >= 80
    print("  " + line, end="" if live else "\n", flush=True)
    started = time.time()
    # PIP_USER: a pip configured for user installs refuses to work in a venv.
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    with open(LOG, "ab") as log:
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # Ctrl-C reaches it through `stop` alone: pip that gets a second one leaves its downloads behind.
            start_new_session=True,
        )
        try:
            while wait_a_second(child) is None:
                if live:
                    print(f"\r  {line} {time.time() - started:.0f} s", end="", flush=True)
        except KeyboardInterrupt:
            stop(child)
            raise
        finally:
            if live:
                print(flush=True)
    if child.returncode != 0:
        with open(LOG, encoding="utf-8", errors="replace") as file:
            raise SetUpError(explain(file.read()) + " Full log: " + os.path.relpath(LOG, ROOT))


def stop(child: subprocess.Popen) -> None:
    """End a command and all that it started, with time to tidy up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # On Windows, the console has passed Ctrl-C on.
    if os.name != "nt":
        os.killpg(child.pid, signal.SIGINT)
    try:
        child.wait(timeout=10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def wait_a_second(child: subprocess.Popen) -> Optional[int]:
    try:
        return child.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return None


def explain(log: str) -> str:
    """The one line that a failed venv or pip run comes down to."""

    def says(pattern: str) -> bool:
        return re.search(pattern, log, re.IGNORECASE) is not None

    if says(r"no space left on device|errno 28|winerror 112|disk quota exceeded"):
        return (
            f"the disk is full: free some space in {ROOT} and in {tempfile.gettempdir()}, and try again"
            ' (the CUDA build of torch needs several GB more: "CPU or CUDA" in README.md).'
        )
    if says(r"permission denied|read-only file system|winerror 5\b"):
        return f"pip may not write here: make {ROOT} writable for you and try again."
    if says(r"certificate verify failed"):
        return "pip does not trust the package index: set `cert` in pip's configuration, and try again."
    if says(r"do not match the hashes"):
        return (
            "a file does not have the hash that requirements.lock names, and may have been tampered with: try again,"
            " and report it if it stays so (.github/SECURITY.md)."
        )
    if says(UNREACHABLE):
        return (
            "pip could not reach the package index: connect to the network,"
            " or set a mirror in pip's configuration, and try again."
        )
    missing = re.search(r"no matching distribution found for (\S+)", log, re.IGNORECASE)
    if missing:
        system = f"{platform.system()} {platform.machine()}"
        return f"pip found no {missing.group(1)} for this Python on {system}."
    errors = re.findall(r"^(?:ERROR|Error): *(.+)$", log, re.MULTILINE)
    return "the install failed: {}.".format(errors[-1].strip().rstrip(".") if errors else "no reason given")


# --- What is there already ---


def is_ready(this_python: bool) -> bool:
    try:
        with open(STAMP) as file:
            stamp = file.read()
        ready = stamp == fingerprint() and os.path.exists(PYTHON)
        return ready and (not this_python or venv_version() == sys.version_info[:3])
    except OSError:
        return False


def can_update(this_python: bool) -> bool:
    """Whether the .venv that is there can be brought up to date instead of made anew."""
    try:
        version = venv_version()
        if os.path.exists(STAMP):
            with open(STAMP) as file:
                if file.read() == UNFINISHED:
                    return False
    except OSError:
        return False
    if not os.path.exists(PYTHON) or version < OLDEST or has_moved():
        return False
    return not this_python or version == sys.version_info[:3]


def fingerprint() -> str:
    """Hash of what a finished .venv depends on; its place and its Python too, because a venv cannot move."""
    digest = hashlib.sha256()
    for path in (REQUIREMENTS, LOCKED, PYPROJECT, CONFIG):
        with open(path, "rb") as file:
            digest.update(hashlib.sha256(file.read()).digest())
    for path in (ROOT, os.path.realpath(PYTHON)):
        digest.update(hashlib.sha256(os.fsencode(path)).digest())
    return digest.hexdigest()


def venv_version() -> Tuple[int, ...]:
    """Version of the Python that .venv was made with; (0,) where it does not say."""
    with open(CONFIG, encoding="utf-8") as file:
        found = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)\.(\d+)", file.read(), re.MULTILINE)
    return tuple(int(number) for number in found.groups()) if found else (0,)


def has_moved() -> bool:
    """Whether .venv was made in another folder, which its commands (`.venv/bin/mkdocs`) still point to."""
    with open(CONFIG, encoding="utf-8") as file:
        made = re.search(r"^command = .+ -m venv (?:--\S+ )*(.+)$", file.read(), re.MULTILINE)
    return made is not None and os.path.realpath(made.group(1)) != VENV


def has_pip() -> bool:
    test = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pip') is None)"
    return subprocess.call([PYTHON, "-I", "-c", test]) == 0


def write_stamp(text: str) -> None:
    with open(STAMP, "w") as file:
        file.write(text)


def remove(path: str) -> None:
    if os.path.isdir(path) and not os.path.islink(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.remove(path)


# --- Faults that are better found before anything is written ---


def check_python() -> None:
    if sys.version_info[:3] >= OLDEST:
        return
    newer = newer_python()
    advice = f"Use {newer}:" if newer else "Install a newer one, then:"
    raise SetUpError(
        f"This project needs Python {dotted(OLDEST)} or newer; this is Python {running()} ({sys.executable})."
        f" {advice} make site PYTHON={newer or 'python3.12'}"
    )


def newer_python() -> Optional[str]:
    """Name of a Python on PATH that is new enough and starts (a version manager's may lead nowhere)."""
    test = f"import sys; raise SystemExit(sys.version_info[:3] < {OLDEST!r})"
    for name in ("python3.12", "python3.13", "python3.11", "python3.14"):
        if shutil.which(name):
            with open(os.devnull, "w") as nowhere:
                if subprocess.call([name, "-c", test], stdout=nowhere, stderr=nowhere) == 0:
                    return name
    return None


def check_folder() -> None:
    try:
        os.makedirs(CACHE, exist_ok=True)
        with open(LOCK, "a"):
            pass
    except OSError as error:
        raise SetUpError(
            f"cannot write in {ROOT} ({error.strerror}): make it writable for you, or clone elsewhere."
        ) from None


def check_venv_module() -> None:
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        package = "python{}.{}-venv".format(*sys.version_info)
        raise SetUpError(
            f"this Python ({sys.executable}) cannot make virtual environments."
            f" On Debian and Ubuntu: sudo apt-get install {package}"
        ) from None


def check_disk() -> None:
    free = shutil.disk_usage(ROOT).free
    if free < NEEDED_BYTES:
        raise SetUpError(
            f"{free / 1e9:.1f} GB are free in {ROOT}, and about {NEEDED_BYTES / 1e9} GB are needed:"
            " free some space and try again."
        )


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another terminal sets up in this folder. Windows has no flock and goes without."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with open(LOCK, "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for the set-up that runs here already")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def running() -> str:
    return dotted(sys.version_info[:3])


def dotted(version: Tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
