"""Write the locks anew: what each requirements.txt asks for, for every system, each file by its hash.

.venv/bin/python .ci/lock.py

Needs uv (`.venv/bin/python -m pip install uv`), PyPI, and PyTorch's index of CPU builds. torch has locks of its own,
for its file differs from machine to machine: one names PyPI's files and those of that index, the other what PyPI's need
for CUDA on Linux. Where that index cannot be reached, the hashes of its files are kept while torch's version stays the
same.
Packages of the last seven days are left out. Where one of them mends something that cannot wait:
UV_EXCLUDE_NEWER=$(date +%F) make lock. Nothing is installed: locks that do not fit together are mended by this, too.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements.txt"
LOCK, TORCH_LOCK, CUDA_LOCK = (ROOT / f"requirements.{name}lock" for name in ("", "torch.", "cuda."))
OTHERS = ROOT / "snippets" / "pages" / "leave_dataloader" / "requirements.txt"
"""The libraries of a page, which `make others` installs beside what is there: in the versions of what is there."""
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
OPTIONS = ("--universal", "--python-version", "3.11.5", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
HEADER = "# Made by `make lock` from requirements.txt{more}. Do not edit it by hand.\n"
PIN = re.compile(r"^([\w.-]+)==(\S+)", re.MULTILINE)
OF_SOME_ALONE = re.compile(r";.*\b(?:extra|\w*platform|platform_\w+)\b|^nvidia|^cuda")
"""What a package needs in builds for CUDA, on some system, or for an extra."""
WHEELS_METADATA = ("--dry-run", "--ignore-installed", "--no-deps", "--only-binary=:all:", "--report")
SMALLEST = ("--platform", "macosx_14_0_arm64", "--python-version", "3.11")
"""Of a version's wheels: all say the same of what they need, and some index may give its whole file for that."""
WAIT = timedelta(days=7)
"""For which .github/SECURITY.md lets a new package wait."""
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


class LockError(Exception):
    """The line that says what could not be asked, and what to do."""


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("error: uv is needed: .venv/bin/python -m pip install uv", file=sys.stderr)
        return 1
    try:
        pinned = dict(PIN.findall(REQUIREMENTS.read_text(encoding="utf-8")))["torch"]
        torch = f"torch=={pinned}"
        own = compiled(uv, REQUIREMENTS, needs_of_torch(pinned), "--no-emit-package", "num-workers-measured")
        write(LOCK, ", and from what torch itself needs", own)
        write(OTHERS.with_suffix(".lock"), "", compiled(uv, OTHERS, [], "--constraint", str(LOCK)))
        names = {"torch", *(name for name, _ in PIN.findall(own))}
        write(CUDA_LOCK, ": what torch needs on Linux for CUDA", cuda(uv, torch, names))
        write(TORCH_LOCK, ": torch's own files, on PyPI and of CPU builds", torch_by_hash(uv, torch))
    except LockError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError:
        print("error: uv could not resolve the requirements (its reason stands above)", file=sys.stderr)
        return 1
    return 0


def compiled(uv: str, requirements: Path, more: list[str], *options: str) -> str:
    """The lock of `requirements` without torch, with `more` packages. Raises CalledProcessError."""
    with tempfile.TemporaryDirectory() as folder:
        without, needs = Path(folder, "without.txt"), Path(folder, "needs.txt")
        without.write_text("torch\n", encoding="utf-8")
        needs.write_text("\n".join(more), encoding="utf-8")
        return asked(uv, "--excludes", str(without), *options, str(requirements), str(needs))


def cuda(uv: str, torch: str, without: Iterable[str]) -> str:
    """What PyPI's torch needs besides what the lock has. Raises CalledProcessError."""
    left_out = [option for name in without for option in ("--no-emit-package", name)]
    return asked(uv, "--constraint", str(LOCK), *left_out, "-", text=torch)


def torch_by_hash(uv: str, torch: str) -> str:
    """Every file of that version. Raises CalledProcessError, and LockError where no hash of a CPU build is known."""
    hashes = {*HASH.findall(asked(uv, "--no-deps", "-", text=torch))}
    try:
        hashes.update(HASH.findall(asked(uv, "--no-deps", "--index-url", CPU_BUILDS, "-", text=torch, dated=False)))
    except subprocess.CalledProcessError as error:
        before = TORCH_LOCK.read_text(encoding="utf-8") if TORCH_LOCK.exists() else ""
        if PIN.findall(before) != PIN.findall(torch):
            raise LockError(f"{CPU_BUILDS} has to be reached for the hashes of CPU builds of {torch}") from error
        print(f"{CPU_BUILDS} could not be asked: what the lock says of its files is kept.")
        hashes.update(HASH.findall(before))
    return " \\\n    ".join([torch, *sorted(hashes)]) + "\n"


def asked(uv: str, *arguments: str, text: str = "", dated: bool = True) -> str:
    """`dated`: whether the index says when each file came, so that the newest can be left out."""
    before = (date.today() - WAIT).isoformat()
    environment = {"UV_EXCLUDE_NEWER": before, **os.environ} if dated else {**os.environ}
    command = [uv, "pip", "compile", *OPTIONS, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, input=text, stdout=subprocess.PIPE, text=True)
    return done.stdout


def write(lock: Path, words: str, text: str) -> None:
    lock.write_text(HEADER.format(more=words) + text, encoding="utf-8")
    print(f"Wrote {lock.relative_to(ROOT)}.")


def needs_of_torch(pinned: str) -> list[str]:
    """What each build of that version needs; what a CUDA build needs besides is in a lock of its own. The installed
    torch is asked only where it is that version. Raises LockError.
    """
    try:
        installed = version("torch").partition("+")[0]
    except PackageNotFoundError:
        installed = ""
    needs = requires("torch") or [] if installed == pinned else needs_by_index(f"torch=={pinned}")
    return [need for need in needs if not OF_SOME_ALONE.search(need)]


def needs_by_index(package: str) -> list[str]:
    """All that its metadata name, as pip finds them. Raises LockError where it finds none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--target", folder)
        done = subprocess.run([*pip, *WHEELS_METADATA, str(report), *SMALLEST, package])
        if done.returncode:
            raise LockError(f"pip could not ask what {package} needs (its reason stands above)")
        (one,) = json.loads(report.read_text(encoding="utf-8"))["install"]
    return one["metadata"].get("requires_dist", [])


if __name__ == "__main__":
    sys.exit(main())
