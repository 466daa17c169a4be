"""A server that answers late: that it does so, who asks it how, what is claimed of it and said.

What it does not prove: how long an answer takes. Each build measures and judges what comes of it.
"""

import asyncio
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from snippets.experiments.network import measure, short, show
from snippets.experiments.network.arms import ANY, FEW, at_once, one_by_one
from snippets.lab.figures.figure import Lines
from snippets.lab.results.results import Measured
from snippets.pages.read_over_a_network import at_once as snippet

from .dry_run import first_loader
from .results import plain, plain_values, result, statistics

LATENCY, PLACES, CLIENTS = 0.5, 2, 5
SETTLED = 0.05
"""Seconds in which a loop has done all that it can do."""


async def ask(port: int, path: bytes) -> tuple[Any, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /%s HTTP/1.1\r\nHost: here\r\n\r\n" % path)
    return reader, writer


def test_the_server_answers_as_many_at_a_time_as_it_has_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """It waits for its latency with each, and keeps the others waiting for a place."""
    sleep, waited, seen = asyncio.sleep, [], {}

    async def clients(port: int, server: asyncio.Task[Any], may_answer: asyncio.Event) -> None:
        async def waits(seconds: float) -> None:
            waited.append(seconds)
            await may_answer.wait()

        monkeypatch.setattr(snippet.asyncio, "sleep", waits)
        asked = [await ask(port, b"%d" % number) for number in range(CLIENTS)]
        await sleep(SETTLED)
        seen["at a time"] = len(waited)
        may_answer.set()
        seen["answers"] = [(await reader.readuntil(b"\r\n\r\n"), await reader.read(1)) for reader, _ in asked]
        for _, writer in asked:
            writer.close()
            await writer.wait_closed()
        await sleep(SETTLED)
        server.cancel()

    def begin(port: int) -> None:
        server, may_answer = asyncio.current_task(), asyncio.Event()
        assert server
        seen["task"] = asyncio.get_running_loop().create_task(clients(port, server, may_answer))

    def serve() -> None:
        with suppress(asyncio.CancelledError):
            snippet.serve(SimpleNamespace(send=begin), LATENCY, PLACES)

    thread = threading.Thread(target=serve)  # in this one a browser's loop may be running
    thread.start()
    thread.join()
    seen["task"].result()
    assert seen["at a time"] == PLACES
    assert waited == [LATENCY] * CLIENTS
    assert [body for _, body in seen["answers"]] == [b"%d" % number for number in range(CLIENTS)]


def test_a_batch_is_asked_for_over_as_many_connections_and_kept_in_order() -> None:
    with measure.server(0.0, measure.MANY) as port:
        dataset = snippet.RemoteAtOnce(port)
        assert dataset.clients == [], "each worker makes its own"
        assert [item.item() for item in dataset.__getitems__([3, 1, 2])] == [3.0, 1.0, 2.0]
        first = [*dataset.clients]
        assert [item.item() for item in dataset.__getitems__([5, 4])] == [5.0, 4.0]
        assert dataset.clients == first and len(first) == 3, "connections are kept"
        assert dataset[7].item() == 7.0 and dataset.clients == first
        for client in first:
            client.close()


@pytest.mark.parametrize("form", [measure, short], ids=["full", "short"])
def test_each_arm_asks_its_server_as_it_is_named(form: Any) -> None:
    with form.EXPERIMENT.prepared() as arms:
        loaders = {arm: first_loader(run) for arm, run in arms.items()}
    ports = {arm: loader.dataset.port for arm, loader in loaders.items()}
    assert len({*ports.values()}) == 2
    for name in (ANY, FEW):
        assert len({port for arm, port in ports.items() if arm.endswith(name)}) == 1
    for arm, loader in loaders.items():
        assert hasattr(loader.dataset, "__getitems__") == ("a batch at once" in arm)
        assert loader.batch_size == form.EXPERIMENT.params["batch_size"]


def served(form: Any, places: int) -> Measured:
    """Each request on its way brings 10 items/s, as far as there are places, and one more brings a tenth of that."""
    rates = {}
    with form.EXPERIMENT.prepared() as arms:
        for arm, run in arms.items():
            loader = first_loader(run)
            requests = max(1, loader.num_workers) * (8 if "a batch at once" in arm else 1)
            most = places if arm.endswith(FEW) else 1_000
            rates[arm] = {"throughput": 10.0 * min(requests, most) + max(0, requests - most)}
    return result("throughput", rates, **form.EXPERIMENT.params)


@pytest.mark.parametrize(("form", "places"), [(measure, 8), (short, 4)], ids=["full", "short"])
def test_claims(form: Any, places: int) -> None:
    assert statistics("network", served(form, places)) == pytest.approx(
        {
            "eight-workers-ask-at-the-same-time": 8.0,
            "a-full-server-serves-no-second-worker": 1.1,
            "threads-of-one-worker-ask-at-the-same-time": 1.0,
            "threads-help-without-workers": 8.0,
        }
    )


def test_values_and_the_picture() -> None:
    measured = served(measure, 8)
    values = plain_values(show.values(measured))
    assert values["latency"] == "20 ms" and values["places"] == "8" and values["twice"] == "16"
    assert (values["one_by_one_0"], values["one_by_one_8"], values["full"]) == ("10", "80", "88")
    figure = show.figure(measured)
    assert "sixteen" not in figure.message and "16 workers get 88" in plain(figure.message)
    assert isinstance(figure.chart, Lines)
    free, few = figure.chart.panels
    assert [limit.points for limit in few.limits] == [((0, 400.0), (16, 400.0))] and not free.limits
    assert [point.x for point in few.series[0].points] == [4, 8, 16]
    assert len(figure.table.rows) == 6 + 3 + 3 + 3


def test_one_by_one_and_at_once_are_told_apart() -> None:
    assert one_by_one(1) != at_once(1) and one_by_one(1, FEW) != one_by_one(1)
