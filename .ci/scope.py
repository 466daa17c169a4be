"""Tell a change of prose alone from any other: what it shows was measured already, so nothing is measured for it.

BASE=<commit> python3 .ci/scope.py

In GitHub Actions, the job's output `prose` becomes true or false.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

PROSE = re.compile(r"docs/(?!labs/|results/|theme/).*\.md|README\.md|\.github/[^/]*\.md|LICENSE")
COMMIT = re.compile(r"(?!0+$)[0-9a-f]{40,64}")
"""GitHub says zeros where there is no commit before."""


def main() -> int:
    base = os.environ.get("BASE", "")
    changed = changed_files(base) if COMMIT.fullmatch(base) else None
    prose = bool(changed) and all(PROSE.fullmatch(path) for path in changed)
    if changed is None:
        print("There is no commit to compare with: everything is checked.")
    else:
        print(f"{len(changed)} files changed, {'prose alone' if prose else 'not prose alone'}.")
    if output := os.environ.get("GITHUB_OUTPUT"):
        with Path(output).open("a", encoding="utf-8") as file:
            file.write(f"prose={str(prose).lower()}\n")
    return 0


def changed_files(base: str) -> list[str] | None:
    """Since this branch left `base`; None where git does not know that commit."""
    command = ["git", "diff", "--name-only", "--no-renames", f"{base}...HEAD", "--"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return None if done.returncode else done.stdout.splitlines()


if __name__ == "__main__":
    sys.exit(main())
