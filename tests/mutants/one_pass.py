"""Measure one pass of each experiment named and judge its claims: `python -m tests.mutants.one_pass NAME...`.

Ends with 1 if the pass fails, or if a claim is contradicted, errs, or lies outside its bounds with open gates: more
passes would then contradict it. With --held nothing is measured: the results at hand are judged.
"""

import sys
from dataclasses import replace

from snippets.lab.catalog import experiment_hash, experiment_names, measuring_module
from snippets.lab.judging.claims import claims
from snippets.lab.judging.judge import judge, looks_wrong
from snippets.lab.machine.machine import this_machine
from snippets.lab.measuring.child import ExperimentFailed, children, run_pass
from snippets.lab.paths import LOCAL_RESULTS
from snippets.lab.results import results
from snippets.lab.results.results import Measured


def one_pass(name: str) -> Measured:
    with children([measuring_module(name)], 0, "short") as (child,):
        found = run_pass(child, lambda event, so_far: None)
    described = vars(found.about) if found.about else {}
    taken = Measured(source_hash=experiment_hash(name), form="short", start_method=found.start_method, **described)
    if found.unavailable or found.surroundings is None:
        return replace(taken, status="unavailable", reason=found.unavailable)
    return replace(taken, passes=1, samples=found.samples, traces=found.traces, surroundings=[found.surroundings])


def main(arguments: list[str]) -> int:
    held = results.read(LOCAL_RESULTS).experiments if "--held" in arguments else None
    for name in [each for each in arguments if each in experiment_names()]:
        try:
            measured = held[name] if held else one_pass(name)
        except ExperimentFailed as error:
            print(f"{name} failed: {error}")
            return 1
        for claim in claims(name):
            verdict = judge(claim, measured, this_machine()).verdict
            if verdict in ("contradicted", "errored") or looks_wrong([claim], measured, this_machine()):
                print(f"{claim.id}: {verdict}, outside its bounds")
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
