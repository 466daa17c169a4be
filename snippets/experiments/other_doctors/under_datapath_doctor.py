"""A loop of the doctor's experiment, as datapath-doctor's README wires one; and which of its rules found something."""

import importlib
import json
import sys
from typing import Any

from snippets.experiments.doctor.loops import LOOPS
from snippets.lab.instruments.starting import start_cheaply


def ready(batches: Any) -> int | None:
    """How many batches lie in torch's queue; None where there is none. The README leaves that to its reader."""
    queue = getattr(batches, "_worker_result_queue", None)
    return queue.qsize() if queue else None


def rules_of(name: str) -> list[str]:
    profilers: Any = importlib.import_module("datapath_doctor.collectors.dataloader_profiler")
    system: Any = importlib.import_module("datapath_doctor.collectors.proc_stats")
    engine: Any = importlib.import_module("datapath_doctor.engine")
    loop = LOOPS[name]
    loader = loop.make()
    profiler = profilers.DataLoaderProfiler(loader, loader.num_workers, loader.prefetch_factor)
    disks = [system.DiskIOCollector(disk) for disk in system.list_block_devices()[:1]]
    collectors = [*disks, system.PSICollector()]
    for _ in range(loop.epochs):
        for batch in profiler:
            loop.step(batch)
            sample = profiler.record_compute_done(queue_depth=ready(profiler._iter))
            for collector in collectors:
                for key, value in (collector.sample() or {}).items():
                    setattr(sample, key, value)
    return [finding.rule_id for finding in engine.RuleEngine.with_default_rules().run(profiler.samples)]


if __name__ == "__main__":
    start_cheaply("torch")
    print(json.dumps(rules_of(sys.argv[1])))
