"""Values that may stand in for one that is too noisy to tell: which are accepted, and how they are kept and read."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from snippets.lab.judging import accepted
from snippets.lab.judging.accepted import Accepted
from snippets.lab.judging.rulings import to_accept
from snippets.lab.judging.verdict import Verdict
from snippets.lab.machine.machine import this_machine
from snippets.lab.store import ResultError
from tests.lab.markdown.test_verdicts import FAST, HOLDS, NOISY, old, ruled


def test_only_what_holds_here_is_accepted() -> None:
    found = [
        HOLDS,
        replace(NOISY, claim=replace(FAST, id="b")),
        replace(ruled(Verdict.ERRORED), claim=replace(FAST, id="c")),
        replace(HOLDS, claim=replace(FAST, id="d"), own=False),
    ]
    assert list(to_accept(found)) == ["fast"]
    one = to_accept(found)["fast"]
    assert (one.said, one.interval) == ("7.0\u00a0times", "7.0\u00a0times (6.5 to 7.5)")
    assert one.day == "2026-01-02"
    assert one.machine == this_machine().cpu


def test_a_value_of_a_gpu_is_accepted_with_its_name() -> None:
    gpu = replace(HOLDS.results.machine, gpu="NVIDIA H100")
    held = replace(HOLDS, results=replace(HOLDS.results, machine=gpu))
    assert to_accept([held])["fast"].machine == gpu.cpu
    odd = replace(held, results=replace(HOLDS.results, machine=replace(gpu, cpu="<EPYC> & `co`")))
    assert to_accept([odd])["fast"].machine == "EPYC co", "else the next build could not read it"
    assert to_accept([replace(held, claim=replace(FAST, tiers=("gpu",)))])["fast"].machine == "NVIDIA H100"


def test_accepted_values_are_read_as_they_were_written(tmp_path: Path) -> None:
    assert accepted.read(tmp_path / "accepted.json") == {}
    values = {
        **old("2026-01-01"),
        "b": Accepted("\u22125\u00a0% (1 to 2\u00a0µs)", "< 0.1\u00a0MB", "2026-01-01", "EPYC"),
    }
    accepted.write(values, tmp_path / "accepted.json")
    assert accepted.read(tmp_path / "accepted.json") == values


def value_of(**changed: str) -> str:
    return json.dumps({"a": {"interval": "i", "said": "s", "day": "2026-01-01", "machine": "m", **changed}})


DAYLESS = [value_of(day=day) for day in ("soon", "2026-W01-1", "20260101", "2026-13-01", "9999-01-01")]
ODD_TEXTS = ("<b>8</b>", "<img src=x onerror=a()", "8\u202e", "x" * 401, "~/x")
ODD = [value_of(**{name: text}) for text in ODD_TEXTS for name in ("said", "interval", "machine")]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": 1}', '{"a": {"said": "x"}}', '{"a": NaN}', '{"a": {}, "a": {}}', "\udcff", *DAYLESS, *ODD],
)
def test_a_file_of_accepted_values_that_was_meddled_with(tmp_path: Path, text: str) -> None:
    file = tmp_path / "accepted.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ResultError, match="not a file of accepted values"):
        accepted.read(file)
