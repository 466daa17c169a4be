"""Where a fork server imports the script that was started, as the page on what a worker costs says: by the version of
Python and by how it was started. Later Pythons are asked where they are installed.

What it does not prove: what an import takes. That is measured.
"""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from ..pythons import LATER, found

if "forkserver" not in multiprocessing.get_all_start_methods():
    pytest.skip("this system has no forkserver", allow_module_level=True)

SCRIPT = """
import multiprocessing

with open("imported", "a", encoding="utf-8") as file:
    file.write(f"{__name__}\\n")


def work():
    pass


if __name__ == "__main__":
    if PRELOAD:
        multiprocessing.set_forkserver_preload(PRELOAD)
    for _ in range(2):
        worker = multiprocessing.get_context("forkserver").Process(target=work)
        worker.start()
        worker.join()
"""
BY_PATH, AS_A_MODULE = ["train.py"], ["-m", "train"]


@pytest.fixture(params=["this", *LATER])
def python(request: pytest.FixtureRequest) -> str:
    """This Python, or a later one."""
    command = sys.executable if request.param == "this" else found(request.param)
    if not command:
        pytest.skip(f"there is no Python {request.param} here")
    return command


def imported_by_the_server(python: str) -> bool:
    asked = subprocess.check_output([python, "-c", "import sys; print(*sys.version_info[:3])"], text=True)
    version = tuple(map(int, asked.split()))
    return (3, 13, 8) <= version < (3, 14) or version >= (3, 14, 1)


def imports(python: str, folder: Path, start: list[str], preload: list[str]) -> int:
    """How often the script is imported besides as the program: by the server, and by two workers."""
    (folder / "train.py").write_text(SCRIPT.replace("PRELOAD", repr(preload)), encoding="utf-8")
    subprocess.run([python, *start], cwd=folder, check=True, timeout=60)
    return (folder / "imported").read_text(encoding="utf-8").split().count("__mp_main__")


@pytest.mark.parametrize("preload", [[], ["__main__", "json"]], ids=["by default", "with names"])
def test_a_script_is_imported_once_by_the_server_or_again_by_each_worker(
    python: str, preload: list[str], tmp_path: Path
) -> None:
    assert imports(python, tmp_path, BY_PATH, preload) == (1 if imported_by_the_server(python) else 2)


@pytest.mark.parametrize("preload", [[], ["__main__", "json"]], ids=["by default", "with names"])
def test_a_module_is_imported_again_by_each_worker(python: str, preload: list[str], tmp_path: Path) -> None:
    assert imports(python, tmp_path, AS_A_MODULE, preload) == 2


def test_names_replace_the_main_script(python: str, tmp_path: Path) -> None:
    assert imports(python, tmp_path, BY_PATH, ["json"]) == 2
