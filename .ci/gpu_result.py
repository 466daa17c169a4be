"""Take the newest attested GPU result into docs/results/, where a build finds it.

GH_TOKEN=... GITHUB_REPOSITORY=owner/name python3 .ci/gpu_result.py

Asks with GitHub's `gh`. Where there is no result yet, it says so, and the pages say "not measured here". A result
whose signature is not that of the workflow gpu is an error, and nothing is taken.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "docs" / "results" / "gpu.json"
MOST_BYTES = 2_000_000


def main() -> int:
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if not (repository and shutil.which("gh")):
        print("No GPU result: gh and GITHUB_REPOSITORY are needed to ask for one.")
        return 0
    listed = gh("run", "list", "--workflow", "gpu.yml", "--branch", "main", "--status", "success", "--limit", "1",
                "--json", "databaseId", "--jq", ".[].databaseId")  # fmt: skip
    run = listed.stdout.strip()
    if listed.returncode or not run:
        print(f"No GPU result: {listed.stderr.strip() or 'the workflow gpu has not succeeded yet'}.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        taken = gh("run", "download", run, "--name", "gpu", "--dir", folder)
        file = Path(folder, "gpu.json")
        if taken.returncode:
            print(f"No GPU result: {taken.stderr.strip()}.")
            return 0
        if file.is_symlink() or not file.is_file() or file.stat().st_size > MOST_BYTES:
            return fail(f"run {run} of the workflow gpu left no gpu.json of at most {MOST_BYTES:,} bytes")
        signer = f"{repository}/.github/workflows/gpu.yml"
        identity = ("--repo", repository, "--signer-workflow", signer, "--source-ref", "refs/heads/main")
        verified = gh("attestation", "verify", str(file), *identity, "--deny-self-hosted-runners")
        if verified.returncode:
            return fail(f"gpu.json of run {run} has no signature of the workflow gpu: {verified.stderr.strip()}")
        shutil.copyfile(file, RESULT)
    print(f"Took the GPU result of run {run} into {RESULT.relative_to(ROOT)}.")
    return 0


def gh(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["gh", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)


def fail(line: str) -> int:
    print(f"error: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
