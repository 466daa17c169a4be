"""Take the newest attested GPU result into docs/results/, where a build finds it.

GH_TOKEN=... GITHUB_REPOSITORY=owner/name python3 .ci/gpu_result.py

Asks with GitHub's `gh`. Where there is no result yet, it says so, and the pages say "not measured here". A result
that was not signed by the very run that it is taken from is an error, and nothing is taken.

With GPU_REPOSITORY set, as where the site is published, a result that could not be had is an error, too: pages that
showed numbers of a GPU would else lose them to an outage. Only a workflow that has not succeeded yet may pass.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from only_file import problem

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "docs" / "results" / "gpu.json"
NUMBER_AND_COMMIT = r'.[] | "\(.databaseId) \(.headSha)"'


def main() -> int:
    # Whatever lies there is of no run that was verified; nor may a link lead what is taken elsewhere.
    RESULT.unlink(missing_ok=True)
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if not (repository and shutil.which("gh")):
        return without("gh and GITHUB_REPOSITORY are needed to ask for one")
    # Disabled workflows as well: GitHub disables those on a calendar where nothing was committed for 60 days.
    asked = ("--workflow", "gpu.yml", "--all", "--branch", "main", "--status", "success", "--limit", "1")
    listed = gh("run", "list", *asked, "--json", "databaseId,headSha", "--jq", NUMBER_AND_COMMIT)
    if listed.returncode:
        return without(listed.stderr.strip())
    if not listed.stdout.strip():
        print("No GPU result: the workflow gpu has not succeeded yet.")
        return 0
    run, commit = listed.stdout.split()
    with tempfile.TemporaryDirectory() as folder:
        taken = gh("run", "download", run, "--name", "gpu", "--dir", folder)
        if taken.returncode:
            return without(f"{taken.stderr.strip()} (run {run}; run the workflow gpu again)")
        if wrong := problem(folder, "gpu.json"):
            return fail(f"run {run} of the workflow gpu left something else than one plain gpu.json: {wrong}")
        file = Path(folder, "gpu.json")
        signer = f"{repository}/.github/workflows/gpu.yml"
        identity = ("--repo", repository, "--signer-workflow", signer, "--source-ref", "refs/heads/main")
        of_that_run = ("--source-digest", commit, "--deny-self-hosted-runners")
        verified = gh("attestation", "verify", str(file), *identity, *of_that_run)
        if verified.returncode:
            return fail(f"gpu.json of run {run} has no signature of the workflow gpu: {verified.stderr.strip()}")
        shutil.copyfile(file, RESULT)
    print(f"Took the GPU result of run {run} into {RESULT.relative_to(ROOT)}.")
    return 0


def without(reason: str) -> int:
    """No result could be had: an error where one is required."""
    if os.environ.get("GPU_REPOSITORY"):
        return fail(f"no GPU result, and GPU_REPOSITORY says that there is one: {reason}")
    print(f"No GPU result: {reason}.")
    return 0


def gh(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["gh", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def fail(line: str) -> int:
    print(f"error: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
