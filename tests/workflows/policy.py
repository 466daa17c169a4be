"""What a workflow of this project may do: one function per rule, each giving what breaks it, in words.

Reasons stand in .github/SECURITY.md. General mistakes are left to zizmor and actionlint.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from .pins import PINS

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DOCUMENTS = [ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md", ROOT / ".github" / "SECURITY.md"]
HOSTED = {"ubuntu-24.04", "macos-15", "windows-2025"}
TRIGGERS = {"pull_request", "push", "merge_group", "schedule", "workflow_dispatch"}
STARTED_BY_MAINTAINERS = {"schedule", "workflow_dispatch"}
MAY_WRITE = {
    ("gpu", "attest"): {"id-token", "attestations"},
    ("publish", "deploy"): {"id-token", "pages"},
}
"""Jobs that may write, by workflow and name, and what."""
GPU_GUARDS = (
    "github.ref == 'refs/heads/main'",
    "vars.GPU_RUNNER != ''",
    "github.repository == vars.GPU_REPOSITORY",
)
USES = re.compile(r"^\s*(?:- )?uses:\s*(?P<action>[^@\s]+)@(?P<commit>\S+)(?:\s+#\s*(?P<version>\S+))?\s*$")


@dataclass(frozen=True)
class Workflow:
    """A workflow's name and text; what it says."""

    name: str
    text: str

    @cached_property
    def data(self) -> dict[str, Any]:
        return yaml.safe_load(self.text)

    @property
    def triggers(self) -> set[str]:
        # YAML 1.1 reads the key `on` as true.
        asked = {str(key): value for key, value in self.data.items()}["True"]
        return {asked} if isinstance(asked, str) else set(asked)

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        return self.data["jobs"]

    def steps(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for name, job in self.jobs.items():
            for step in job.get("steps", []):
                yield name, step

    def commands(self) -> Iterator[tuple[str, str]]:
        for name, step in self.steps():
            for line in str(step.get("run", "")).splitlines():
                if line.strip():
                    yield name, line.strip()


def read(path: Path) -> Workflow:
    return Workflow(path.stem, path.read_text(encoding="utf-8"))


Rule = Callable[[Workflow], Iterator[str]]


def pinned_action(workflow: Workflow) -> Iterator[str]:
    """Each action is named by the commit that the table has for it, and the comment names the table's version."""
    lines = [line for line in workflow.text.splitlines() if re.match(r"\s*(- )?uses:", line)]
    for line in lines:
        found = USES.match(line)
        pin = PINS.get(found["action"]) if found else None
        if not found or not pin:
            yield f"{line.strip()}: not in tests/workflows/pins.py"
        elif (found["version"], found["commit"]) != pin:
            yield f"{line.strip()}: the table says {pin[1]} # {pin[0]}"
    if len(lines) != sum("uses" in step for _, step in workflow.steps()):
        yield "an action that no line of its own names"


def harmless_trigger(workflow: Workflow) -> Iterator[str]:
    """None that runs a stranger's code with our rights."""
    for trigger in sorted(workflow.triggers - TRIGGERS):
        yield f"on: {trigger}"


def least_rights(workflow: Workflow) -> Iterator[str]:
    """None for the workflow; each job names its own, and why. Two jobs may write."""
    if workflow.data.get("permissions") != {}:
        yield "permissions: must be {} for the whole workflow"
    for name, job in workflow.jobs.items():
        rights = job.get("permissions")
        if not isinstance(rights, dict):
            yield f"{name}: permissions must be named one by one"
            continue
        written = {right for right, kind in rights.items() if kind != "read"}
        for right in sorted(written - MAY_WRITE.get((workflow.name, name), set())):
            yield f"{name}: may not write {right}"
    for line in re.findall(r"^ +[\w-]+: (?:read|write)\b.*$", workflow.text, re.MULTILINE):
        if not re.search(r"# \S", line):
            yield f"no comment says why {line.strip()}"


def bounded_time(workflow: Workflow) -> Iterator[str]:
    for name, job in workflow.jobs.items():
        if not isinstance(job.get("timeout-minutes"), int) or job["timeout-minutes"] > 90:
            yield f"{name}: timeout-minutes must be at most 90"


def no_cache(workflow: Workflow) -> Iterator[str]:
    """A poisoned cache outlives the job that wrote it."""
    for name, step in workflow.steps():
        action = str(step.get("uses", "")).partition("@")[0]
        if any("cache" in word for word in (action, *step.get("with", {}))):
            yield f"{name}: {step.get('name', step)} uses a cache"


def no_secret(workflow: Workflow) -> Iterator[str]:
    for number, line in enumerate(workflow.text.splitlines(), 1):
        if re.search(r"\bsecrets\b", line):
            yield f"line {number}: {line.strip()}"


def no_template_in_a_command(workflow: Workflow) -> Iterator[str]:
    """What is filled in becomes part of the program; an environment variable does not."""
    for name, command in workflow.commands():
        if "${{" in command:
            yield f"{name}: {command}"


def no_credentials_left_behind(workflow: Workflow) -> Iterator[str]:
    for name, step in workflow.steps():
        if str(step.get("uses", "")).startswith("actions/checkout@"):
            if step.get("with", {}).get("persist-credentials") is not False:
                yield f"{name}: checkout must have persist-credentials: false"


def unpacked_elsewhere(workflow: Workflow) -> Iterator[str]:
    """An artifact may hold any file of any name: over the checkout, it would replace the code that looks at it."""
    for name, step in workflow.steps():
        if str(step.get("uses", "")).startswith("actions/download-artifact@"):
            if not str(step.get("with", {}).get("path", "")).startswith("${{ runner.temp }}/"):
                yield f"{name}: {step.get('name', step)} must have a path below ${{{{ runner.temp }}}}"


def kept_and_required(workflow: Workflow) -> Iterator[str]:
    """What took a GPU an hour is handed over whatever comes after it; and there its tests may not be skipped."""
    for name, job in workflow.jobs.items():
        steps = job.get("steps", [])
        shared = [each for each, step in enumerate(steps) if "--share" in str(step.get("run", ""))]
        for at in shared:
            kept = [each for each in steps[at + 1 :] if each.get("if") == "always()"]
            if not any(str(each.get("uses", "")).startswith("actions/upload-artifact@") for each in kept):
                yield f"{name}: what is measured must be handed over `if: always()`"
        for step in steps:
            command = str(step.get("run", ""))
            if "-m gpu" in command:
                if not command.endswith("tests/experiments/test_gpu.py"):
                    yield f"{name}: `{command}` must name its file, or it imports all tests"
                if str(step.get("env", {}).get("REQUIRE_GPU", "")) != "1":
                    yield f"{name}: `{command}` needs REQUIRE_GPU, or it may skip all"


def guarded_gpu(workflow: Workflow) -> Iterator[str]:
    """A machine that is not GitHub's runs what maintainers start, from main, after a review, and may only read."""
    for name, job in workflow.jobs.items():
        systems = job["runs-on"]
        if systems == "${{ matrix.os }}":
            systems = job["strategy"]["matrix"]["os"]
        if {systems} <= HOSTED if isinstance(systems, str) else set(systems) <= HOSTED:
            continue
        if not workflow.triggers <= STARTED_BY_MAINTAINERS:
            yield f"{name}: runs on {systems}, and strangers can start it"
        if not all(guard in str(job.get("if", "")).split(" && ") for guard in GPU_GUARDS):
            yield f"{name}: its `if` must be {' && '.join(GPU_GUARDS)}"
        if job.get("environment") != "gpu":
            yield f"{name}: needs the environment gpu, whose reviewer lets it start"
        if job.get("permissions") != {"contents": "read"}:
            yield f"{name}: may read the contents and nothing else"


def deploys_only(workflow: Workflow) -> Iterator[str]:
    """A job that may write runs no code of this repository."""
    for name, job in workflow.jobs.items():
        if (workflow.name, name) in MAY_WRITE:
            for step in job["steps"]:
                if "run" in step or str(step.get("uses", "")).startswith("actions/checkout@"):
                    yield f"{name}: {step.get('name', step)} runs or fetches code beside a right to write"


def guarded_publishing(workflow: Workflow) -> Iterator[str]:
    """What is deployed was built from main, by the policy for publishing."""
    if "actions/deploy-pages@" not in workflow.text:
        return
    build = workflow.jobs.get("build", {})
    if "github.ref == 'refs/heads/main'" not in str(build.get("if", "")).split(" && "):
        yield "build: its `if` must say github.ref == 'refs/heads/main'"
    built = [command for name, command in workflow.commands() if name == "build"]
    if not any(re.search(r"\bsite\b.*\bPUBLISH=1\b", command) for command in built):
        yield "build: nothing is built with PUBLISH=1"
    if workflow.jobs["deploy"].get("environment", {}).get("name") != "github-pages":
        yield "deploy: needs the environment github-pages"
    for name, step in workflow.steps():
        given = step.get("with", {})
        if "gpu_result.py" in str(step.get("run", "")) and "GPU_REPOSITORY" not in step.get("env", {}):
            yield f"{name}: without GPU_REPOSITORY, an outage would take the GPU's numbers from the pages"
        if "actions/upload-pages-artifact@" in str(step.get("uses", "")):
            if given.get("name") != build.get("outputs", {}).get("artifact") or "run_attempt" not in given["name"]:
                yield f"{name}: each attempt must hand over an artifact of its own name, the job's output `artifact`"
        if "actions/deploy-pages@" in str(step.get("uses", "")):
            if given.get("artifact_name") != "${{ needs.build.outputs.artifact }}":
                yield f"{name}: must take the artifact that `build` names"


def named_and_ordered(workflow: Workflow) -> Iterator[str]:
    """Names that a reader of the checks understands, one run at a time, one shell everywhere."""
    if "concurrency" not in workflow.data:
        yield "no concurrency"
    if workflow.data.get("defaults") != {"run": {"shell": "bash"}}:
        yield "defaults must set shell: bash"
    for name, job in workflow.jobs.items():
        if "name" not in job:
            yield f"{name}: no name"
    for name, step in workflow.steps():
        if "name" not in step:
            yield f"{name}: a step without a name"


def known_command(workflow: Workflow) -> Iterator[str]:
    """Whatever CI runs, a reader can run: the command stands in a document of this project."""
    known = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS).replace("\\", "/")
    for name, command in workflow.commands():
        if command not in known:
            yield f"{name}: `{command}` stands neither in README.md nor in .github/*.md"


RULES: tuple[Rule, ...] = (
    pinned_action,
    harmless_trigger,
    least_rights,
    bounded_time,
    no_cache,
    no_secret,
    no_template_in_a_command,
    no_credentials_left_behind,
    unpacked_elsewhere,
    kept_and_required,
    guarded_gpu,
    deploys_only,
    guarded_publishing,
    named_and_ordered,
    known_command,
)


def broken(workflow: Workflow) -> dict[str, list[str]]:
    """What breaks which rule, by the rule's name."""
    found = {rule.__name__: [*rule(workflow)] for rule in RULES}
    return {name: words for name, words in found.items() if words}
