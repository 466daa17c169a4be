"""What each experiment says of its samples, where something besides items costs: the right arm, and its own unit."""

from dataclasses import replace

import pytest

from snippets.experiments.cpu_training import show as cpu_training
from snippets.experiments.handing_over import show as handing_over
from snippets.experiments.other_loaders import show as other_loaders
from snippets.experiments.ranks import show as ranks
from snippets.experiments.shared_memory import show as shared_memory
from snippets.experiments.threads import show as threads
from snippets.lab.figures.figure import BarGroup, Bars, Lines

from .made import filled, handed, plain, ranked, said, told, trained


def medians(group: BarGroup) -> list[float]:
    return [bar.value.median for bar in group.bars]


def test_handing_over() -> None:
    values = said(handing_over.values(handed()))
    assert (values["bytes"], values["floats"], values["float_count"], values["float_bytes"]) == (
        "4 MB",
        "40 ms",
        "50,000",
        "0.4 MB",
    )
    assert [values[f"alone_{count}"] for count in (1, 16, 256)] == ["1 ms", "1.5 ms", "3 ms"]
    assert [values[f"handed_{count}"] for count in (1, 16, 256)] == ["2 ms", "6 ms", "24 ms"]
    assert [values[f"receive_{count}"] for count in (1, 16, 256)] == ["500 µs", "2 ms", "10 ms"]
    assert values["many_over_one"] == "12 times"
    assert [values[f"beside_{each}"] for each in ("pieces", "waiting", "python")] == ["64", "16 ms", "80 ms"]


def test_handing_over_drawn() -> None:
    figure = handing_over.figure(handed())
    message = plain(figure.message)
    assert "A batch of 4 MB takes 2 ms to make and hand over as one tensor, and 24 ms as 256." in message
    assert "500 µs and 10 ms are work of the main process" in message
    assert "receive 64 tensors that are ready takes 16 ms while their worker waits, and 80 ms while it runs" in message
    assert isinstance(figure.chart, Bars) and figure.chart.unit == "ms per batch"
    assert [group.label for group in figure.chart.groups] == [
        "1 tensor",
        "16 tensors",
        "256 tensors",
        "64 tensors, received while",
    ]
    assert medians(figure.chart.groups[2]) == pytest.approx([3, 24, 10])
    assert medians(figure.chart.groups[3]) == pytest.approx([16, 80])
    rows = {row[0]: row[1:] for row in figure.table.rows}
    assert rows["50,000 floats, 1 worker"] == ("40 (40 to 40)", "30 (30 to 30)")
    assert rows["64 tensors, received while the worker runs Python"] == ("80 (80 to 80)", "13 (13 to 13)")
    assert [*rows][-4:-2] == ["256 pieces, 1 worker", "50,000 floats, 1 worker"]


def test_shared_memory() -> None:
    values = said(shared_memory.values(filled()))
    assert values == {"batch": "5 MB", "1_times_2": "10 MB", "2_times_2": "20 MB", "2_times_4": "38 MB"} | {
        "4_times_2": "41 MB",
        "held": "20 MB",
        "filled_by_held": "30 MB",
    }
    assert [*shared_memory.cases(filled()).values()] == [2, 4, 8, 8], "in the order of batches ahead"


def test_shared_memory_drawn() -> None:
    figure = shared_memory.figure(filled())
    assert plain(figure.message) == (
        "While the loop takes no batch, batches of 5 MB fill 10 MB with 1 worker, prefetch_factor=2, "
        "20 MB with 2 workers, prefetch_factor=2, 38 MB with 2 workers, prefetch_factor=4, 41 MB with 4 workers, "
        "prefetch_factor=2. A tensor of 20 MB in the dataset fills 30 MB before 2 workers of a fork server begin."
    )
    assert isinstance(figure.chart, Bars)
    assert medians(figure.chart.groups[0]) == pytest.approx([10.2, 19.8, 38, 41.2])
    assert medians(figure.chart.groups[1]) == pytest.approx([30])
    assert [plain(row[2]) for row in figure.table.rows] == ["10 MB", "20 MB", "40 MB", "40 MB", "20 MB"]


