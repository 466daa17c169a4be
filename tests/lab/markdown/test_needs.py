"""Parts of a page that go while what they speak of is not measured."""

from dataclasses import replace

import pytest

from snippets.lab.markdown import needs, sentences
from snippets.lab.markdown.needs import present
from snippets.lab.markdown.shown import Shown, UnknownName
from tests.lab.made import measured
from tests.lab.made import results as made

PAGE = """# Page

## On a GPU { data-needs="gpu" }

Words of a GPU.

### Its memory

More words.

```python
## not a heading
```

## On a disk { #disk data-needs="disk gpu" }

Words of a disk.

!!! note

    ## Inside { data-needs="gpu" }

    Words inside.

    ## Also inside

## On both

- one
- two { data-needs="gpu" }
    - below two

- three

| a | b |
| --- | --- |
| 1 | 2 | { data-needs="gpu" }
| 3 | 4 |

Written as `## Title { data-needs="gpu" }`.
""".split("\n")


@pytest.fixture
def there(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The experiments that are measured, of those that there are: gpu and disk."""
    found: set[str] = set()

    def shown(name: str) -> Shown:
        if name not in ("gpu", "disk"):
            raise UnknownName(f"no experiment {name!r}")
        one = measured() if name in found else replace(measured(), status="unavailable", reason="none here")
        return Shown(name, one, made())

    monkeypatch.setattr(needs, "shown", shown)
    return found


def test_a_page_of_which_all_is_measured_has_all_its_lines(there: set[str]) -> None:
    there |= {"gpu", "disk"}
    found = "\n".join(present(PAGE))
    assert len(present(PAGE)) == len(PAGE)
    assert "## On a GPU\n" in found and "## On a disk { #disk }\n" in found and "- two\n" in found
    assert found.count("data-needs") == 1, "only what is code"
    assert "| 1 | 2 |\n| 3 | 4 |" in found


def test_a_section_goes_up_to_the_next_heading_of_its_level(there: set[str]) -> None:
    there |= {"disk"}
    found = "\n".join(present(PAGE))
    for gone in ("On a GPU", "Words of a GPU", "Its memory", "More words", "not a heading", "Inside", "Words inside"):
        assert gone not in found
    for gone in ("two", "| 1 | 2 |"):
        assert gone not in found
    for stays in ("# Page", "## On a disk { #disk }", "Words of a disk", "Also inside", "- three", "| 3 | 4 |"):
        assert stays in found


def test_of_several_names_one_is_enough_and_a_part_within_a_part_needs_both(there: set[str]) -> None:
    for measured_there, are_present in (((), (False, False)), (("disk",), (True, False)), (("gpu",), (True, True))):
        there.clear()
        there |= {*measured_there}
        page = "\n".join(present(PAGE))
        assert ("Words of a disk" in page, "Words inside" in page) == are_present


@pytest.mark.parametrize("names", ["", "gpu disc", "disc"])
def test_a_name_that_is_none(there: set[str], names: str) -> None:
    there |= {"gpu"}
    with pytest.raises(UnknownName, match="no experiment"):
        present([f'## Title {{ data-needs="{names}" }}', "words"])


@pytest.mark.parametrize("line", ["## Title {data-needs=gpu}", '## A { data-needs="gpu" } title', "## A data-needs"])
def test_what_does_not_say_it_well_stops_the_build(there: set[str], line: str) -> None:
    """The part would always be there, and the attribute stand in the page."""
    with pytest.raises(UnknownName, match="not the end of a heading"):
        present([line])


def test_a_mention_knows_what_its_part_needs() -> None:
    text = '## On a GPU { data-needs="gpu" }\n\nIt is [{value}](claim:a).\n\n## Else\n\nIt is [{value}](claim:a).\n'
    assert [mention.needs for mention in sentences.mentions_in("p.md", text)] == [(("gpu",),), ()]
