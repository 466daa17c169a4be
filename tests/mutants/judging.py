"""Mutants of the code that reads results and judges them, made and run by cosmic-ray."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Score:
    """How many mutants there were, and what the survivors change, as a diff each."""

    total: int
    survivors: list[str]


def score(root: Path) -> Score:
    """Run all mutants in a copy of the checkout at `root`."""
    config, session = root / "cosmic-ray.toml", root / "cosmic-ray.sqlite"
    modules = ", ".join(f'"snippets/lab/{name}.py"' for name in MODULES)
    tests = " ".join(f"tests/lab/{name}" + (".py" if "/" in name else "") for name in TESTS)
    config.write_text(CONFIG.format(modules=modules, python=sys.executable, tests=tests), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    for program, *arguments in (
        ("cosmic-ray", "init", config, session),
        ("cr-filter-operators", session, config),
        ("cosmic-ray", "exec", config, session),
    ):
        subprocess.run([TOOL.with_name(program), *arguments], cwd=root, check=True, env=environment)
    dump = [TOOL, "dump", str(session)]
    dumped = subprocess.run(dump, cwd=root, check=True, capture_output=True, text=True, env=environment).stdout
    survivors, total = [], 0
    for line in dumped.splitlines():
        item, result = json.loads(line)
        if result and result["worker_outcome"] == "skipped":
            continue
        total += 1
        if result and result.get("test_outcome") == "survived":
            at = item["mutations"][0]
            survivors.append(
                f"{at['module_path']}:{at['start_pos'][0]} {at['operator_name']}\n{result.get('diff', '')}"
            )
    return Score(total, survivors)
