"""What a reader opens, one in a hundred: in the page, but no part of it until then.

Where scripts run, a browser reads what stands in a `<noscript>` as one text, and `docs/assets/site.js` makes elements
of it when its row is opened. Where they do not, it is there from the first.
"""

import re

CARD = re.compile(r'<div class="nw-card">.*?</div>', re.DOTALL)
BETWEEN_BLOCKS = re.compile(r">\n+<(?=/?(?:div|p|ul|li)\b)")
LEDGER = re.compile(r'<table class="nw-ledger".*?</table>', re.DOTALL)
BETWEEN_CELLS = re.compile(r">\n+<(?=/?(?:tr|td)\b)")
"""Line ends that nobody sees: of two hundred rows they are a hundredth of the page."""


def fold_cards(content: str) -> str:
    """The content of a page with each of its cards in a `<noscript>`. Nothing in a card may end that, nor an attribute
    the card, which `inert` sees to.
    """
    folded = CARD.sub(lambda card: f"<noscript>{BETWEEN_BLOCKS.sub('><', card[0])}</noscript>", content)
    return LEDGER.sub(lambda table: BETWEEN_CELLS.sub("><", table[0]), folded)
