"""Whether all jobs that another one needs ended well: one check to require, whatever the matrix is.

NEEDS='{"scope": {"result": "success"}, "linux": {"result": "success"}}' python3 .ci/jobs.py

A change of prose skips the other jobs, and any other change skips the job for prose.
"""

import json
import os
import sys

NEVER_SKIPPED = "scope"
ONE_OF = ("prose", "linux")


def main() -> int:
    results = {name: job["result"] for name, job in json.loads(os.environ.get("NEEDS") or "{}").items()}
    wrong = [f"{name}: {result}" for name, result in results.items() if result not in ("success", "skipped")]
    if results.get(NEVER_SKIPPED) != "success" or "success" not in [results.get(name) for name in ONE_OF]:
        wrong.append("nothing was checked")
    print("\n".join(wrong) or "All jobs ended well.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
