"""Cold pages and warm ones: which files are read and when they are timed, what is claimed and said.

What it does not prove: that a dropped file is cold; the claim `cold-is-cold` does, at every build.
"""

from typing import Any

import pytest

from snippets.experiments.disk import arms as names
from snippets.experiments.disk import measure, show
from snippets.lab.instruments.experiment import Sample

from .results import plain_values, result, statistics

RATES = {"sprites": {"cold": (2, 3), "warm": (4, 2)}, "photos": {"cold": (9, 11), "warm": (10, 20)}}
ARMS = {
    names.arm(kind, pages, count): {"throughput": rate * 100.0, "cached": 0.25 if pages == "cold" else 1.0}
    for kind, by_pages in RATES.items()
    for pages, pair in by_pages.items()
    for count, rate in zip(names.COUNTS, pair, strict=True)
}
"""A quarter of the files lay in memory before a cold run."""
MEASURED = result("throughput", ARMS)


def test_files_are_timed_while_workers_run_and_each_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What starting the workers takes is over before, and as many batches as they may be ahead come after. A file that
    was read is warm, so none comes twice; all were dropped, or read, before.
    """
    began: list[tuple[Any, int]] = []
    dropped: list[int] = []
    monkeypatch.setattr(
        measure, "time_loader", lambda loader, window: began.append((loader, window)) or Sample({"throughput": 1.0})
    )
    monkeypatch.setattr(measure, "evict", lambda files: dropped.append(len(files)))
    monkeypatch.setattr(measure, "cached_share", lambda files: 1.0)
    with measure.EXPERIMENT.prepared() as arms:
        for name, arm in arms.items():
            assert arm().values == {"throughput": 1.0, "cached": 1.0}
            ((loader, window),) = began
            ahead = loader.num_workers * (loader.prefetch_factor or 0)
            assert window % max(1, loader.num_workers) == 0
            assert len(loader) >= (ahead + loader.num_workers or 1) + window + ahead
            assert len({*loader.sampler}) == len(loader.sampler) == len(loader) * measure.BATCH_SIZE
            assert dropped == ([len(loader.sampler)] if "cold" in name else [])
            began.clear()
            dropped.clear()


def test_claims() -> None:
    assert statistics("disk", MEASURED) == pytest.approx(
        {
            "cold-is-cold": 0.25,
            "cold-sprites-are-slower": 0.5,
            "photos-take-longer-to-decode-than-to-read": 0.9,
            "workers-load-cold-photos-faster": 11 / 9,
        }
    )


def test_values() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["sprites_cold_0"], values["photos_cold_0"], values["photos_cold_4"]) == ("50 %", "90 %", "55 %")
    assert (values["sprites_warm_speedup"], values["photos_warm_speedup"]) == ("0.5 times", "2.0 times")
    assert values["cold_cached"] == "25 %"
