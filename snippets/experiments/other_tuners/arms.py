"""The arms of this experiment, by name: workloads, the counts that are tried, and who chooses one."""

COUNTS = (*range(9),)
"""Workers that are tried on every workload."""
WORKLOADS = ("photos", "waits", "rows", "many tensors")
"""One that computes, one that waits, and two where handing over is what costs."""
TUNER, FUNCTION, QUICK = "tune_num_workers.py", "choose_num_workers", "the quick benchmark"
OURS = (TUNER, FUNCTION, QUICK)
"""The last one is that of the guide's first version."""
PEERS = {"loadtune": "loadtune", "dataloader_param_helper": "dataloader-param-helper"}
"""By module, which may not be installed."""


def tried(workload: str, count: int) -> str:
    return f"{workload}, {count} workers"


def chosen_by(chooser: str, workload: str) -> str:
    return f"{workload}, chosen by {chooser}"
