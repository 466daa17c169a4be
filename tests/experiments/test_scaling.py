"""What each experiment says of its samples: the right arm over the right one, and no sign turned around.

The samples are made up so that each quotient is another number. That the arms really give such values is
shown by measuring, which every build does.
"""

from dataclasses import replace

import pytest

from snippets.experiments.cuda_overlap import show as cuda_overlap
from snippets.experiments.dataset_copies import show as dataset_copies
from snippets.experiments.disk import show as disk
from snippets.experiments.in_memory import show as in_memory
from snippets.experiments.memory import show as memory
from snippets.experiments.photos_overlap import show as photos_overlap
from snippets.experiments.pin_memory import show as pin_memory
from snippets.experiments.quick_benchmark import show as quick_benchmark
from snippets.experiments.scaling import regret, rules
from snippets.experiments.scaling import show as scaling
from snippets.experiments.sprites_overlap import show as sprites_overlap
from snippets.experiments.start_up import show as start_up
from snippets.lab.figures.figure import Bars, Lines, Timeline

from .made import decoded, disk_arms, epoch, said, scaled, told

MEGA = 1e6


def test_sprites_overlap() -> None:
    arms = {
        "0 workers": epoch(1.2, 0.75, steady=(0.12, 0.7)),
        "4 workers": epoch(0.4, 0.25, first=0.15, steady=(0.03, 0.05)),
        "4 workers (again)": epoch(0.396, 0.25),
        "4 workers, untraced": {"total": 0.32},
    }
    result = told("total", arms, batches=12, batch_size=8, item_seconds=0.008, step_seconds=0.02)
    values = said(sprites_overlap.values(result))
    assert (values["speedup"], values["speedup_steady"]) == ("3.0 times", "4.0 times")
    assert (values["waited_alone"], values["waited_helped"], values["waited_steady"]) == ("75 %", "25 %", "5 %")
    assert (values["load"], values["step"]) == ("64 ms", "20 ms")
    assert values["tracing_cost"] == "25 % (25 to 25)"
    assert values["again"] == "−1 % (−1 to −1)"
    figure = sprites_overlap.figure(result)
    assert "takes 1.2\u00a0s and the step waits for 75\u00a0%" in figure.message
    assert "takes 400\u00a0ms: until the first batch is there, 150\u00a0ms pass; once all" in figure.message
    assert "the step waits for 5\u00a0% of the time" in figure.message
    assert isinstance(figure.chart, Timeline)
    assert [run.title for run in figure.chart.runs] == ["num_workers=0", "num_workers=4"]


def test_photos_overlap() -> None:
    result = told("total", decoded(unready_two=0.04), batches=10, batch_size=8, step_seconds=0.03)
    values = said(photos_overlap.values(result))
    assert (values["speedup_two"], values["speedup_four"]) == ("2.0 times", "2.5 times")
    assert [values[f"waited_{count}"] for count in ("none", "two", "four")] == ["60 %", "8 %", "5 %"]
    message = photos_overlap.figure(result).message.replace("\u00a0", " ")
    assert "1.2 s with 0 workers, 800 ms with 2 and 900 ms with 4" in message
    assert "Without workers the step waits for 60 % of it; once all" in message
    assert "it waits for 8 % of the time with 2 and for 5 % with 4" in message


def test_cuda_overlap() -> None:
    arms = {
        "0 workers": {"per_batch": 0.06, "waited_steady": 0.6, "main_cpu": 0.7},
        "2 workers": {"per_batch": 0.05, "waited_steady": 0.5, "main_cpu": 0.6},
        "4 workers": {"per_batch": 0.03, "waited_steady": 0.4, "main_cpu": 0.5},
        "8 workers": {"per_batch": 0.02, "waited_steady": 0.1, "main_cpu": 0.4},
        "0 workers, not waiting for steps": {"per_batch": 0.04},
    }
    result = told("per_batch", arms, batches=16, batch_size=12)
    values = said(cuda_overlap.values(result))
    assert (values["none"], values["unawaited"], values["eight"]) == ("60 ms", "40 ms", "20 ms")
    assert (values["waited_none"], values["waited_eight"], values["main_cpu"]) == ("60 %", "10 %", "40 %")
    assert values["speedup"] == "2.0 times"
    found = cuda_overlap.figure(result)
    assert "16 batches of 12 photos" in found.message
    assert [row[0] for row in found.table.rows] == [*cuda_overlap.ARMS] and len(found.table.rows) == len(arms)
    assert isinstance(found.chart, Timeline) and len(found.chart.runs) == 2
    assert found.chart.names == (("step", "step (on the GPU)"),)


