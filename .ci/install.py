"""Make .venv and install into it what the locks name, torch too, each file by its hash. Needs no package itself.

Returns at once when nothing has changed. Once made, .venv keeps its Python, whichever Python runs this file later.
The syntax stays that of Python 3.6, so that an old Python can say that it is too old.
"""

import argparse
import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator

OLDEST = (3, 11, 5)
RUNNING = "{}.{}.{}".format(*sys.version_info)

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
LOCKED = ROOT / "requirements.lock"
# torch, whose file differs from machine to machine; and what it needs besides where that file is for CUDA.
LOCKED_TORCH = ROOT / "requirements.torch.lock"
LOCKED_CUDA = ROOT / "requirements.cuda.lock"
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# Where .venv was made, and a hash of what it was made from. UNFINISHED while it is changed, and after a Ctrl-C or a
# power cut: then pip might take half a package for a whole one, so all is made anew. No stamp at all: made by hand, or
# pip could not update it; it is kept and brought up to date.
STAMP = VENV / "set-up"
UNFINISHED = "unfinished"
# pip would use one core. A file that is none of this Python's is passed over, as pip passes it over; so are the
# packages' own tests, a third of all, which nothing here imports.
COMPILE = r"""
import compileall, os, re, sysconfig
tests = re.compile(r"site-packages.*[/\\]tests[/\\]")
compileall.compile_dir(sysconfig.get_path("platlib"), quiet=2, rx=tests, workers=min(8, os.cpu_count() or 1))
"""
CACHE = ROOT / ".cache"
LOG = CACHE / "install.log"


