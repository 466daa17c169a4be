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

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DOCUMENTS = [ROOT / "README.md", ROOT / ".github" / "CONTRIBUTING.md", ROOT / ".github" / "SECURITY.md"]
HOSTED = {"ubuntu-24.04", "macos-15", "windows-2025"}
STARTED_BY_MAINTAINERS = {"schedule", "workflow_dispatch"}
GPU_GUARDS = (
    "github.ref == 'refs/heads/main'",
    "vars.GPU_RUNNER != ''",
    "github.repository == vars.GPU_REPOSITORY",
)

TAKES_OVER = 'cp -R ".cache/elsewhere/$SYSTEM/.cache/." .cache/'
LETS_MOUNT = "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"
RUNS_SNIPPETS = re.compile(r"make (?:site|test|others)\b|snippets\.lab site\b|pytest .*tests/(?:snippets|docs)\b")


def checkout_as_pinned() -> str:
    """The action that checks out, as a workflow uses it: with a new version, tests of mistakes find it all the same."""
    text = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")
    return re.findall(r"actions/checkout@\S+ # \S+", text)[0]


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


def uses(step: dict[str, Any], action: str) -> bool:
    return str(step.get("uses", "")).startswith(f"actions/{action}@")


Rule = Callable[[Workflow], Iterator[str]]


def action_of_github(workflow: Workflow) -> Iterator[str]:
    """Actions are GitHub's own; that each is named by its commit, zizmor says."""
    for name, step in workflow.steps():
        if not str(step.get("uses", "actions/")).startswith("actions/"):
            yield f"{name}: {step['uses']} is not GitHub's own"


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


def unpacked_elsewhere(workflow: Workflow) -> Iterator[str]:
    """An artifact may hold any file of any name: over the checkout, it would replace the code that looks at it."""
    for name, step in workflow.steps():
        path = str(step.get("with", {}).get("path", ""))
        if uses(step, "download-artifact") and not path.startswith("${{ runner.temp }}/"):
            yield f"{name}: {step.get('name', step)} must have a path below ${{{{ runner.temp }}}}"


def kept_and_required(workflow: Workflow) -> Iterator[str]:
    """What took a GPU an hour is handed over whatever comes after it; and there its tests may not be skipped."""
    for name, job in workflow.jobs.items():
        steps = job.get("steps", [])
        shared = [each for each, step in enumerate(steps) if "--share" in str(step.get("run", ""))]
        for at in shared:
            kept = [each for each in steps[at + 1 :] if each.get("if") == "always()"]
            if not any(uses(each, "upload-artifact") for each in kept):
                yield f"{name}: what is measured must be handed over `if: always()`"
        for step in steps:
            command = str(step.get("run", ""))
            if "-m gpu" in command:
                if not command.endswith("tests/experiments/test_gpu.py"):
                    yield f"{name}: `{command}` must name its file, or it imports all tests"
                if str(step.get("env", {}).get("REQUIRE_GPU", "")) != "1":
                    yield f"{name}: `{command}` needs REQUIRE_GPU, or it may skip all"


def tried_again(workflow: Workflow) -> Iterator[str]:
    """A second try of a run finds what the first one handed over: it has another name, or takes its place."""
    for name, step in workflow.steps():
        settings = step.get("with", {})
        another = "github.run_attempt" in str(settings.get("name", ""))
        if "upload-" in str(step.get("uses", "")) and not (another or settings.get("overwrite") is True):
            yield f"{name}: {step.get('name', step)} needs `overwrite: true`, or a name with the attempt"


def not_after_a_refusal(workflow: Workflow) -> Iterator[str]:
    """A build that follows a refused one measures what was contradicted once more, and is refused once more."""
    for name, step in workflow.steps():
        builds = re.search(r"(make|snippets\.lab) site\b", str(step.get("run", "")))
        if builds and step.get("if"):
            yield f"{name}: {step.get('name', step)} builds whatever came of the steps before"


def measured_once(workflow: Workflow) -> Iterator[str]:
    """What was measured as elsewhere, in a copy, is taken over before tests of the checkout ask for it."""
    for job in workflow.jobs:
        commands = [command for name, command in workflow.commands() if name == job]
        tested = [at for at, command in enumerate(commands) if "make test START_METHOD=" in command]
        if tested and TAKES_OVER not in commands[: tested[0]]:
            yield f"{job}: `{TAKES_OVER}` must stand before `{commands[tested[0]]}`"


