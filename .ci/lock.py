"""Write the locks anew: what each requirements.txt asks for, for every system, each file by its hash.

.venv/bin/python .ci/lock.py

Needs uv (`pip install uv`) and a package index. torch stays out: the file that fits differs from machine to machine
(CPU, CUDA 12, CUDA 13), and so would the hash. What torch itself needs is in.
"""

import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import requires
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements.txt"
OTHERS = ROOT / "snippets" / "pages" / "leave_dataloader" / "requirements.txt"
"""The libraries of a page, which `make others` installs beside what is there: in the versions of what is there."""
OPTIONS = ("--universal", "--python-version", "3.11.5", "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
HEADER = "# Made by `make lock` from requirements.txt{more}. Do not edit it by hand.\n"


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("error: uv is needed: .venv/bin/python -m pip install uv", file=sys.stderr)
        return 1
    own = ("--no-emit-package", "num-workers-measured")
    others = ("--constraint", str(REQUIREMENTS.with_suffix(".lock")))
    try:
        write(uv, REQUIREMENTS, own, needs_of_torch(), ", and from what torch itself needs")
        write(uv, OTHERS, others, [], "")
    except subprocess.CalledProcessError:
        print("error: uv could not resolve the requirements (its reason stands above)", file=sys.stderr)
        return 1
    return 0


def write(uv: str, requirements: Path, options: tuple[str, ...], more: list[str], words: str) -> None:
    """The lock beside `requirements`, with `more` packages. Raises CalledProcessError, and then writes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        without, needs = Path(folder, "without.txt"), Path(folder, "needs.txt")
        without.write_text("torch\n")
        needs.write_text("\n".join(more))
        command = [uv, "pip", "compile", *OPTIONS, *options, "--excludes", str(without), str(requirements), str(needs)]
        text = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    lock = requirements.with_suffix(".lock")
    lock.write_text(HEADER.format(more=words) + text, encoding="utf-8")
    print(f"Wrote {lock.relative_to(ROOT)}.")


def needs_of_torch() -> list[str]:
    """As the installed CPU build says. A CUDA build's libraries come with it, unlocked like it."""
    return [need for need in requires("torch") or [] if ";" not in need and "nvidia" not in need and "cuda" not in need]


if __name__ == "__main__":
    sys.exit(main())
