"""Run the steps of a workflow here, in order, each job in a clean clone: what the file says has run at least once.

.venv/bin/python .ci/rehearse.py check
.venv/bin/python .ci/rehearse.py publish

An action is named and passed over: the clone stands in for the checkout, this Python for the one that is set up. So is
what `sudo` would change of this machine, and a job for another system or another Python. Needs committed files: a clone
has no others.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = ROOT / ".github" / "workflows"
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
FORMAT = re.compile(r"format\('(?P<text>[^']*)', (?P<names>[^()]+)\)")
HERE = {"TORCH_INDEX": os.environ.get("TORCH_INDEX", "")}
"""What this machine has instead: not every network reaches the index that a workflow names."""
OF_MAKE = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "WORKFLOW"}
OF_THE_RUNNER = "sudo "
SYSTEM = "ubuntu"
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


class Unknown(ValueError):
    """An expression that this rehearsal cannot fill in; the message names it."""


@dataclass
class Rehearsal:
    """What expressions stand for; it grows by the outcome of each job."""

    values: dict[str, str]
    needs: dict[str, Any] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        return EXPRESSION.sub(lambda found: self.value(found[1]), text)

    def value(self, expression: str) -> str:
        """Of a name, or of the first of `a || b` that is not empty."""
        for each in expression.split(" || "):
            if found := self._of(each):
                return found
        return ""

    def _of(self, name: str) -> str:
        if name == "toJSON(needs)":
            return json.dumps(self.needs)
        if formatted := FORMAT.fullmatch(name):
            return formatted["text"].format(*(self._of(each) for each in formatted["names"].split(", ")))
        if name not in self.values:
            raise Unknown(f"{name} is not known here: give it a value in .ci/rehearse.py")
        return self.values[name]

    def holds(self, condition: str) -> bool:
        """Of comparisons that are joined by `&&`."""
        for each in condition.split(" && "):
            left, sign, right = each.partition(" != " if " != " in each else " == ")
            if each != "always()" and (self.value(left) == self._other(right)) != (sign == " == "):
                return False
        return True

    def _other(self, side: str) -> str:
        return side.strip("'") if side.startswith("'") else self.value(side)


def main(arguments: list[str]) -> int:
    names = sorted(path.stem for path in WORKFLOWS.glob("*.yml"))
    if len(arguments) != 1 or arguments[0] not in names:
        print(f"error: name one workflow: {', '.join(names)}", file=sys.stderr)
        return 2
    workflow = yaml.safe_load((WORKFLOWS / f"{arguments[0]}.yml").read_text(encoding="utf-8"))
    rehearsal = Rehearsal(known_values())
    for name, job in workflow["jobs"].items():
        rehearsal.needs[name] = {"result": run_matrix(name, job, workflow.get("env", {}), rehearsal)}
    print()
    for name, outcome in rehearsal.needs.items():
        print(f"{name:<12}{outcome['result']}")
    return int("failure" in [outcome["result"] for outcome in rehearsal.needs.values()])


def known_values() -> dict[str, str]:
    """As on the branch main of a repository that publishes, with the commit before as the base."""
    base = subprocess.run(["git", "rev-parse", "HEAD~1"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    return {
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
        "vars.SITE_URL": os.environ.get("SITE_URL") or "https://site.invalid/num-workers/",
        "vars.GPU_RUNNER": "",
        "vars.GPU_REPOSITORY": "",
    }


def run_matrix(name: str, job: dict[str, Any], env: dict[str, str], rehearsal: Rehearsal) -> str:
    """The job, once for each place in its matrix; what GitHub would call its result."""
    matrix = dict(job.get("strategy", {}).get("matrix", {}))
    excluded = matrix.pop("exclude", [])
    results = []
    for place in product(*matrix.values()):
        chosen = dict(zip(matrix, place, strict=True))
        if chosen in excluded:
            continue
        rehearsal.values.update({f"matrix.{key}": value for key, value in chosen.items()})
        results.append(run_job(name, job, env, rehearsal))
    return "failure" if "failure" in results else "success" if "success" in results else "skipped"


def run_job(name: str, job: dict[str, Any], env: dict[str, str], rehearsal: Rehearsal) -> str:
    title = rehearsal.fill(job["name"])
    print(f"\n=== {name}: {title}", flush=True)
    if "if" in job and not rehearsal.holds(job["if"]):
        print(f"skipped: {job['if']}")
        return "skipped"
    system, python = rehearsal.fill(job["runs-on"]), rehearsal.values.get("matrix.python", PYTHON)
    if not system.startswith(SYSTEM) or ("matrix.python" in str(job) and python != PYTHON):
        print(f"not here: it needs {system} and Python {python}; this is Python {PYTHON}")
        return "skipped"
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder:
        clone = Path(folder, "clone")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        outputs = Path(folder, "outputs")
        outputs.touch()
        job_env = {**env, **job.get("env", {})}
        failed = False
        for step in job["steps"]:
            if failed and step.get("if") != "always()":
                continue
            failed |= not run_step(step, job_env, clone, outputs, rehearsal)
        for line in outputs.read_text(encoding="utf-8").splitlines():
            key, _, value = line.partition("=")
            rehearsal.values[f"needs.{name}.outputs.{key}"] = value
    return "failure" if failed else "success"


def run_step(step: dict[str, Any], env: dict[str, str], clone: Path, outputs: Path, rehearsal: Rehearsal) -> bool:
    if "uses" in step:
        print(f"--- {step['name']}: {step['uses'].partition('@')[0]} is passed over", flush=True)
        return True
    if step["run"].startswith(OF_THE_RUNNER):
        print(f"--- {step['name']}: {step['run']} is passed over: it would change this machine", flush=True)
        return True
    print(f"--- {step['name']}: {step['run']}", flush=True)
    filled = {key: rehearsal.fill(str(value)) for key, value in {**env, **step.get("env", {})}.items()}
    began = time.monotonic()
    # As GitHub does for `shell: bash`.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    # What `make rehearse` was called with is not for the makes of the workflow.
    own = {name: value for name, value in os.environ.items() if name not in OF_MAKE}
    environment = {**own, **filled, **HERE, "CI": "true", "GITHUB_OUTPUT": str(outputs)}
    code = subprocess.run(command, cwd=clone, env=environment, stdin=subprocess.DEVNULL).returncode
    print(f"    {'ok' if code == 0 else f'FAILED ({code})'}, {time.monotonic() - began:.0f} s", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
