"""Cards that are in a page, and no part of it until they are opened. That a browser makes them: tests/browser."""

import pytest

from snippets.lab.site.cards import fold_cards
from snippets.lab.site.inert import UnsafePage, refuse_active

CARD = '<div class="nw-card"><p>{}</p><ul><li>x</li></ul></div>'


def test_each_card_is_one_text_to_who_runs_scripts() -> None:
    one, two = CARD.format("one"), CARD.format("two\nlines")
    folded = fold_cards(f"<p>before</p>{one}<hr>{two}<div>after</div>")
    assert folded == f"<p>before</p><noscript>{one}</noscript><hr><noscript>{two}</noscript><div>after</div>"


@pytest.mark.parametrize("ends", ["</noscript>", "</NoScript>", "</noscript x>", "<!-- </noscript> -->"])
def test_a_card_that_would_end_it_is_refused(ends: str) -> None:
    with pytest.raises(UnsafePage, match="a.md: it has "):
        refuse_active("a.md", CARD.format(f"x{ends}<b>x</b>"), {}, "A title")


@pytest.mark.parametrize("ends", ["</noscript>", "</div>"])
@pytest.mark.parametrize("name", ["aria-label", "id", "title"])
def test_so_is_one_that_would_end_in_an_attribute(name: str, ends: str) -> None:
    """To who parses it without scripts this is a paragraph with a label. A browser with them would run it."""
    with pytest.raises(UnsafePage, match=rf"a\.md: <q> has the end of an element in its {name}"):
        refuse_active("a.md", CARD.format(f"<q {name}='{ends}&lt;b title=x>'>x</q>"), {}, "A title")