def test_scaling() -> None:
    values = said(scaling.values(scaled()))
    assert values["waiting_8"] == "7.2 times"
    assert (values["computing_1"], values["computing_2"], values["computing_8"]) == (
        "0.8 times",
        "1.5 times",
        "1.6 times",
    )
    assert (values["photo_ms"], values["photo_rate"]) == ("2.5 ms", "400")
    assert values["cores"] == "2"
    chart = scaling.figure(scaled()).chart
    assert isinstance(chart, Lines)
    assert [panel.title.split()[0] for panel in chart.panels] == ["waiting", "computing", "both"]
    middle = chart.panels[1]
    assert [(point.x, point.y.median) for point in middle.series[0].points] == [
        (0, 1.0),
        (1, 0.8),
        (2, 1.5),
        (4, 1.75),
        (8, 1.6),
    ]


def test_the_limit_is_the_smaller_of_workers_and_cores() -> None:
    """At most N / t = 320 N samples/s and C / (c + m) = 2 / 3 ms = 667, over the 400 of no worker."""
    limits = [scaling.limit(scaled(), "computing", count) for count in (1, 2, 8)]
    assert limits == pytest.approx([320 / 400, 640 / 400, 2 / 0.003 / 400])


def test_regret() -> None:
    """Of the counts that rules give here, 0, 1, 2 and 4, each loses most where another is best."""
    assert regret.best_counts(scaled()) == {"waiting": 8, "computing": 4, "both": 8, "in memory": 0}
    lost = {w: {c: each[0] for c, each in regret.lost(scaled(), w).items()} for w in regret.WORKLOADS}
    assert lost["waiting"] == pytest.approx({0: 1 - 100 / 720, 1: 0.875, 2: 0.75, 4: 0.5, 8: 0})
    assert lost["in memory"] == pytest.approx({0: 0, 1: 0.5, 2: 0.2, 4: 0.1, 8: 0.3})
    worst = {count: each[0] for count, each in regret.worst(scaled()).items()}
    assert worst == pytest.approx({0: 1 - 100 / 720, 1: 0.875, 2: 0.75, 4: 0.5})
    assert regret.least_wrong(scaled()) == [0.5] * 7
    values = said(regret.values(scaled()))
    assert (values["least_wrong"], values["least_lost"], values["worst_2"]) == ("4", "50 %", "75 %")
    message = regret.figure(scaled()).message.replace("\u00a0", " ")
    assert message.endswith(
        "suits them least: 86 % with 0 workers, 88 % with 1 worker, 75 % with 2 workers and 50 % with 4 workers."
    )
    chart = regret.figure(scaled()).chart
    assert isinstance(chart, Bars)
    assert [bar.value.median for bar in chart.groups[3].bars] == pytest.approx([0, 50, 20, 10])
    assert chart.groups[1].label == "computing (decode a photo): best with 4 workers"
    assert chart.groups[0].bars[3].label == "4: start with 4"


def test_a_rule_without_a_number_is_listed_without_one() -> None:
    rows = [row for row in regret.figure(scaled()).table.rows if row[1] == "none here"]
    assert [row[2].partition(" (")[0] for row in rows] == ["4 per GPU", "2 to 4 per GPU", "an eighth of the cores"]


FACTS = {
    "2 cores": (rules.Facts(2, 2, 0, 4), [0, 1, 1, 2, 2, 2, 2, 4, None, None, None]),
    "16 cores, 1 GPU": (rules.Facts(16, 16, 1, 64), [0, 8, 15, 16, 8, 16, 16, 4, 4, 2, 2]),
    "4 of 64 cores": (rules.Facts(64, 4, 0, 64), [0, 32, 63, 64, 8, 16, 4, 4, None, None, None]),
}


