"""What no test does for one file alone, each by a command that ends with 1 if a mistake shows:

python -m tests.mutants.probe prints arguments/timeout   the script prints what its page says
python -m tests.mutants.probe measure scaling overlap    one pass fails, or a claim lies outside its bounds
python -m tests.mutants.probe judge scaling              the same of the results at hand
"""

import sys
from dataclasses import replace

from snippets.lab.catalog import experiment_hash, measuring_module
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import judge, looks_wrong
from snippets.lab.machine.machine import this_machine
from snippets.lab.measuring.child import ExperimentFailed, pool, run_pass
from snippets.lab.outputs import outputs
from snippets.lab.paths import LOCAL_RESULTS
from snippets.lab.results import results
from snippets.lab.results.results import Measured
from tests.docs.shown import SHOWN, is_as_the_page_says


def prints(script: str) -> bool:
    if script not in SHOWN:  # it prints nothing
        return True
    output = outputs.run(script, "output")
    return output.exit_code == 0 and (bool(output.absent) or is_as_the_page_says(script, output.text))


def measure(experiment: str) -> bool:
    try:
        return _is_judged(experiment, _one_pass(experiment))
    except ExperimentFailed as error:
        print(f"{experiment} failed: {error}")
        return False


def judge_at_hand(experiment: str) -> bool:
    return _is_judged(experiment, results.read(LOCAL_RESULTS).experiments[experiment])


def _one_pass(name: str) -> Measured:
    with pool() as processes, processes.children([measuring_module(name, "short")], 0, "short") as (child,):
        ran = run_pass(child, lambda event, so_far: None)
    about = vars(ran.about) if ran.about else {}
    measured = Measured(
        source_hash=experiment_hash(name, "short"), form="short", start_method=ran.start_method, **about
    )
    if ran.unavailable or ran.surroundings is None:
        return replace(measured, status="unavailable", reason=ran.unavailable)
    return replace(measured, passes=1, samples=ran.samples, traces=ran.traces, surroundings=[ran.surroundings])


def _is_judged(name: str, measured: Measured) -> bool:
    """Whether no claim errs, is contradicted, or lies outside its bounds with open gates: with more passes it would."""
    for claim in claims(name):
        verdict = judge(claim, measured, this_machine()).verdict
        if verdict in ("contradicted", "errored") or looks_wrong([claim], measured, this_machine()):
            print(f"{claim.id}: {verdict}, outside its bounds")
            return False
    return True


if __name__ == "__main__":
    probe = {"prints": prints, "measure": measure, "judge": judge_at_hand}[sys.argv[1]]
    sys.exit(not all(map(probe, sys.argv[2:])))
