"""Mutants of the code that reads results and judges them, made and run by cosmic-ray."""

import json
import os
import subprocess
import sys
from pathlib import Path

MODULES = (
    *("judging/judge", "judging/gates", "judging/claim", "judging/accepted", "judging/rulings", "results/stats"),
    *("store", "machine/surroundings", "markdown/findings", "markdown/verdicts"),
)
TESTS = (
    *("judging", "results/test_stats", "results/test_results_read", "results/test_results_write"),
    *("machine/test_surroundings", "markdown/test_findings", "markdown/test_verdicts"),
)
TOOL = Path(sys.executable).with_name("cosmic-ray")
CONFIG = """\
[cosmic-ray]
module-path = [{modules}]
timeout = 60.0
excluded-modules = []
test-command = "{python} -m pytest -x -q -p no:cacheprovider {tests}"

[cosmic-ray.distributor]
name = "local"

[cosmic-ray.filters.operators-filter]
# These two differ for no value that this code compares: types, None, and short texts that Python keeps once.
exclude-operators = ["core/ReplaceComparisonOperator_(Is_Eq|Eq_Is|IsNot_NotEq|NotEq_IsNot)"]
"""


def survivors(root: Path) -> tuple[list[str], int]:
    """Run all mutants in a copy of the checkout at `root`: what each survivor changes, as a diff, and how many ran."""
    modules = ", ".join(f'"snippets/lab/{name}.py"' for name in MODULES)
    tests = " ".join(str(path.relative_to(root)) for name in TESTS for path in (root / "tests/lab").glob(f"{name}*"))
    config, session = root / "cosmic-ray.toml", root / "cosmic-ray.sqlite"
    config.write_text(CONFIG.format(modules=modules, python=sys.executable, tests=tests), encoding="utf-8")

    def run(program: str, *arguments: str | Path) -> str:
        command, environment = [TOOL.with_name(program), *arguments], {**os.environ, "PYTHONPATH": str(root)}
        done = subprocess.run(command, cwd=root, check=True, stdout=subprocess.PIPE, text=True, env=environment)
        return done.stdout

    run("cosmic-ray", "init", config, session)
    run("cr-filter-operators", session, config)
    run("cosmic-ray", "exec", config, session)
    items = [json.loads(line) for line in run("cosmic-ray", "dump", session).splitlines()]
    results = [(item["mutations"][0], result or {}) for item, result in items]
    ran = [(at, result) for at, result in results if result.get("worker_outcome") != "skipped"]
    left = [(at, result["diff"]) for at, result in ran if result.get("test_outcome") == "survived"]
    return [f"{at['module_path']}:{at['start_pos'][0]} {at['operator_name']}\n{diff}" for at, diff in left], len(ran)