@pytest.mark.parametrize("machine", FACTS)
def test_what_the_rules_say(machine: str) -> None:
    facts, expected = FACTS[machine]
    assert [rule.count(facts) for rule in rules.RULES] == expected
    assert rules.counts(facts) == sorted({count for count in expected if count is not None and count <= rules.MOST})


def test_disk() -> None:
    values = said(disk.values(told("throughput", disk_arms())))
    assert (values["sprites_cold_0"], values["photos_cold_0"], values["photos_cold_4"]) == ("50 %", "90 %", "55 %")
    assert (values["sprites_warm_speedup"], values["photos_warm_speedup"]) == ("0.5 times", "2.0 times")
    assert values["cold_cached"] == "25 %"


def test_in_memory() -> None:
    arms = {
        "DataLoader, 0 workers": {"throughput": 3e5},
        "DataLoader, 4 workers": {"throughput": 2e5},
        "slices of whole batches": {"throughput": 1.2e7},
    }
    values = said(in_memory.values(told("throughput", arms, rows=20_000, columns=20)))
    assert values["slices_over_loader"] == "40 times"
    assert values["slices_over_workers"] == "60 times"
    assert values["loader_over_workers"] == "1.5 times"
    assert (values["loader"], values["slices"], values["rows"]) == ("300,000", "12,000,000", "20,000")


def first_batch(new: float, kept: float) -> dict[str, float]:
    return {"first_batch_new": new, "first_batch_kept": kept, "epoch_new": 2 * new, "epoch_kept": 2 * kept}


STARTED = {
    "fork": first_batch(0.02, 0.002),
    "spawn": first_batch(1.0, 0.003),
    "fork, second epoch without persistent_workers": {"first_batch_new": 0.03},
    "fork, 1 MB": {"first_batch_new": 0.025},
    "spawn, 1 MB": {"first_batch_new": 1.4},
    "forkserver, torch preloaded": {"first_batch_new": 0.05},
    "fork (again)": first_batch(0.021, 0.002),
}


def test_start_up() -> None:
    result = told("first_batch_new", STARTED, workers=2, held_bytes=1_000_000)
    values = said(start_up.values(result))
    assert values["spawn_over_fork"] == "50 times"
    assert (values["spawn_new"], values["spawn_kept"], values["fork_new"]) == ("1 s", "3 ms", "20 ms")
    assert values["second_epoch"] == "30 ms"
    assert (values["held"], values["fork_held"], values["spawn_held"]) == ("1 MB", "25 ms", "1.4 s")
    assert values["preloaded"] == "50 ms"
    figure = start_up.figure(result)
    assert isinstance(figure.chart, Bars)
    assert [(group.label, [bar.value.median for bar in group.bars]) for group in figure.chart.groups] == [
        ("fork", [0.02, 0.002]),
        ("spawn", [1.0, 0.003]),
    ], "a system without forkserver has no bars of it"
    assert [row[0] for row in figure.table.rows] == [
        *(f"{method}, {workers} workers" for method in ("fork", "spawn") for workers in ("new", "kept")),
        "fork, 1 MB",
        "fork, second epoch without persistent_workers",
        "forkserver, torch preloaded",
        "spawn, 1 MB",
    ]
    assert figure.table.rows[-1][1].replace("\u00a0", " ") == "1.4 s (1.4 to 1.4)"


def test_start_up_where_there_is_spawn_alone() -> None:
    arms = {"spawn": STARTED["spawn"], "spawn, second epoch without persistent_workers": {"first_batch_new": 1.1}}
    values = said(start_up.values(told("first_batch_new", arms, workers=2, held_bytes=1_000_000)))
    assert (values["first_method"], values["second_epoch"]) == ("spawn", "1.1 s")
    for absent in ("fork_held", "spawn_held", "preloaded", "fork_new", "forkserver_kept", "spawn_over_fork"):
        assert values[absent] == "", "a page says it in other words"


