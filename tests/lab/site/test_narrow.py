"""Names in tables, on a narrow screen."""

import pytest

from snippets.lab.site.narrow import breakable
from snippets.lab.site.twin import twin


@pytest.mark.parametrize(
    ("content", "broken"),
    [
        (
            "<td><code>a_b_c</code>, <code>d_e</code></td>",
            "<td><code>a_<wbr>b_<wbr>c</code>, <code>d_<wbr>e</code></td>",
        ),
        ("<td><code>__getitem__</code> in a_b</td>", "<td><code>__getitem__</code> in a_b</td>"),
        ("<p><code>num_workers</code></p><td>a_b</td>", "<p><code>num_workers</code></p><td>a_b</td>"),
    ],
)
def test_a_name_in_a_table_is_broken_where_its_words_meet(content: str, broken: str) -> None:
    assert breakable(content) == broken


def test_what_reads_the_page_reads_the_name() -> None:
    table = "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td><code>num_workers</code></td></tr></tbody></table>"
    assert "`num_workers`" in twin(breakable(table))
