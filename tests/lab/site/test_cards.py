"""Cards that are in a page, and no part of it until they are opened. That a browser makes them: tests/browser."""

import pytest

from snippets.lab.site.cards import fold_cards
from snippets.lab.site.inert import UnsafePage, refuse_active

CARD = '<div class="nw-card"><p>{}</p><ul><li>x</li></ul></div>'


def test_each_card_is_one_text_to_who_runs_scripts() -> None:
    one, two = CARD.format("one"), CARD.format("two\nlines")
    folded = fold_cards("a.md", f"<p>before</p>{one}<hr>{two}<div>after</div>")
    assert folded == f"<p>before</p><noscript>{one}</noscript><hr><noscript>{two}</noscript><div>after</div>"


@pytest.mark.parametrize("ends", ["</noscript>", "</NoScript x"])
def test_a_card_that_would_end_it_is_refused(ends: str) -> None:
    """To who parses it without scripts this is one paragraph with a label."""
    content = CARD.format(f'<q aria-label="{ends}><b title=x>">x</q>')
    refuse_active("a.md", content, {}, "A title")
    with pytest.raises(UnsafePage, match=r"a\.md: a card has </noscript> in it"):
        fold_cards("a.md", content)
