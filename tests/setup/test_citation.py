"""CITATION.cff, of which GitHub makes "Cite this repository": it fits the schema, and says what other files say."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ..browser.site import settings

ROOT = Path(__file__).resolve().parents[2]
CITATION = ROOT / "CITATION.cff"
CHECK = (Path(sys.executable).parent / "check-jsonschema", "--builtin-schema", "vendor.citation-file-format")


def fits(file: Path) -> bool:
    """The Citation File Format's own schema, of version 1.2.0, which comes with the tool."""
    command = [*map(str, CHECK), "--default-filetype", "yaml", str(file)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert found.returncode in (0, 1) and "Error: " not in found.stderr, found.stderr
    return found.returncode == 0


def test_it_fits_the_schema() -> None:
    assert fits(CITATION)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("cff-version: 1.2.0", "cff-version: 1.3.0"),
        ("title: ", "name: "),
        ("  - name: ", "  name: "),
        ("license: MIT", "license: MIT License"),
    ],
)
def test_a_broken_one_does_not(right: str, wrong: str, tmp_path: Path) -> None:
    text = CITATION.read_text(encoding="utf-8")
    assert text.count(right) == 1
    broken = tmp_path / "CITATION.cff"
    broken.write_text(text.replace(right, wrong), encoding="utf-8")
    assert not fits(broken)


def test_title_authors_and_licence_are_those_of_the_other_files() -> None:
    told = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    first, _, rights = (ROOT / "LICENSE").read_text(encoding="utf-8").splitlines()[:3]
    assert told["title"] == settings()["site_name"]
    assert first == f"{told['license']} License"
    assert [re.sub(r"^Copyright \(c\) \d{4} ", "", rights)] == [author["name"] for author in told["authors"]]
