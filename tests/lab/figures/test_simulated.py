"""The settings with which the model makes a traced run again: read from the trace, and written into a link."""

from statistics import fmean

import pytest

from snippets.lab.figures.simulated import Settings, first_epoch, settings_of
from snippets.lab.loader_model import Batch, Loader
from snippets.lab.results.results import TraceSpan


def worker(number: int, began: float, *batches: int) -> list[TraceSpan]:
    """Its first batch begins late; each takes 10 ms, one of them to collate, and 2 ms lie between two."""
    starts = [began + 0.012 * place for place in range(len(batches))]
    return [
        TraceSpan(f"worker {number}", "start-up", 0.0, began, None),
        *(
            span
            for start, batch in zip(starts, batches, strict=True)
            for span in (
                TraceSpan(f"worker {number}", "fetch", start, start + 0.009, batch),
                TraceSpan(f"worker {number}", "collate", start + 0.009, start + 0.01, batch),
            )
        ),
    ]


def main(*given: float) -> list[TraceSpan]:
    """Receives in 1 ms, and steps for 3 ms."""
    return [
        TraceSpan("main", "start-up", 0.0, 0.008, None),
        *(
            TraceSpan("main", role, at + begins, at + ends, batch)
            for batch, at in enumerate(given)
            for role, begins, ends in (("receive", -0.001, 0.0), ("step", 0.0, 0.003))
        ),
    ]


TRACE = [*main(0.030, 0.034, 0.040), *worker(0, 0.014, 0, 2), *worker(1, 0.018, 1)]


def test_what_a_trace_says_of_its_parts() -> None:
    settings = settings_of(TRACE, cores=4.0, computes=False)
    assert (settings.batch, settings.batches) == (Batch(0.012), 3)
    loader = settings.loader
    assert (loader.num_workers, loader.cores) == (2, 4.0)
    assert (loader.receive, loader.step, loader.send) == pytest.approx((0.001, 0.003, 0.0))
    assert (loader.start, loader.begin) == pytest.approx((0.004, 0.008)), "until 24 and 28 ms, less 12 and 4 ms each"


def test_a_worker_that_has_nothing_to_do_does_not_make_its_batches_longer() -> None:
    assert settings_of([*TRACE, *worker(0, 0.2, 4)], cores=4.0, computes=False).batch == Batch(0.012)


def test_a_trace_does_not_tell_whether_items_compute() -> None:
    assert settings_of(TRACE, 4.0, computes=True).batch == Batch(0.0, 0.012)


def test_workers_that_begin_on_fewer_cores_take_turns() -> None:
    assert settings_of(TRACE, cores=1.0, computes=False).loader.begin == pytest.approx(0.004)


def test_without_workers_nothing_is_handed_over() -> None:
    settings = settings_of(main(0.03, 0.05), cores=1.0, computes=False)
    assert (settings.loader.num_workers, settings.loader.send, settings.batches) == (0, 0.0, 2)


def test_a_second_epoch_and_the_end_are_left_out() -> None:
    again = [TraceSpan(span.lane, span.role, span.start + 1, span.end + 1, span.batch) for span in TRACE]
    end = TraceSpan("main", "shutdown", 0.05, 0.06, None)
    assert first_epoch([*TRACE, end, *again]) == TRACE


def test_the_last_of_so_many_batches_is_slow() -> None:
    slow = Settings(Batch(1.0, 2.0), Loader(0), batches=7, slow_every=3, slow_times=2.0)
    assert [batch.wait for batch in slow.costs()] == [1, 1, 2, 1, 1, 2, 1]
    assert slow.costs()[2].compute == 4


def test_batches_that_vary_cost_as_much_on_average() -> None:
    varied = Settings(Batch(1.0, 2.0), Loader(0), batches=200, spread=0.3).costs()
    assert fmean(batch.wait for batch in varied) == pytest.approx(1)
    assert all(batch.compute == pytest.approx(2 * batch.wait) for batch in varied)


def test_a_slow_one_is_so_many_times_as_slow_as_it_would_be() -> None:
    alike, slow = (
        Settings(Batch(1.0), Loader(0), batches=7, slow_every=3, slow_times=times, spread=0.3).costs()
        for times in (1.0, 2.0)
    )
    assert [one.wait / other.wait for one, other in zip(slow, alike, strict=True)] == pytest.approx([1, 1, 2] * 2 + [1])


def test_an_epoch_ends_with_its_last_step() -> None:
    loader = Loader(0, step=1.0, step_compute=1.0, cores=0.5)
    assert Settings(Batch(1.0), loader, batches=2).epoch() == 1 + 3 + 1 + 3


def test_a_link_holds_them_all() -> None:
    loader = Loader(3, 4, False, 0.001, 0.02, 2.5, 0.002, 0.005, 0.01, 0.03)
    assert Settings(Batch(0.1, 0.0123456), loader, 9, 5, 10.0, 0.3).link() == (
        "1;w=3;b=0.1123;c=0.01235;s=0.025;n=2.5;p=4;o=0;h=0.002;r=0.001;d=0.005;v=0.3;k=5;x=10;i=0.01;e=0.03;l=9"
    )
