"""What people type who look for a section, and what is wrong with how the file says it."""

from pathlib import Path

import pytest

from snippets.lab.site.asked import AskedError, read, with_asked

PAGE = "troubleshooting/slow.md"
ENTRIES = [
    {"location": "a/", "title": "A", "text": "<p>Words.</p>"},
    {"location": "a/#b", "title": "B", "text": "<p>More.</p>", "boost": 4},
    {"location": "a/#c", "title": "C", "text": ""},
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "asked.toml"


def test_the_lines_of_a_section_are_found_with_it() -> None:
    lines = {"a.md": {"top": ["what is it"], "c": ["it hangs", "List[int] & x < 3"]}, "d.md": {"e": ["other"]}}
    texts = [entry["text"] for entry in with_asked("a.md", ENTRIES, lines)]
    assert texts == [
        "<p>Words.</p><p>what is it</p>",
        "<p>More.</p>",
        "<p>it hangs</p><p>List[int] &amp; x &lt; 3</p>",
    ]


def test_the_entries_themselves_stay_as_they_are() -> None:
    """The live preview keeps them for the next build, which adds the lines anew."""
    before = [dict(entry) for entry in ENTRIES]
    found = with_asked("a.md", ENTRIES, {"a.md": {"b": ["it hangs"]}})
    assert before == ENTRIES and found[1] == {**ENTRIES[1], "text": "<p>More.</p><p>it hangs</p>"}


def test_in_a_folder_pages_have_other_addresses() -> None:
    entries = [{"location": "a.html#b", "title": "B", "text": ""}]
    assert with_asked("a.md", entries, {"a.md": {"b": ["x"]}})[0]["text"] == "<p>x</p>"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = ", "Invalid value"),
        ('["no/such.md"]\nx = ["y"]', r'\["no/such.md"\] is no page'),
        (f'"{PAGE}" = "slow"', r"is no page"),
        (f'["{PAGE}"]\nbursts = "slow"', "slow.md#bursts has no list of lines"),
        (f'["{PAGE}"]\nbursts = [1]', "slow.md#bursts has no list of lines"),
        (f'["{PAGE}"]\nbursts = [" "]', "slow.md#bursts has no list of lines"),
        (f'["{PAGE}"]\nbursts = ["a\\u202eb"]', r"slow.md#bursts has a character that nobody sees: '\\u202e'"),
        (f'["{PAGE}"]\nbursts = ["a"]\naffinity = ["a"]', r"'a' leads to .*#bursts and to .*#affinity"),
        (f'["{PAGE}"]\nbursts = ["a", "a"]', r"'a' leads to .*#bursts and to .*#bursts"),
        (b"\xff", "invalid start byte"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(file: Path, text: str | bytes, said: str) -> None:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(AskedError, match=said) as caught:
        read(file)
    assert str(caught.value).startswith("asked.toml: ") and "\n" not in str(caught.value)