def small_shm(workflow: Workflow) -> Iterator[str]:
    """Ubuntu lets no user make a namespace: there, what a snippet says of a small /dev/shm would be said by none."""
    for name, job in workflow.jobs.items():
        commands = [str(step.get("run", "")) for step in job.get("steps", [])]
        runs = [at for at, command in enumerate(commands) if RUNS_SNIPPETS.search(command)]
        if str(job["runs-on"]).startswith("ubuntu") and runs and LETS_MOUNT not in commands[: runs[0]]:
            yield f"{name}: `{LETS_MOUNT}` must stand before `{commands[runs[0]]}`"


def small_disk(workflow: Workflow) -> Iterator[str]:
    """torch for CUDA, which comes where no index is named, is gigabytes: pip must not keep it a second time."""
    for name, step in workflow.steps():
        given = {**workflow.data.get("env", {}), **workflow.jobs[name].get("env", {}), **step.get("env", {})}
        cached = "TORCH_INDEX" not in given and str(given.get("PIP_NO_CACHE_DIR", "")) != "1"
        if "install.py" in str(step.get("run", "")) and cached:
            yield f'{name}: {step.get("name", step)} needs PIP_NO_CACHE_DIR: "1", or TORCH_INDEX'


def guarded_gpu(workflow: Workflow) -> Iterator[str]:
    """A machine that is not GitHub's runs what maintainers start, from main, after a review, and may only read."""
    for name, job in workflow.jobs.items():
        systems = job["runs-on"]
        if isinstance(systems, str) and systems in HOSTED:
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
        if {*job.get("permissions", {"all": "write"}).values()} - {"read"}:
            for step in job["steps"]:
                if "run" in step or uses(step, "checkout"):
                    yield f"{name}: {step.get('name', step)} runs or fetches code beside a right to write"


def guarded_publishing(workflow: Workflow) -> Iterator[str]:
    """What is deployed was built from main, by the policy for publishing."""
    if "actions/deploy-pages@" not in workflow.text:
        return
    build = workflow.jobs.get("build", {})
    if "github.ref == 'refs/heads/main'" not in str(build.get("if", "")).split(" && "):
        yield "build: its `if` must say github.ref == 'refs/heads/main'"
    artifact = build.get("outputs", {}).get("artifact", "")
    built = [command for name, command in workflow.commands() if name == "build"]
    if not any(re.search(r"\bsite\b.*\bPUBLISH=1\b", command) for command in built):
        yield "build: nothing is built with PUBLISH=1"
    if workflow.jobs["deploy"].get("environment", {}).get("name") != "github-pages":
        yield "deploy: needs the environment github-pages"
    for name, step in workflow.steps():
        given = step.get("with", {})
        if "gpu_result.py" in str(step.get("run", "")) and "GPU_REPOSITORY" not in step.get("env", {}):
            yield f"{name}: without GPU_REPOSITORY, an outage would take the GPU's numbers from the pages"
        if uses(step, "upload-pages-artifact") and (given.get("name") != artifact or "run_attempt" not in artifact):
            yield f"{name}: each attempt must hand over an artifact of its own name, the job's output `artifact`"
        if uses(step, "upload-pages-artifact") and int(given.get("retention-days", 1)) < 30:
            yield f"{name}: what is kept for a day cannot be deployed when that is tried again later"
        if uses(step, "deploy-pages") and given.get("artifact_name") != "${{ needs.build.outputs.artifact }}":
            yield f"{name}: must take the artifact that `build` names"


def known_command(workflow: Workflow) -> Iterator[str]:
    """Whatever CI runs, a reader can run: the command stands in a document of this project."""
    known = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS).replace("\\", "/")
    for name, command in workflow.commands():
        if command not in known:
            yield f"{name}: `{command}` stands neither in README.md nor in .github/*.md"


RULES: tuple[Rule, ...] = (
    action_of_github,
    no_cache,
    no_secret,
    unpacked_elsewhere,
    kept_and_required,
    tried_again,
    not_after_a_refusal,
    measured_once,
    small_shm,
    small_disk,
    guarded_gpu,
    deploys_only,
    guarded_publishing,
    known_command,
)


def broken(workflow: Workflow) -> dict[str, list[str]]:
    """What breaks which rule, by the rule's name."""
    found = {rule.__name__: [*rule(workflow)] for rule in RULES}
    return {name: words for name, words in found.items() if words}
