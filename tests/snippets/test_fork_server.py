"""Where a fork server imports the script that was started, as the page on what a worker costs says: by the version of
Python and by how it was started. Other versions of Python say so where they run this.

What it does not prove: what an import takes. That is measured.
"""

import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

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
BY_THE_SERVER = (3, 13, 8) <= sys.version_info[:3] < (3, 14) or sys.version_info[:3] >= (3, 14, 1)
BY_PATH, AS_A_MODULE = ["train.py"], ["-m", "train"]


def imports(folder: Path, start: list[str], preload: list[str]) -> int:
    """How often the script is imported besides as the program: by the server, and by two workers."""
    (folder / "train.py").write_text(SCRIPT.replace("PRELOAD", repr(preload)), encoding="utf-8")
    subprocess.run([sys.executable, *start], cwd=folder, check=True, timeout=60)
    return (folder / "imported").read_text(encoding="utf-8").split().count("__mp_main__")


@pytest.mark.parametrize("preload", [[], ["__main__", "json"]], ids=["by default", "with names"])
def test_a_script_is_imported_once_by_the_server_or_again_by_each_worker(preload: list[str], tmp_path: Path) -> None:
    assert imports(tmp_path, BY_PATH, preload) == (1 if BY_THE_SERVER else 2)


@pytest.mark.parametrize("preload", [[], ["__main__", "json"]], ids=["by default", "with names"])
def test_a_module_is_imported_again_by_each_worker(preload: list[str], tmp_path: Path) -> None:
    assert imports(tmp_path, AS_A_MODULE, preload) == 2


def test_names_replace_the_main_script(tmp_path: Path) -> None:
    assert imports(tmp_path, BY_PATH, ["json"]) == 2