def test_memory() -> None:
    arms = {
        "Python objects": {"pss_0": 200 * MEGA, "pss_2": 230 * MEGA, "pss_1": 210 * MEGA},
        "packed array": {"pss_0": 180 * MEGA, "pss_2": 181 * MEGA, "pss_1": 180 * MEGA},
    }
    for values in arms.values():
        values |= {f"uss_{look}": values[f"pss_{look}"] / 2 for look in range(3)}
    result = told("pss_2", arms, looks=2, names=200_000, workers=2)
    values = said(memory.values(result))
    assert (values["objects"], values["packed"]) == ("30 MB", "1 MB")
    assert (values["objects_uss"], values["start"], values["names"]) == ("15 MB", "200 MB", "200,000")
    chart = memory.figure(result).chart
    assert isinstance(chart, Lines)
    assert [(point.x, point.y.median) for point in chart.panels[0].series[0].points] == [(0, 0), (50, 10), (100, 30)]
    assert [row[0] for row in memory.figure(result).table.rows] == ["0 %", "50 %", "100 %"]


def test_dataset_copies() -> None:
    private = {"fork": (16, 16, 18), "spawn": (150, 250, 151)}
    arms = {
        f"{method}, {kind}": {"private": size * MEGA}
        for method, sizes in private.items()
        for kind, size in zip(("empty", "numpy", "torch"), sizes, strict=True)
    }
    result = told("private", arms, rounds=2, dataset_bytes=100_000_000)
    values = said(dataset_copies.values(result))
    assert (values["dataset"], values["spawn_empty"]) == ("100 MB", "150 MB")
    assert (values["fork_numpy"], values["fork_torch"]) == ("< 0.1 MB", "2 MB")
    assert (values["spawn_numpy"], values["spawn_torch"]) == ("100 MB", "1 MB")
    chart = dataset_copies.figure(result).chart
    assert isinstance(chart, Bars)
    assert [(bar.label, bar.value.median) for bar in chart.groups[1].bars] == [
        ("empty dataset", 150),
        ("NumPy array", 250),
        ("torch tensor", 151),
    ]


def test_quick_benchmark() -> None:
    """Three counts: 2 is best, 4 next to it within the tie, 0 far behind."""
    corrected = {"rate_0": 50.0, "rate_2": 100.0, "rate_4": 98.0}
    wrong = {"rate_0": 90.0, "rate_2": 80.0, "rate_4": 70.0}
    result = told("rate_2", {"as written": wrong, "corrected": corrected}, counts=[0, 2, 4], tie=0.05)
    values = said(quick_benchmark.values(result))
    assert (values["best"], values["trials"]) == ("2", "7")
    assert values["as_written"] == "33 %", "only the tie of 2 and 4 counts as right"
    assert values["corrected"] == "100 %"
    assert (values["as_written_winner"], values["corrected_winner"]) == ("0", "7")


@pytest.mark.parametrize(("rates", "share"), [({2: 95.2, 4: 100.0}, 100), ({2: 94.8, 4: 100.0}, 0)])
def test_a_tie_is_within_5_percent_of_the_later_count(rates: dict[int, float], share: float) -> None:
    assert quick_benchmark.right_share({2: 2.0, 4: 1.0}, rates, 0.05) == share


def test_one_round_in_the_wrong_order_is_one_round() -> None:
    right, wrong = {"rate_0": 50.0, "rate_2": 100.0}, {"rate_0": 120.0, "rate_2": 100.0}
    result = told("rate_2", {"as written": right, "corrected": right}, counts=[0, 2], tie=0.05)
    samples = [replace(s, values=wrong) if s.round == 3 and s.arm == "as written" else s for s in result.samples]
    values = said(quick_benchmark.values(replace(result, samples=samples)))
    assert (values["as_written_winner"], values["corrected_winner"], values["as_written"]) == ("6", "7", "100 %")


def test_pin_memory() -> None:
    totals = {"pageable": 1.0, "pageable, non_blocking": 0.98, "pinned": 0.9, "pinned, non_blocking": 0.8}
    arms = {arm: {"total": total, "copy": total / 10, "call": total / 100} for arm, total in totals.items()}
    result = told("total", arms, buffer_bytes=2**24)
    values = said(pin_memory.values(result))
    assert (values["non_blocking"], values["pinned"], values["both"]) == ("98 %", "90 %", "80 %")
    assert (values["copy"], values["copy_pinned"]) == ("100 ms", "90 ms")
    figure = pin_memory.figure(result)
    assert "A copy of 16 MiB" in figure.message
    assert [row[3] for row in figure.table.rows][0].replace("\u00a0", " ") == "10 ms"