class SetUpError(Exception):
    """The one line that says what went wrong and what to do."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--this-python", action="store_true", help="make .venv anew if it has another Python")
    parser.add_argument("--newest", action="store_true", help="the newest version of each package instead")
    options = parser.parse_args()
    try:
        if state(options.this_python) != "ready":
            check_python()
            with one_at_a_time():
                found = state(options.this_python)
                if found != "ready":
                    set_up(anew=found == "unusable", torch=not options.newest)
        if options.newest:
            install_newest()
    except (SetUpError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        return 130
    return 0


def state(this_python: bool) -> str:
    """Of .venv: "ready"; "outdated", and can be updated; or "unusable", as it is with another Python than asked for."""
    if not PYTHON.exists():
        return "unusable"
    if this_python:
        tell = "import sys; print('{}.{}.{}'.format(*sys.version_info), end='')"
        if subprocess.run([str(PYTHON), "-c", tell], stdout=subprocess.PIPE).stdout.decode() != RUNNING:
            return "unusable"
    if not STAMP.exists():
        return "outdated"
    place, _, made_from = STAMP.read_text(encoding="utf-8").partition("\n")
    # A venv cannot move: its commands (`.venv/bin/mkdocs`) name the folder that it was made in.
    if place != str(VENV):
        return "unusable"
    return "ready" if made_from == fingerprint() else "outdated"


def fingerprint() -> str:
    read = (REQUIREMENTS, LOCKED, LOCKED_TORCH, LOCKED_CUDA, ROOT / "pyproject.toml")
    texts = [path.read_bytes() for path in read]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def check_python() -> None:
    if sys.version_info[:3] < OLDEST:
        raise SetUpError(
            "this project needs Python {}.{}.{} or newer; this is".format(*OLDEST)
            + f" Python {RUNNING} ({sys.executable}). Install a newer one, then: make site PYTHON=python3.12"
        )


def set_up(anew: bool, torch: bool) -> None:
    """Without `torch` where its newest version follows: with what they need for CUDA, two would fill a small disk."""
    started = time.time()
    print("Setting up (only when the requirements or pyproject.toml have changed)", flush=True)
    LOG.write_text("")
    if anew and VENV.exists():
        PYTHON.unlink(missing_ok=True)  # first: what is left of an interrupted removal must not look usable
        shutil.rmtree(VENV)
    VENV.mkdir(exist_ok=True)
    STAMP.write_text(UNFINISHED)
    try:
        if anew:
            run(f"making .venv with Python {RUNNING}", sys.executable, "-I", "-m", "venv", "--without-pip", str(VENV))
            run("giving it pip", str(PYTHON), "-I", "-m", "ensurepip")
        install_locked("installing what requirements.lock names, by its hashes (all of it: about a minute)", LOCKED)
        if torch:
            install_torch()
        pip("installing this project", "install", "--no-index", "--no-deps", "--no-build-isolation", "--editable", ".")
        if torch:
            pip("looking whether all of it fits together", "check")
        run("compiling what is new, on all cores (a third of a minute)", str(PYTHON), "-I", "-c", COMPILE)
    except SetUpError:
        if not anew:
            STAMP.unlink()  # pip looks for all packages before it changes one
        raise
    if torch:
        STAMP.write_text(f"{VENV}\n{fingerprint()}", encoding="utf-8")
    print(f"  done in {time.time() - started:.0f} s", flush=True)


def install_newest() -> None:
    """The newest version of each package instead of the pinned one. The next plain set-up goes back to the pins."""
    pinned = re.findall(r"^([\w-]+)==", REQUIREMENTS.read_text(encoding="utf-8"), re.MULTILINE)
    STAMP.unlink()
    index = os.environ.get("TORCH_INDEX")
    elsewhere = ("--extra-index-url", index) if index else ()
    pip("installing the newest versions instead", "install", "--upgrade", *pinned, *elsewhere)


def install_torch() -> None:
    """The build that this machine's index has, or the one that TORCH_INDEX names instead; a file of another hash than
    the lock's is not installed. A torch of the right version that is there already is kept.
    """
    (pinned,) = re.findall(r"^torch==(\S+)", LOCKED_TORCH.read_text(encoding="utf-8"), re.MULTILINE)
    if ask("version('torch').partition('+')[0]") != pinned:
        index = os.environ.get("TORCH_INDEX")
        of_one_index = ("--index-url", index) if index else ()
        # Taken first and installed then: pip would prefer a build whose hash its index names to the one that fits here.
        with tempfile.TemporaryDirectory(prefix="torch-", dir=str(CACHE)) as folder:
            taking = ("download", "--no-deps", "--only-binary=:all:", "--dest", folder, *of_one_index)
            pip("taking torch (its download)", *taking, f"torch=={pinned}")
            alone = ("--no-deps", "--no-index", "--find-links", folder)
            install_locked("installing it by its hash (half a minute)", LOCKED_TORCH, *alone)
    if "nvidia" in ask("requires('torch')"):
        install_locked("installing what it needs for CUDA (its download: gigabytes)", LOCKED_CUDA, "--no-deps")


def install_locked(stage: str, lock: Path, *arguments: str) -> None:
    pip(stage, "install", "--no-compile", "--require-hashes", "--only-binary=:all:", *arguments, "-r", str(lock))


def ask(question: str) -> str:
    """What the metadata of packages in .venv say; nothing of a package that is not there."""
    command = f"from importlib.metadata import *; print({question}, end='')"
    done = subprocess.run([str(PYTHON), "-I", "-c", command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return done.stdout.decode()


def pip(stage: str, *arguments: str) -> None:
    # -I: a PYTHONPATH or user packages of the caller do not count as installed.
    run(stage, str(PYTHON), "-I", "-m", "pip", "--no-input", *arguments)


def run(stage: str, *command: str) -> None:
    """What the command says goes into the log. Raises SetUpError with its reason where it fails."""
    print("  " + stage, flush=True)
    # PIP_USER: a pip configured for user installs refuses to work in a venv.
    environment = dict(os.environ, PIP_USER="0", PIP_DISABLE_PIP_VERSION_CHECK="1")
    with LOG.open("ab") as log, open(os.devnull, encoding="utf-8") as nothing:
        child = subprocess.Popen(command, cwd=str(ROOT), env=environment, stdin=nothing, stdout=log, stderr=log)
        try:
            child.wait()
        except KeyboardInterrupt:
            child.wait()  # Ctrl-C reaches it too, and it removes its downloads
            raise
    if child.returncode:
        text = LOG.read_text(encoding="utf-8", errors="replace")
        raise SetUpError(f"{reason(text, child.returncode)}. Full log: {LOG}")


def reason(log: str, code: int) -> str:
    unlike = re.search(r"DO NOT MATCH THE HASHES[^\n]*\n\s*(torch==)?", log)
    if unlike and unlike.group(1):
        return (
            "this torch is none of the files that requirements.torch.lock names by hash: it may be another build, or"
            " have been tampered with (README.md, “CPU or CUDA”)"
        )
    if unlike:
        return (
            "a file does not have the hash that its lock names, and may have been tampered with: try again, and report"
            " it if it stays so (.github/SECURITY.md)"
        )
    if "No module named ensurepip" in log:
        package = "python{}.{}-venv".format(*sys.version_info)
        return f"this Python cannot make virtual environments: on Debian and Ubuntu, sudo apt-get install {package}"
    unfit = re.search(r"^\S+ \S+ (requires \S+, which is not installed|has requirement .+, but you have .+)", log, re.M)
    if unfit:
        return (
            f"the packages do not fit together: {unfit.group().rstrip('. ')}. Where the locks have changed: make lock;"
            " where .venv has packages of your own: remove .venv, and try again"
        )
    unseen = re.search(r"requirement (\S+) \(from versions: none\)", log)
    if unseen:
        return f"pip saw no version at all of {unseen.group(1)}: connect to the package index, and try again"
    errors = re.findall(r"^(?:ERROR: |Error: |(?=\w+Error: ))(.+)$", log, re.MULTILINE)
    return "the install failed: " + (errors[-1].rstrip(". \r") if errors else f"exit code {code}, without a reason")


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another terminal sets up in this folder. Windows has no flock and goes without."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "install.lock").open("w") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Waiting for the set-up that runs here already", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    sys.exit(main())
