"""What a link says with its values, and without them."""

import pytest

from snippets.lab.markdown.wording import Wording, worded

EIGHT = "eight are {value} as fast as none"


@pytest.mark.parametrize(
    ("words", "second", "values", "said"),
    [
        (EIGHT, "workers may outnumber cores", {"value": "7.9 times"}, "eight are 7.9 times as fast as none"),
        (EIGHT, "workers may outnumber cores", None, "workers may outnumber cores"),
        (EIGHT, None, None, "eight are as fast as none"),
        ("{value} as fast", None, None, "as fast"),
        ("it takes {value}", None, None, "it takes"),
        ("from {low} to {high}", None, {"low": "1", "high": "2"}, "from 1 to 2"),
        ("four keep up", None, None, "four keep up"),
        ("four keep up", "the step leaves the cores free", None, "the step leaves the cores free"),
        ("four keep up", "the step leaves the cores free", {"value": "3 %"}, "four keep up"),
    ],
)
def test_the_words_of_a_link(words: str, second: str | None, values: dict[str, str] | None, said: str) -> None:
    assert worded(words, second, values) == said


def test_one_value_that_this_system_cannot_have_is_enough() -> None:
    said = Wording({"fork": "", "spawn": "1.6 s"}, "on NVIDIA H100")
    assert said.of("{spawn} against {fork}", "a while") == "a while"
    assert said.of("{spawn}", "a while") == "1.6 s (on NVIDIA H100)"
    with pytest.raises(KeyError, match="spun"):
        said.of("{spun}", "a while")


def test_a_value_that_there_is_not() -> None:
    with pytest.raises(KeyError, match="stepp"):
        worded("{stepp}", None, {"step": "1"})


def test_what_stands_behind_the_words() -> None:
    assert Wording({"value": "3"}, "on NVIDIA H100").of("{value} of it", None) == "3 of it (on NVIDIA H100)"
    assert Wording({"value": "3"}).of("{value} of it", None) == "3 of it"
    assert Wording(None).of("{value} of it", "some of it") == "some of it"