def test_threads() -> None:
    arms = {"0 workers": {"per_batch": 0.01, "threads": 3}, "1 workers": {"per_batch": 0.02, "threads": 1}}
    result = told("per_batch", arms)
    slower = [
        replace(s, values={**s.values, "per_batch": s.values["per_batch"] * (1 + s.round / 10)}) for s in result.samples
    ]
    result = replace(result, samples=slower)
    values = said(threads.values(result))
    assert (values["main_threads"], values["worker_threads"]) == ("3", "1")
    assert (values["alone"], values["helped"], values["alone_range"]) == ("13 ms", "26 ms", "10 ms to 16 ms")
    figure = threads.figure(result)
    assert "computes with 3 threads and took 13 ms per batch (10 ms to 16 ms)" in plain(figure.message)
    assert "a worker computes with 1 and took 26 ms" in plain(figure.message)
    assert isinstance(figure.chart, Bars) and medians(figure.chart.groups[0]) == pytest.approx([13, 26])
    assert [row[:2] for row in figure.table.rows] == [("main alone", "3"), ("one worker", "1")]


def test_cpu_training() -> None:
    values = said(cpu_training.values(trained()))
    assert [values[f"one_{count}"] for count in (0, 1, 2)] == ["60 ms", "40 ms", "32 ms"]
    assert (values["all_0"], values["all_2"], values["main_threads"]) == ("30 ms", "50 ms", "3")
    assert values["speedup"] == "1.9 times", "60 over 32"


def test_cpu_training_drawn() -> None:
    figure = cpu_training.figure(trained())
    message = plain(figure.message)
    assert "a batch takes 60 ms without workers, 40 ms with one and 32 ms with two" in message
    assert "with 3 threads, 30 ms without and 50 ms with two" in message
    assert isinstance(figure.chart, Bars)
    one, every = figure.chart.groups
    assert (one.label, every.label) == ("the model has 1 thread", "the model has 3 threads")
    assert [bar.label for bar in one.bars] == ["0 workers", "1 worker", "2 workers"]
    assert (medians(one), medians(every)) == (pytest.approx([60, 40, 32]), pytest.approx([30, 50]))
    assert len(figure.table.rows) == 5, "what ran again is no bar of its own"


def test_other_loaders() -> None:
    rates = {"DataLoader": (100, 0.5), "SPDL": (160, 0.25), "datasets": (50, 2), "DataLoader (again)": (90, 0.5)}
    arms = {arm: {"throughput": rate, "first_batch": first} for arm, (rate, first) in rates.items()}
    result = told("throughput", arms, workers=2)
    assert said(other_loaders.values(result)) == {"workers": "2", "datasets": "0.5 times", "SPDL": "1.6 times"}
    figure = other_loaders.figure(result)
    assert "with 2 workers or threads. Over DataLoader: datasets 0.5 times, SPDL 1.6 times." in plain(figure.message)
    assert isinstance(figure.chart, Bars)
    (group,) = figure.chart.groups
    assert [(bar.label, bar.value.median) for bar in group.bars] == [
        ("DataLoader", 100),
        ("datasets", 50),
        ("SPDL", 160),
    ]
    assert [plain(row[2]) for row in figure.table.rows] == [
        "0.5 s (0.5 to 0.5)",
        "2 s (2 to 2)",
        "0.25 s (0.25 to 0.25)",
    ]


def test_ranks() -> None:
    values = said(ranks.values(ranked()))
    assert values == {
        "capacity": "2",
        "ranks_1_workers_0": "1.0 times",
        "ranks_1_workers_1": "0.9 times",
        "ranks_1_workers_2": "1.8 times",
        "ranks_2_workers_0": "1.5 times",
        "ranks_2_workers_1": "2.4 times",
        "ranks_2_workers_2": "3.0 times",
        "ranks_2_workers_4": "2.9 times",
    }


def test_ranks_drawn() -> None:
    figure = ranks.figure(ranked())
    message = plain(figure.message)
    assert "one rank with 2 workers loads 1.8 times as much" in message
    assert "two load 1.5 times as much without workers, 2.4 times with one each and 2.9 times with 4 each" in message
    assert "The machine had 2 cores’ worth of work to give" in message
    assert isinstance(figure.chart, Lines)
    (panel,) = figure.chart.panels
    assert {series.label: [(point.x, point.y.median) for point in series.points] for series in panel.series} == {
        "one rank": [(0, 1.0), (1, 0.9), (2, 1.8)],
        "2 ranks": [(0, 1.5), (1, 2.4), (2, 3.0), (4, 2.88)],
    }
    assert panel.limit and panel.limit.points == ((0.0, 2.0), (4.0, 2.0))
    assert [row[0] for row in figure.table.rows] == [ranks.arm(*case) for case in ranks.cases(ranked())]
    assert len(figure.table.rows) == 7, "what ran again is no case of its own"
