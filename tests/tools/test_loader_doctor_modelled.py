"""The doctor's rules on loops that the loader's model runs: the waits of each fault, where nobody else is busy.

What it does not prove: that real loops are like the model; tests/lab/test_loader_model_and_torch.py compares them.
"""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from snippets.lab import loader_model
from snippets.lab.loader_model import Loader
from snippets.lab.paths import ROOT
from snippets.tools.loader_doctor import Batch, Look, Seen, judge

SCATTER = 0.05
"""Standard deviation of the logarithm of what a batch costs."""
LOOK = Look(0.25, (0.01,), (0.0,))

Cost = Callable[[int], float]


def seen(
    cost: Cost, workers: int, step: float, monkeypatch: pytest.MonkeyPatch, batches: int = 120, **more: Any
) -> Seen:
    """`first`: seconds that a worker takes before its first batch; `epochs`; `kept`: the workers are started once."""
    epochs, kept, first = more.get("epochs", 1), more.get("kept", False), more.get("first", 0.0)
    chance, ahead, found = random.Random(20_261_126), list[int](), list[Batch]()
    taken = loader_model._State.taken

    def noted(state: loader_model._State, batch: int) -> None:
        ahead.append(sum(each > batch for each in state.stash))
        taken(state, batch)

    monkeypatch.setattr(loader_model._State, "taken", noted)
    for epoch in range(epochs):
        ahead.clear()
        waits = [cost(batch) * math.exp(chance.gauss(0, SCATTER)) for batch in range(batches)]
        if not (kept and epoch):
            waits[:workers] = [first + wait for wait in waits[:workers]]
        loader = Loader(workers, receive=0.0004, send=0.0003, step=step, cores=4)
        before = 0.0
        for batch, given in enumerate(loader_model.simulate([loader_model.Batch(wait) for wait in waits], loader)):
            found.append(Batch(epoch, batch, max(0.0, given - before), step, ahead=ahead[batch] if workers else None))
            before = given + step
    return Seen(found, [LOOK] * 8, workers, cores=4.0, kept=kept)


def tail(batch: int) -> float:
    return min(0.5, 0.003 * math.exp(2 * random.Random(batch).gauss(0, 1)))


LOOPS: dict[str, tuple[Cost, int, float, dict[str, Any]]] = {
    "STARVED": (lambda batch: 0.013, 1, 0.004, {}),
    "STARVED without workers": (lambda batch: 0.013, 0, 0.004, {}),
    "BURSTS": (lambda batch: 0.040, 4, 0.004, {}),
    "BURSTS of eight": (lambda batch: 0.080, 8, 0.004, {}),
    "SLOW WORKER": (lambda batch: 0.06 if batch % 4 == 1 else 0.004, 4, 0.005, {}),
    "STRAGGLER": (lambda batch: 0.6 if batch == 50 else 0.008, 2, 0.010, {}),
    "STRAGGLER of a tail": (tail, 4, 0.008, {}),
    "START-UP": (lambda batch: 0.004, 2, 0.008, {"epochs": 5, "first": 0.15, "batches": 14}),
    "FED": (lambda batch: 0.010, 2, 0.018, {}),
    "FED of a long step": (lambda batch: 0.004, 1, 0.060, {"batches": 30}),
    "FED with jitter": (lambda batch: random.Random(batch).uniform(0, 0.03), 4, 0.016, {}),
    "FED after one slow start": (lambda batch: 0.002, 2, 0.008, {"epochs": 3, "first": 0.4, "kept": True}),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_modelled_loop_has_its_verdict(loop: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cost, workers, step, more = LOOPS[loop]
    verdict = judge(seen(cost, workers, step, monkeypatch, **more))
    assert loop.startswith(verdict.name), (verdict.because, verdict.why)


def test_two_workers_in_turn_are_starved_whatever_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for seconds in (0.020, 0.026, 0.040):
        verdict = judge(seen(lambda batch, wait=seconds: wait, 2, 0.004, monkeypatch))
        assert verdict.name in ("STARVED", "BURSTS") and "more workers" in verdict.then


@pytest.mark.parametrize("loop", LOOPS)
def test_where_workers_never_rest_the_simulator_begins_with_what_a_batch_takes(
    loop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Elsewhere, how long a worker rests is not known. Without workers, main makes each batch while the step waits."""
    cost, workers, step, more = LOOPS[loop]
    verdict = judge(seen(cost, workers, step, monkeypatch, **more))
    if verdict.name not in ("STARVED", "BURSTS"):
        assert not verdict.simulator and "b" not in verdict.numbers
        return
    given = dict(pair.split("=") for pair in verdict.simulator.partition("#1;")[2].split(";"))
    settings = (ROOT / "docs" / "assets" / "simulator.mjs").read_text(encoding="utf-8")
    assert all(re.search(rf"^  {key}: ", settings, re.MULTILINE) for key in given)
    assert float(given["b"]) == pytest.approx(cost(0), rel=0.05) and float(given["c"]) <= float(given["b"])
    assert (float(given["w"]), float(given["s"]), float(given["n"]), float(given["p"])) == (workers, step, 4, 2)
