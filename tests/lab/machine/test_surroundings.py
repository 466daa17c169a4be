"""Steal and throttling, from the system's own counters; None where the system has none."""

from pathlib import Path

import pytest

from snippets.lab.machine import surroundings
from snippets.lab.machine.surroundings import _share, _steal, _throttled, watched


def test_steal_is_the_eighth_counter_over_the_first_eight(tmp_path: Path) -> None:
    stat = tmp_path / "stat"
    stat.write_text("cpu  100 0 50 800 10 5 5 30 7 7\ncpu0 1 2 3\n")
    assert _steal(stat) == (30, 1000)


@pytest.mark.parametrize("text", ["", "cpu 1 2 3\n", "cpu a b c d e f g h\n"])
def test_steal_that_is_not_reported(tmp_path: Path, text: str) -> None:
    (tmp_path / "stat").write_text(text)
    assert _steal(tmp_path / "stat") is None
    assert _steal(tmp_path / "nowhere") is None


def test_throttling_of_all_groups_above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = [tmp_path / "pod", tmp_path]
    folders[0].mkdir()
    monkeypatch.setattr(surroundings, "cgroup_folders", lambda: folders)
    assert _throttled() is None
    (tmp_path / "pod" / "cpu.stat").write_text("usage_usec 5\nnr_periods 100\nnr_throttled 7\n")
    (tmp_path / "cpu.stat").write_text("usage_usec 5\n")
    assert _throttled() == (7, 100)
    (tmp_path / "cpu.stat").write_text("nr_periods 10\nnr_throttled 1\n")
    assert _throttled() == (8, 110)


@pytest.mark.parametrize(
    ("before", "after", "share"),
    [
        ((5, 100), (15, 200), 0.1),
        ((5, 100), (6, 101), 1.0),
        ((5, 100), (5, 100), 0.0),
        ((5, 100), (1, 50), 0.0),
        ((5, 100), (1, 200), 0.0),
    ]
    + [(None, (1, 2), None), ((1, 2), None, None)],
)
def test_shares_are_of_what_was_counted_meanwhile(
    before: tuple[int, int] | None, after: tuple[int, int] | None, share: float | None
) -> None:
    assert _share(before, after) == share


def test_what_was_seen() -> None:
    with watched() as watch:
        watch.capacity.append(2.0)
    seen = watch.seen()
    assert seen.capacity == [2.0]
    assert all(share is None or 0 <= share <= 1 for share in (seen.steal, seen.throttled))
