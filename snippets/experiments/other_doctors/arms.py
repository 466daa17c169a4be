"""The arms of this experiment, by name: loops, and who watches them; and what the verdicts of others amount to."""

from dataclasses import dataclass

from snippets.experiments.doctor import arms as doctor

FAULTS = tuple(loop for loop in doctor.RIGHT if loop != doctor.USED_UP_QUOTA)
"""That quota is made up, and our doctor alone looks where it is."""
LOOPS = (*FAULTS, *doctor.HEALTHY)
OURS, TRACEML, DATAPATH = "loader_doctor.py", "TraceML", "datapath-doctor"
PEERS = {"traceml_ai": TRACEML, "datapath_doctor": DATAPATH}
"""By module, which may not be installed."""
NO_ANSWER = "no answer"


@dataclass(frozen=True)
class Meaning:
    """`names`: the verdicts of our doctor to which one of theirs amounts; none where it does not blame the input.
    `because`: of these, and in their own words where they have some.
    """

    names: tuple[str, ...]
    because: str


WORKERS = ("STARVED", "BURSTS")
TIMES_ALONE = "It is about the step."
MACHINE_ALONE = "It is about the whole machine, and no finding says that the loop waits."
SHORT_OF_WORKERS = "“Increase workers, prefetch, or storage throughput.”"
HIGH_CPU = "INPUT-BOUND, HIGH CPU"

MEANINGS: dict[str, dict[str, Meaning]] = {
    TRACEML: {
        NO_ANSWER: Meaning((), "It failed, or took too long."),
        "INPUT-BOUND": Meaning(WORKERS, SHORT_OF_WORKERS),
        HIGH_CPU: Meaning(
            (*WORKERS, "NEIGHBOUR"), f"{SHORT_OF_WORKERS} “Inspect CPU-side preprocessing or host contention.”"
        ),
        "COMPUTE-BOUND": Meaning((), TIMES_ALONE),
        "H2D-BOUND": Meaning((), TIMES_ALONE),
        "RESIDUAL-HEAVY": Meaning((), "“Inspect work outside traced phases”, of which waiting for input is one."),
        "NO CLEAR PERFORMANCE BOTTLENECK": Meaning((), "“No data-pipeline or rank-skew bottleneck was detected.”"),
        "LOW GPU UTILIZATION": Meaning((), "“Step timing did not identify input … as the cause.”"),
        "INSUFFICIENT STEP-TIME DATA": Meaning((), "It cannot tell."),
    },
    DATAPATH: {
        NO_ANSWER: Meaning((), "It failed, or took too long."),
        "CPU-BOUND PREPROCESSING": Meaning(("STARVED",), "“Increase num_workers if CPU cores are still available.”"),
        "STORAGE": Meaning(("STARVED",), "It names what the workers wait for."),
        "WORKER RESTARTS": Meaning(("START-UP",), "New workers in each epoch are what it sees, and takes for crashes."),
        "STARVED, UNDERRUN": Meaning(WORKERS, "“Raise prefetch_factor and/or num_workers.”"),
        "STARVED": Meaning(WORKERS, "“Data pipeline is the training bottleneck.”"),
        "UNDERRUN": Meaning(WORKERS, "“Raise prefetch_factor and/or num_workers.”"),
        "BUSY WORKERS": Meaning(("STARVED",), "“The bottleneck is CPU-side per-sample work.”"),
        "BUSY STORAGE": Meaning((), MACHINE_ALONE),
        "HEALTHY": Meaning((), "“Input path looks healthy.”"),
    },
}
"""What each of them can say."""

RULES: dict[str, tuple[frozenset[str], ...]] = {
    "CPU-BOUND PREPROCESSING": (frozenset({"DPD-001", "DPD-005"}),),
    "STORAGE": tuple(frozenset({"DPD-001", rule}) for rule in ("DPD-007", "DPD-006", "DPD-002")),
    "WORKER RESTARTS": (frozenset({"DPD-010"}),),
    "STARVED, UNDERRUN": (frozenset({"DPD-001", "DPD-004"}),),
    "STARVED": (frozenset({"DPD-001"}),),
    "UNDERRUN": (frozenset({"DPD-004"}),),
    "BUSY WORKERS": (frozenset({"DPD-005"}),),
    "BUSY STORAGE": tuple(frozenset({rule}) for rule in ("DPD-002", "DPD-003", "DPD-006", "DPD-007")),
    "HEALTHY": (frozenset(),),
}
"""The rules of datapath-doctor that have to have found something. The first that fits counts: this is the order in
which it correlates what they found.
"""

VERDICTS: dict[str, tuple[str, ...]] = {
    OURS: (NO_ANSWER, *doctor.VERDICTS),
    **{who: (*meanings,) for who, meanings in MEANINGS.items()},
}
"""A run's value `verdict` is a place in this."""


def blamed(who: str, verdict: str) -> tuple[str, ...]:
    """What it blames, in the words of our doctor; nothing where it does not blame the input."""
    if who != OURS:
        return MEANINGS[who][verdict].names
    return () if verdict in ("FED", NO_ANSWER, *doctor.CANNOT_TELL) else (verdict,)


def watched_by(who: str, loop: str) -> str:
    return f"{loop}, watched by {who}"
