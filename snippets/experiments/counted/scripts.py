"""The same little script with and without a main guard, as a file and as a notebook would run it."""

import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import indent

HANGS_AFTER = 120.0

DATASET = """
from torch.utils.data import DataLoader, Dataset


class Numbers(Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return index
"""

EPOCH = """
loader = DataLoader(Numbers(), num_workers=1, multiprocessing_context="METHOD")
assert sum(int(batch) for batch in loader) == 6
"""


def script(method: str, guard: bool) -> str:
    """Loads four items with one worker."""
    epoch = EPOCH.replace("METHOD", method)
    return DATASET + (f"\nif __name__ == '__main__':\n{indent(epoch, '    ')}" if guard else epoch)


def end_well(scripts: dict[str, str], notebooks: dict[str, str]) -> dict[str, float]:
    """Which of them end well (1) and which in an error (0). All run at once: nothing is timed.

    A notebook's `__main__` is no file; that of `python -c` is none either.
    """
    with tempfile.TemporaryDirectory(prefix="scripts-") as folder:
        commands = {name: ["-c", text] for name, text in notebooks.items()}
        for name, text in scripts.items():
            path = Path(folder, f"{name}.py")
            path.write_text(text, encoding="utf-8")
            commands[name] = [str(path)]
        running = {
            name: subprocess.Popen(
                [sys.executable, *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for name, command in commands.items()
        }
        return {name: float(process.wait(HANGS_AFTER) == 0) for name, process in running.items()}
