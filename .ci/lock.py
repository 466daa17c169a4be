"""Write the locks anew: what each requirements.txt asks for, for every system, each file by its hash.

.venv/bin/python .ci/lock.py

Needs uv (`pip install uv`), PyPI, and PyTorch's index of CPU builds. torch has locks of its own, for its file differs
from machine to machine: one names PyPI's files and those of that index, the other what PyPI's need for CUDA on Linux.
Where that index cannot be reached, the hashes of its files are kept while torch's version stays the same.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import requires
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
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")


class LockError(Exception):
    """The line that says what could not be asked, and what to do."""


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("error: uv is needed: .venv/bin/python -m pip install uv", file=sys.stderr)
        return 1
    try:
        own = compiled(uv, REQUIREMENTS, needs_of_torch(), "--no-emit-package", "num-workers-measured")
        write(LOCK, ", and from what torch itself needs", own)
        write(OTHERS.with_suffix(".lock"), "", compiled(uv, OTHERS, [], "--constraint", str(LOCK)))
        torch = f"torch=={dict(PIN.findall(REQUIREMENTS.read_text(encoding='utf-8')))['torch']}"
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
        hashes.update(HASH.findall(asked(uv, "--no-deps", "--index-url", CPU_BUILDS, "-", text=torch)))
    except subprocess.CalledProcessError as error:
        before = TORCH_LOCK.read_text(encoding="utf-8") if TORCH_LOCK.exists() else ""
        if PIN.findall(before) != PIN.findall(torch):
            raise LockError(f"{CPU_BUILDS} has to be reached for the hashes of CPU builds of {torch}") from error
        print(f"{CPU_BUILDS} could not be asked: what the lock says of its files is kept.")
        hashes.update(HASH.findall(before))
    return " \\\n    ".join([torch, *sorted(hashes)]) + "\n"


def asked(uv: str, *arguments: str, text: str = "") -> str:
    command = [uv, "pip", "compile", *OPTIONS, *arguments]
    return subprocess.run(command, cwd=ROOT, check=True, input=text, stdout=subprocess.PIPE, text=True).stdout


def write(lock: Path, words: str, text: str) -> None:
    lock.write_text(HEADER.format(more=words) + text, encoding="utf-8")
    print(f"Wrote {lock.relative_to(ROOT)}.")


def needs_of_torch() -> list[str]:
    """As the installed CPU build says. What a CUDA build needs besides is in a lock of its own."""
    return [need for need in requires("torch") or [] if ";" not in need and "nvidia" not in need and "cuda" not in need]


if __name__ == "__main__":
    sys.exit(main())
