"""Run a script and see whether it prints what its page says: `python -m tests.mutants.shown arguments/timeout`."""

import sys

from snippets.lab.outputs import outputs
from tests.docs.shown import SHOWN, is_as_the_page_says


def main(name: str) -> int:
    if name not in SHOWN:  # a script that prints nothing
        return 0
    output = outputs.run(name, "output")
    return int(output.exit_code != 0 or not (output.absent or is_as_the_page_says(name, output.text)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
