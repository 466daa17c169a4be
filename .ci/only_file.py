"""Whether a folder holds one regular file of that name, and nothing else: what came from a machine that is not trusted.

python3 .ci/only_file.py FOLDER NAME
"""

import os
import stat
import sys

MOST_BYTES = 2_000_000


def main(arguments: list[str]) -> int:
    if len(arguments) != 2:
        print("error: name a folder, and the one file that may lie in it", file=sys.stderr)
        return 2
    folder, name = arguments
    wrong = problem(folder, name)
    if wrong:
        print(f"error: {folder}: {wrong}", file=sys.stderr)
        return 1
    print(f"{name} lies there alone.")
    return 0


def problem(folder: str, name: str) -> str:
    """What is wrong, or ""; no link is followed."""
    if not os.path.isdir(folder) or os.path.islink(folder):
        return "no folder"
    with os.scandir(folder) as entries:
        found = {entry.name: entry.stat(follow_symlinks=False) for entry in entries}
    if name not in found:
        return f"no {name} in it"
    if len(found) > 1:
        return f"{len(found)} entries, where only {name} was to be"
    if not stat.S_ISREG(found[name].st_mode):
        return f"{name} is no regular file"
    if found[name].st_size > MOST_BYTES:
        return f"{name} has {found[name].st_size:,} bytes; {MOST_BYTES:,} are enough"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
