"""What fills /dev/shm: how each arm fills it, what is claimed of it and said."""

import pytest
from torch.utils.data import DataLoader, default_collate

from snippets.experiments.shared_memory import measure, show
from snippets.experiments.shared_memory.arms import CASES, HELD, arm
from snippets.lab.figures.figure import BarGroup, Bars

from .dry_run import first_loader
from .results import claim, plain, plain_values, result, statistics

SIZES = {(1, 2): 10.2, (2, 2): 19.8, (2, 4): 38, (4, 2): 41.2}
ARMS = {HELD: {"bytes": 30e6}, **{arm(*case): {"bytes": size * 1e6} for case, size in reversed(SIZES.items())}}
"""1.02, 0.99, 0.95 and 1.03 of the product, and a tensor that is there 1.5 times."""
MEASURED = result("bytes", ARMS, rounds=1, batch_bytes=5_000_000, held_bytes=20_000_000, held_workers=2)


@pytest.fixture(autouse=True)
def shared() -> None:
    if reason := measure.unavailable():
        pytest.skip(reason)


@pytest.mark.parametrize("case", CASES, ids=lambda case: arm(*case))
def test_it_is_filled_with_batches_as_named(case: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    workers, factor = case
    with measure.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[arm(*case)])
        monkeypatch.setattr(measure, "megabytes_ahead", lambda *asked: 2.5)
        assert arms[arm(*case)]().values == {"bytes": 2_500_000}
    assert len(loader) > workers * factor, "there is more than what is loaded ahead"
    batch = default_collate([loader.dataset[0]] * loader.batch_size)
    assert batch.nbytes == measure.EXPERIMENT.params["batch_bytes"]


def test_what_a_dataset_holds_is_sent_to_workers_of_a_fork_server() -> None:
    """Under fork nothing would be sent, and nothing found."""
    with measure.EXPERIMENT.prepared() as arms:
        loader = first_loader(arms[HELD])
    assert loader.num_workers == measure.HELD_WORKERS == 2
    assert loader.dataset.held.nbytes == measure.EXPERIMENT.params["held_bytes"]
    assert not loader.dataset.held.is_shared(), "it is not there before"
    assert loader.dataset[0] == 1
    assert "once two workers of a fork server" in claim("the-datasets-tensors-move-there-once").predicate


def test_what_lies_there_before_workers_come_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a made-up /dev/shm, to which a loader that starts nobody adds."""
    lies = [7e6]
    monkeypatch.setattr(measure, "used", lambda: lies[-1])
    monkeypatch.setattr(DataLoader, "__iter__", lambda loader: iter([lies.append(27e6)]))
    assert measure.filled_by_the_dataset().values == {"bytes": 20e6}


def test_claims() -> None:
    """The case that is furthest from the product, on either side of it."""
    assert statistics("shared-memory", MEASURED) == pytest.approx(
        {"shared-memory-is-the-product": 0.95, "the-datasets-tensors-move-there-once": 1.5}
    )
    more = {arm(*case): {"bytes": 10.0 * ahead} for case, ahead in show.AHEAD.items()} | {arm(2, 2): {"bytes": 44.0}}
    assert show.over_product(result("bytes", more, rounds=2, batch_bytes=10)) == pytest.approx([1.1, 1.1])


def test_one_of_two_factors_alone_would_be_noticed() -> None:
    assert "Each worker loads prefetch_factor batches ahead" in claim("shared-memory-is-the-product").because
    assert len({workers for workers, _ in CASES}) > 2 and len({factor for _, factor in CASES}) > 1


def test_values() -> None:
    assert plain_values(show.values(MEASURED)) == {
        "batch": "5 MB",
        "1_times_2": "10 MB",
        "2_times_2": "20 MB",
        "2_times_4": "38 MB",
        "4_times_2": "41 MB",
        "held": "20 MB",
        "filled_by_held": "30 MB",
    }
    assert [*show.AHEAD.values()] == [2, 4, 8, 8], "in the order of batches ahead"


def medians(group: BarGroup) -> list[float]:
    return [bar.value.median for bar in group.bars]


def test_figure() -> None:
    figure = show.figure(MEASURED)
    assert plain(figure.message) == (
        "While the loop takes no batch, batches of 5 MB fill 10 MB with 1 worker, prefetch_factor=2, "
        "20 MB with 2 workers, prefetch_factor=2, 38 MB with 2 workers, prefetch_factor=4, 41 MB with 4 workers, "
        "prefetch_factor=2. A tensor of 20 MB in the dataset fills 30 MB before 2 workers of a fork server begin."
    )
    assert isinstance(figure.chart, Bars)
    assert [medians(group) for group in figure.chart.groups] == [pytest.approx([10.2, 19.8, 38, 41.2]), [30]]
    assert [plain(row[2]) for row in figure.table.rows] == ["10 MB", "20 MB", "40 MB", "40 MB", "20 MB"]
