"""What each claim takes from its experiment's samples, where something besides items costs: the right arm over the
right one, and reasons that are arithmetic of the parameters.
"""

from dataclasses import replace

import pytest

from snippets.experiments.handing_over.measure import BESIDE_PIECES, PIECES
from snippets.experiments.other_loaders.measure import WORKERS as LOADERS
from snippets.experiments.ranks.measure import CASES
from snippets.experiments.shared_memory import show as shared_memory
from snippets.experiments.shared_memory.measure import CASES as FILLED
from snippets.experiments.shared_memory.measure import HELD_WORKERS
from snippets.experiments.start_up.measure import HELD
from snippets.lab.judging.claim import NotHere
from snippets.pages.what_a_worker_costs.few_large_tensors import Batches

from .claimed import claim, claimed, reason
from .made import filled, handed, ranked, told, trained


def test_handing_over() -> None:
    assert claimed("handing_over", handed()) == pytest.approx(
        {
            "many-pieces-take-longer": 12.0,
            "main-works-per-piece": 20.0,
            "handing-over-costs-more-than-making": 8.0,
            "python-in-the-worker-delays-receiving": 5.0,
        }
    )


def test_a_busy_worker_answers_late_where_it_is_asked_for_each_tensor() -> None:
    """Where tensors are files with names, as on macOS, nobody asks the worker."""
    named = replace(handed(), params={**handed().params, "sharing": "file_system"})
    with pytest.raises(NotHere, match="not sent as file descriptors"):
        claim("handing_over", "python-in-the-worker-delays-receiving").statistic.of(named)
    assert (
        f"receive {BESIDE_PIECES} tensors" in claim("handing_over", "python-in-the-worker-delays-receiving").predicate
    )


def test_shared_memory() -> None:
    """The case that is furthest from the product, on either side of it."""
    assert claimed("shared_memory", filled()) == pytest.approx(
        {"shared-memory-is-the-product": 0.95, "the-datasets-tensors-move-there-once": 1.5}
    )
    arms = {"1 workers, prefetch_factor=2": {"bytes": 19.0}, "2 workers, prefetch_factor=2": {"bytes": 44.0}}
    assert shared_memory.over_product(told("bytes", arms, rounds=2, batch_bytes=10)) == pytest.approx([1.1, 1.1])


def test_threads() -> None:
    arms = {
        "0 workers": {"per_batch": 0.1, "threads": 3},
        "1 workers": {"per_batch": 0.2, "threads": 2},
        "NumPy, its own threads": {"per_batch": 0.6, "threads": 9},
        "NumPy, one thread": {"per_batch": 0.2, "threads": 4},
    }
    assert claimed("threads", told("per_batch", arms, blas="scipy-openblas", cpus=2)) == pytest.approx(
        {
            "torch-has-one-thread-in-a-worker": 2,
            "blas-keeps-its-threads-in-a-worker": 5,
            "threads-of-workers-slow-each-other": 3.0,
        }
    )


@pytest.mark.parametrize(
    ("blas", "cpus", "counted", "said"),
    [
        ("accelerate", 2, 2, "this NumPy computes with accelerate"),
        ("scipy-openblas", 1, 2, "with one, OpenBLAS has one thread"),
        ("scipy-openblas", 2, 0, "does not say how many threads"),
    ],
)
def test_of_another_blas_or_one_core_nothing_is_claimed(blas: str, cpus: int, counted: float, said: str) -> None:
    arms = {arm: {"per_batch": 0.1, "threads": counted} for arm in ("NumPy, its own threads", "NumPy, one thread")}
    measured = told("per_batch", arms, blas=blas, cpus=cpus)
    with pytest.raises(NotHere, match=said):
        claim("threads", "blas-keeps-its-threads-in-a-worker").statistic.of(measured)
    if counted:
        with pytest.raises(NotHere, match=said):
            claim("threads", "threads-of-workers-slow-each-other").statistic.of(measured)


def test_cpu_training() -> None:
    assert claimed("cpu_training", trained()) == pytest.approx(
        {"workers-help-a-cpu-model": 1.5, "a-second-worker-beside-a-cpu-model": 1.25}
    )


def test_ranks() -> None:
    assert claimed("ranks", ranked()) == pytest.approx(
        {
            "ranks-share-the-cores": 1.5,
            "eight-workers-share-two-cores": 1.2,
            "two-ranks-beside-two-workers": 240 / 180,
        }
    )


@pytest.mark.parametrize(("spdl", "fastest"), [(160, 1.6), (40, 0.5)])
def test_other_loaders(spdl: float, fastest: float) -> None:
    """The fastest library over DataLoader, and not DataLoader's own second run."""
    arms = {"DataLoader": 100, "SPDL": spdl, "datasets": 50, "DataLoader (again)": 300}
    result = told("throughput", {arm: {"throughput": rate} for arm, rate in arms.items()})
    assert claimed("other_loaders", result) == pytest.approx({"another-library-with-the-same-decoder": fastest})


def test_the_reason_about_other_loaders_counts_their_workers() -> None:
    assert (
        reason("other_loaders", "another-library-with-the-same-decoder").startswith("Two processes or two threads")
        and LOADERS == 2
    )
    assert claim("other_loaders", "another-library-with-the-same-decoder").needs_cores == LOADERS


def test_reasons_about_pieces_are_arithmetic_of_the_snippet() -> None:
    """As many bytes in one tensor as in 256, but for what is lost by dividing."""
    assert "the bytes are the same" in reason("handing_over", "many-pieces-take-longer")
    sizes = [sum(piece.nbytes for piece in Batches(pieces)[0]) for pieces in PIECES]
    assert (PIECES[0], PIECES[-1]) == (1, 256) and min(sizes) / max(sizes) > 0.999
    for name in ("many-pieces-take-longer", "main-works-per-piece"):
        assert "of 256 tensors over that of one tensor of as many bytes" in claim("handing_over", name).predicate


def test_reasons_about_shared_memory_are_the_product() -> None:
    """One of two factors alone would be noticed."""
    assert "Each worker loads prefetch_factor batches ahead" in reason("shared_memory", "shared-memory-is-the-product")
    assert len({workers for workers, _ in FILLED}) > 2 and len({factor for _, factor in FILLED}) > 1
    once = claim("shared_memory", "the-datasets-tensors-move-there-once")
    assert "once two workers of a fork server" in once.predicate and HELD_WORKERS == 2


def test_reasons_about_ranks_are_arithmetic_of_the_cases() -> None:
    """Two ranks with one worker each, two, and four."""
    assert {(2, 1), (2, 2), (2, 4), (1, 0), (1, 2)} < {*CASES}
    more = claim("ranks", "eight-workers-share-two-cores")
    assert more.because == "Two workers are as many as there are cores; eight take turns."
    assert (more.needs_cores, more.below_cores) == (2, 3), "neither fewer cores than two nor more"
    assert reason("ranks", "ranks-share-the-cores").startswith("Four workers in two ranks")


def test_the_reason_about_a_cpu_model_speaks_of_two_cores() -> None:
    """The model, a worker, and no third core."""
    alone, crowded = (claim("cpu_training", f"{name}") for name in ("workers-help-a-cpu-model", CROWDED))
    assert "two cores can do both at once" in alone.because and alone.needs_cores == 2
    assert (crowded.needs_cores, crowded.below_cores) == (2, 3)


CROWDED = "a-second-worker-beside-a-cpu-model"


def test_a_dataset_is_as_large_as_its_claim_says() -> None:
    words = claim("start_up", "spawn-pickles-the-dataset").statistic.words
    assert f"a dataset of {HELD / 1e6:g} MB" in words
