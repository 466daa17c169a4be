"""What a publication keeps and forgets of values that were accepted before, and what it measures once more."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from snippets.lab.judging import accepted
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.claim import Claim, at_least, value
from snippets.lab.judging.judge import Judgement
from snippets.lab.judging.rules import ACCEPTED_DAYS
from snippets.lab.judging.rulings import Ruling
from snippets.lab.judging.verdict import Verdict
from snippets.lab.results.stats import Estimate
from snippets.lab.site import build, fetched
from snippets.lab.site.build import BuildError
from snippets.lab.site.fetched import NothingPublished, Unreachable, Unusable
from tests.lab.made import measured
from tests.lab.made import results as made

TODAY = date.today()
NOISY, HOLDS = Judgement(Verdict.TOO_NOISY, "the reason"), Judgement(Verdict.HOLDS, "", Estimate(2.0, 1.9, 2.1, 7))


def accepted_on(day: date) -> Accepted:
    return Accepted("1 to 2", "1.5", day.isoformat(), "another machine")


def ruled(name: str, judgement: Judgement, cost_s: float | None = None) -> Ruling:
    """Of a claim of this name by an experiment of this name, which took so long."""
    result = None if cost_s is None else measured(cost_s=cost_s)
    return Ruling(name, Claim(name, value("it", "arm"), at_least(1), ""), judgement, made(), result)


ONE_IS_NOISY = [ruled("noisy", NOISY), *(ruled(f"fine-{number}", HOLDS) for number in range(9))]


def kept_in(patch: pytest.MonkeyPatch, folder: Path, held: dict[str, Accepted], known: list[str]) -> None:
    """Values that were accepted by earlier builds, and the claims that there are now."""
    accepted.write(held, folder / "accepted.json")
    patch.setattr(build, "ACCEPTED", folder / "accepted.json")
    patch.setattr(build, "claim_ids", lambda: dict.fromkeys(known))


@pytest.fixture(autouse=True)
def _asked_anew() -> None:
    build._accepted_before.cache_clear()
    build._verdicts_before.cache_clear()


@pytest.mark.parametrize("fails", [0, 2, 3])
def test_what_was_accepted_before_is_asked_three_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: int
) -> None:
    """A line that is down must not lose it: nothing is published then. The line is replaced here."""
    asked: list[list[str]] = []

    def fetch(names: list[str]) -> None:
        asked.append(names)
        if len(asked) <= fails:
            raise Unreachable("no line")

    accepted.write({"one": accepted_on(TODAY)}, tmp_path / "accepted.json")
    monkeypatch.setattr(fetched, "fetch", fetch)
    monkeypatch.setattr(fetched, "PUBLISHED", tmp_path)
    monkeypatch.setattr(fetched, "PAUSES", (0.0, 0.0))
    with pytest.raises(BuildError, match=r"no line\. Run it again") if fails == 3 else nullcontext():
        assert list(build._accepted_before()) == ["one"]
        assert list(build._accepted_before()) == ["one"], "and not asked again"
    assert asked == [["accepted.json"]] * min(fails + 1, 3)


def test_before_the_first_publication_nothing_was_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A site says so by 404, once."""
    asked: list[str] = []

    def fetch(names: list[str]) -> None:
        asked.extend(names)
        raise NothingPublished("not found")

    monkeypatch.setattr(fetched, "fetch", fetch)
    assert build._accepted_before() == {} and asked == ["accepted.json"]
    assert build._verdicts_before().moves == [] and asked == ["accepted.json", "verdicts.json"]


@pytest.mark.parametrize("before", ["_accepted_before", "_verdicts_before"])
def test_nothing_is_published_over_what_cannot_be_read(monkeypatch: pytest.MonkeyPatch, before: str) -> None:
    """Such as a file of another version's form, or an address without its s: it would be lost for good."""

    def fetch(names: list[str]) -> None:
        raise Unusable("only https is asked")

    monkeypatch.setattr(fetched, "fetch", fetch)
    with pytest.raises(BuildError, match="would be lost for good: only https is asked"):
        getattr(build, before)()


def test_what_the_site_accepted_is_kept_beside_what_holds_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing new holds: the next build asks this one's file. Of two values the later one."""
    here, there = accepted_on(TODAY - timedelta(days=2)), accepted_on(TODAY - timedelta(days=1))
    kept_in(monkeypatch, tmp_path, {"old-claim": here}, known=["old-claim", "other"])
    monkeypatch.setattr(build, "_accepted_before", lambda: {"old-claim": there, "other": here})
    build.refuse_verdicts([], publish=True)
    assert accepted.read(tmp_path / "accepted.json") == {"old-claim": there, "other": here}


@pytest.mark.parametrize("publish", [False, True])
def test_claims_that_are_gone_leave_no_accepted_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publish: bool
) -> None:
    kept_in(monkeypatch, tmp_path, {"deleted": accepted_on(TODAY), "still": accepted_on(TODAY)}, known=["still"])
    monkeypatch.setattr(build, "_accepted_before", lambda: {"deleted": accepted_on(TODAY)})
    build.refuse_verdicts([], publish=publish)
    assert list(accepted.read(tmp_path / "accepted.json")) == ["still"]


@pytest.mark.parametrize("since", [True, False], ids=["one since", "none since"])
def test_a_claim_that_was_noisy_for_a_month_of_publications_refuses_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, since: bool
) -> None:
    """After months without a publication all values are too old, and forgotten: kept, they would refuse the second."""
    kept_in(monkeypatch, tmp_path, {}, known=["noisy", "fine"])
    before = {
        "noisy": accepted_on(TODAY - timedelta(days=ACCEPTED_DAYS + 1)),
        "fine": accepted_on(TODAY - timedelta(days=90)),
    }
    fresh = {"fine": accepted_on(TODAY - timedelta(days=1))}
    monkeypatch.setattr(build, "_accepted_before", lambda: before | fresh if since else before)
    with pytest.raises(BuildError, match="last accepted on .*: noisy") if since else nullcontext():
        build.refuse_verdicts(ONE_IS_NOISY, publish=True)
    assert accepted.read(tmp_path / "accepted.json") == {}
    monkeypatch.setattr(build, "_accepted_before", lambda: fresh)
    build.refuse_verdicts(ONE_IS_NOISY, publish=True)


@pytest.mark.parametrize(
    ("costs", "again"),
    [
        ({"a": 300.0, "b": 200.0, "c": 100.0}, ["c", "b", "a"]),
        ({"a": 301.0, "b": 200.0, "c": 100.0}, ["c", "b"]),
        ({"a": 601.0}, []),
        ({}, []),
    ],
)
def test_what_is_measured_again_to_publish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, costs: dict[str, float], again: list[str]
) -> None:
    """Within ten minutes; what held before it stays accepted. Measuring itself is replaced here."""
    found = [ruled(name, NOISY, cost) for name, cost in costs.items()]
    found += [ruled("held", HOLDS, 1.5), replace(ruled("elsewhere", NOISY, 1.5), own=False)]
    asked: list[list[str]] = []
    monkeypatch.setattr(build, "measure", lambda out, form, only: asked.append(only) or (made(), only))
    monkeypatch.setattr(build, "rulings", lambda: found)
    kept_in(monkeypatch, tmp_path, {}, known=[each.experiment for each in found])
    assert build._measured_again("full") == again
    assert asked == ([again] if again else [])
    assert list(accepted.read(tmp_path / "accepted.json")) == (["held"] if again else [])
