"""Write requirements.lock anew: what requirements.txt asks for, for every system, each file by its hash.

.venv/bin/python .ci/lock.py

Needs uv (`pip install uv`) and a package index. torch stays out: the file that fits differs from machine to machine
(CPU, CUDA 12, CUDA 13), and so would the hash. What torch itself needs is in.
"""

import re
import shutil
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS, LOCK = ROOT / "requirements.txt", ROOT / "requirements.lock"
OLDEST_PYTHON = "3.11.5"
HEADER = """\
# Made by `make lock` from requirements.txt, and from what torch itself needs. Do not edit it by hand.
"""


def main() -> int:
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        print("error: uv is needed: .venv/bin/python -m pip install uv", file=sys.stderr)
        return 1
    asked = "\n".join([*pins(), *needs_of_torch()])
    options = ("--universal", "--python-version", OLDEST_PYTHON, "--generate-hashes", "--no-header", "--no-annotate")
    command = [uv, "pip", "compile", "--quiet", *options, "-"]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        print("error: uv could not resolve the requirements (its reason stands above)", file=sys.stderr)
        return 1
    LOCK.write_text(HEADER + done.stdout, encoding="utf-8")
    packages = len(re.findall(r"^[\w.-]+==", done.stdout, re.MULTILINE))
    print(f"Wrote {LOCK.name}: {packages} packages. make site installs them.")
    return 0


def pins() -> list[str]:
    """The pinned lines of requirements.txt, without torch and this project."""
    lines = REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if re.match(r"(?!torch==)[\w-]+==", line)]


def needs_of_torch() -> list[str]:
    """As the installed CPU build says. A CUDA build's libraries come with it, unlocked like it."""
    return [need for need in requires("torch") or [] if ";" not in need and "nvidia" not in need and "cuda" not in need]


if __name__ == "__main__":
    sys.exit(main())
