"""Run the steps of a workflow here, in order, each job in a clean clone: what the file says has run at least once.

.venv/bin/python .ci/rehearse.py check
.venv/bin/python .ci/rehearse.py publish
.venv/bin/python .ci/rehearse.py check linux   this job of it, whatever its condition, and those that it needs

An action is named and passed over: the clone stands in for the checkout, this Python for the one that is set up. So is
what `sudo` would change of this machine, and a job for another system or another Python. Needs committed files: a clone
has no others. Where SITE_URL is not set, the site that is asked for what it has published is one on this machine that
has no page yet: no network is needed, and none is asked.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
NAME_OR_TEXT = re.compile(r"'[^']*'|[a-z]\w*(?:\.\w+)+")
HERE = {"TORCH_INDEX": os.environ.get("TORCH_INDEX", "")}
"""What this machine has instead: not every network reaches the index that a workflow names."""
OF_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "WORKFLOW"}
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


class Names(dict[str, str]):
    """What `github.ref` and the like stand for; it grows by each job's outputs."""

    def __missing__(self, name: str) -> str:
        raise LookupError(f"{name} is not known here: give it a value in .ci/rehearse.py")


def main(arguments: list[str]) -> int:
    workflows = sorted(path.stem for path in WORKFLOWS.glob("*.yml"))
    if not arguments or arguments[0] not in workflows:
        print(f"error: name one workflow: {', '.join(workflows)}", file=sys.stderr)
        return 2
    workflow = yaml.safe_load((WORKFLOWS / f"{arguments[0]}.yml").read_text(encoding="utf-8"))
    if unknown := {*arguments[1:]} - {*workflow["jobs"]}:
        print(f"error: no job {min(unknown)}; there are: {', '.join(workflow['jobs'])}", file=sys.stderr)
        return 2
    chosen = with_needed(workflow["jobs"], {*(arguments[1:] or workflow["jobs"])})
    needs: dict[str, Any] = {}
    with site_without_a_page() as address:
        names = known_names(os.environ.get("SITE_URL") or address)
        for name, job in workflow["jobs"].items():
            if name not in chosen:
                continue
            if name in arguments[1:]:
                job.pop("if", None)
            needs[name] = {"result": run_matrix(name, job, workflow.get("env", {}), names, needs)}
    print()
    for name, outcome in needs.items():
        print(f"{name:<12}{outcome['result']}")
    return int("failure" in [outcome["result"] for outcome in needs.values()])


def with_needed(jobs: dict[str, Any], chosen: set[str]) -> set[str]:
    """The jobs, and those whose outputs they read."""
    told = [jobs[job].get("needs", []) for job in chosen]  # one name, or several
    needed = {name for names in told for name in ([names] if isinstance(names, str) else names)}
    return with_needed(jobs, chosen | needed) if needed - chosen else chosen


class NoPage(BaseHTTPRequestHandler):
    """Answers as GitHub Pages do before the first publication."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def site_without_a_page() -> Iterator[str]:
    """Its address. A build to publish ends where nobody says whether anything is published there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), NoPage) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/num-workers/"
        finally:
            server.shutdown()


def known_names(site: str) -> Names:
    """As on the branch main of a repository that publishes at `site`, with the commit before as the base."""
    base = subprocess.run(["git", "rev-parse", "HEAD~1"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return Names(
        {
            "github.ref": "refs/heads/main",
            "github.server_url": "https://github.com",
            "github.repository": "example/example",
            "github.repository_owner": "example",
            "github.event.repository.name": "example",
            "github.token": "",
            "github.run_attempt": "1",
            "github.event_name": "push",
            "github.event.pull_request.base.sha": "",
            "github.event.merge_group.base_sha": "",
            "github.event.before": base,
            "vars.SITE_URL": site,
            "vars.GPU_RUNNER": "",
            "vars.GPU_REPOSITORY": "",
        }
    )


def value(expression: str, names: Names, needs: dict[str, Any]) -> Any:
    """Of an expression of GitHub's; with its names filled in, ours read the same in Python."""
    python = NAME_OR_TEXT.sub(lambda part: part[0] if part[0][0] == "'" else repr(names[part[0]]), expression)
    functions = {"always": lambda: True, "format": lambda text, *parts: text.format(*parts), "toJSON": json.dumps}
    return eval(python.replace("||", "or").replace("&&", "and"), {**functions, "needs": needs})


def run_matrix(name: str, job: dict[str, Any], env: dict[str, str], names: Names, needs: dict[str, Any]) -> str:
    """The job, once for each place in its matrix; what GitHub would call its result."""
    matrix = dict(job.get("strategy", {}).get("matrix", {}))
    excluded = matrix.pop("exclude", [])
    results = []
    for place in product(*matrix.values()):
        chosen = dict(zip(matrix, place, strict=True))
        if chosen not in excluded:
            names.update({f"matrix.{key}": value for key, value in chosen.items()})
            results.append(run_job(name, job, env, names, needs))
    return "failure" if "failure" in results else "success" if "success" in results else "skipped"


def run_job(name: str, job: dict[str, Any], env: dict[str, str], names: Names, needs: dict[str, Any]) -> str:
    def fill(text: str) -> str:
        return EXPRESSION.sub(lambda found: str(value(found[1], names, needs)), text)

    print(f"\n=== {name}: {fill(job['name'])}", flush=True)
    if "if" in job and not value(job["if"], names, needs):
        print(f"skipped: {job['if']}")
        return "skipped"
    system, python = fill(job["runs-on"]), names.get("matrix.python", PYTHON)
    if not system.startswith("ubuntu") or ("matrix.python" in str(job) and python != PYTHON):
        print(f"not here: it needs {system} and Python {python}; this is Python {PYTHON}")
        return "skipped"
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        clone, outputs = Path(folder, "clone"), Path(folder, "outputs")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        outputs.touch()
        failed = False
        for step in job["steps"]:
            if is_due(step, failed, names, needs):
                given = {**env, **job.get("env", {}), **step.get("env", {})}
                environment = {key: fill(str(text)) for key, text in given.items()}
                failed |= not run_step(step, {**environment, "GITHUB_OUTPUT": str(outputs)}, clone)
        for line in outputs.read_text(encoding="utf-8").splitlines():
            key, _, text = line.partition("=")
            names[f"needs.{name}.outputs.{key}"] = text
    return "failure" if failed else "success"


def is_due(step: dict[str, Any], failed: bool, names: Names, needs: dict[str, Any]) -> bool:
    """After a step that has failed, a condition that does not say `always()` never holds."""
    condition = step.get("if", "")
    if failed and "always()" not in condition:
        return False
    if condition and not value(condition, names, needs):
        print(f"--- {step['name']}: skipped: {condition}")
        return False
    return True


def run_step(step: dict[str, Any], environment: dict[str, str], clone: Path) -> bool:
    command = step.get("run", "")
    print(f"--- {step['name']}: {command or step['uses'].partition('@')[0]}", end="", flush=True)
    if not command or command.startswith("sudo "):
        print(" is passed over" + (": it would change this machine" if command else ""), flush=True)
        return True
    print(flush=True)
    began = time.monotonic()
    # What `make rehearse` was called with is not for the makes of the workflow.
    own = {name: text for name, text in os.environ.items() if name not in OF_MAKE}
    code = subprocess.run(
        # As GitHub does for `shell: bash`.
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command],
        cwd=clone,
        env={**own, **environment, **HERE, "CI": "true"},
        stdin=subprocess.DEVNULL,
    ).returncode
    print(f"    {'ok' if code == 0 else f'FAILED ({code})'}, {time.monotonic() - began:.0f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
