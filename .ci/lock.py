"""Write the locks anew: what each requirements.txt asks for, for every system, each file by its hash.

.venv/bin/python .ci/lock.py

Needs uv (`pip install uv`) and a package index. torch stays out: the file that fits differs from machine to machine
(CPU, CUDA 12, CUDA 13), and so would the hash. What torch itself needs is in.
"""

import re
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
OLDEST_PYTHON = "3.11.5"
OPTIONS = ("--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--no-annotate")
NOWHERE = "sys_platform == 'none'"
"""Of torch and what only it needs, in the second lock: it is there already."""
HEADER = """\
# Made by `make lock` from requirements.txt{more}. Do not edit it by hand.
"""


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("error: uv is needed: .venv/bin/python -m pip install uv", file=sys.stderr)
        return 1
    own = REQUIREMENTS.with_suffix(".lock")
    asked = "\n".join([*pins(REQUIREMENTS), *needs_of_torch()])
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as without:
        without.write(f"torch; {NOWHERE}\n")
        without.flush()
        others = ("--constraint", str(own), "--override", without.name)
        done = write(uv, asked, own, (), ", and from what torch itself needs") and write(
            uv, "\n".join(pins(OTHERS)), OTHERS.with_suffix(".lock"), others, ""
        )
    if not done:
        print("error: uv could not resolve the requirements (its reason stands above)", file=sys.stderr)
        return 1
    return 0


def write(uv: str, asked: str, lock: Path, options: tuple[str, ...], more: str) -> bool:
    """The lock of what is asked for; False, and nothing written, where uv finds none."""
    command = [uv, "pip", "compile", "--quiet", *OPTIONS, *options, "-"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        return False
    entries = [entry for entry in re.split(r"^(?=[\w.-]+==)", done.stdout, flags=re.MULTILINE) if entry.strip()]
    found = [entry for entry in entries if NOWHERE not in entry]
    lock.write_text(HEADER.format(more=more) + "".join(found), encoding="utf-8")
    packages = len({entry.partition("==")[0] for entry in found})
    print(f"Wrote {lock.relative_to(ROOT)}: {packages} packages.")
    return True


def pins(requirements: Path) -> list[str]:
    """The pinned lines of a requirements.txt, without torch and this project."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.match(r"(?!torch==)[\w-]+(?:\[\w+\])?==", line)]


def needs_of_torch() -> list[str]:
    """As the installed CPU build says. A CUDA build's libraries come with it, unlocked like it."""
    return [need for need in requires("torch") or [] if ";" not in need and "nvidia" not in need and "cuda" not in need]


if __name__ == "__main__":
    sys.exit(main())
