"""How long the build takes: `python -m tests.bench`, or with the names of some parts.

Nothing here fails because something is slow: it prints what it found, with the target beside it. It ends with 1 where a
part could not be timed at all. Times are taken in copies of the project, in turn, and compared within each round.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from .parts import PARTS, BenchError, again, prepared
from .rows import Row, table


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (default: all)")
    names = parser.parse_args().parts or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        parser.error(f"no part {unknown[0]!r}; there are: {', '.join(PARTS)}")
    began, failed = time.monotonic(), False
    rows: list[Row] = []
    try:
        with tempfile.TemporaryDirectory(prefix="num-workers-bench-") as folder:
            print("A copy, built once", flush=True)
            copy = prepared(Path(folder))
            for name in names:
                print(f"\n{name}: {(PARTS[name].__doc__ or '').strip()}", flush=True)
                try:
                    rows += PARTS[name](again(copy, name))
                except BenchError as error:
                    failed = True
                    rows.append(Row(name, "failed, see above"))
                    print(f"  failed: {error}", flush=True)
    except BenchError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(f"\n{table(rows)}\n\nTook {time.monotonic() - began:.0f} s.")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
