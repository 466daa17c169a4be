"""A copy of the files that setting up reads, and commands run in it, as a reader runs them."""

import hashlib
import os
import subprocess
import zipfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
NO_INDEX_ANSWERS = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_TIMEOUT": "1"}

posix_only = pytest.mark.skipif(os.name == "nt", reason="signals and mounts of this kind are POSIX")


def wheel(folder: Path, name: str, version: str, needs: str = "") -> Path:
    """Write a wheel that needs no index: a module of that name with a `version`. `needs`: another package."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"{name}.py", f"version = '{version}'\n")
        more = f"Requires-Dist: {needs}\n" if needs else ""
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{more}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


def require_tiny(folder: Path, version: str) -> None:
    """Ask for the wheel of a module `tiny`, by its hash."""
    tiny = wheel(folder, "tiny", version)
    (folder / "requirements.txt").write_text(f"# One package.\n./{tiny.name}\n")
    (folder / "requirements.lock").write_text(f"./{tiny.name} {by_hash(tiny)}\n")


def require_torch(folder: Path, index: Path, version: str = "1.0+cpu", needs: str = "") -> Path:
    """Ask for a torch of that version, whose wheel lies in `index` alone, by its hash."""
    index.mkdir(parents=True, exist_ok=True)
    for other in index.iterdir():
        other.unlink()
    torch = wheel(index, "torch", version, needs)
    (folder / "requirements.torch.lock").write_text(f"torch=={version.partition('+')[0]} \\\n    {by_hash(torch)}\n")
    (folder / "requirements.cuda.lock").write_text("# Nothing.\n")
    return torch


def by_hash(file: Path) -> str:
    return f"--hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without any setting of pip's or Python's, so that no test needs an index."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    kept.pop("CI", None)
    return {**kept, "PIP_CONFIG_FILE": os.devnull, **NO_INDEX_ANSWERS, **changes}


def run(folder: Path, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    settings = environment(**(env or {}))
    return subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False, timeout=300)


def only_error(done: subprocess.CompletedProcess[str]) -> str:
    """The one line on stderr of a command that failed."""
    assert done.returncode == 1, done.stdout + done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def load(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem + "_under_test", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
