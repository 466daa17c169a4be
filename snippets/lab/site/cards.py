"""What a reader opens, one in a hundred: in the page, but no part of it until then.

Where scripts run, a browser reads what stands in a `<noscript>` as one text, and `docs/assets/site.js` makes elements
of it when its row is opened. Where they do not, it is there from the first.
"""

import re

from snippets.lab.site.inert import UnsafePage

CARD = re.compile(r'<div class="nw-card">.*?</div>', re.DOTALL)
BETWEEN_BLOCKS = re.compile(r">\n+<(?=/?(?:div|p|ul|li)\b)")
LEDGER = re.compile(r'<table class="nw-ledger".*?</table>', re.DOTALL)
BETWEEN_CELLS = re.compile(r">\n+<(?=/?(?:tr|td)\b)")
"""Line ends that nobody sees: of two hundred rows they are a hundredth of the page."""
ENDS_IT = "</noscript"


def fold_cards(page: str, content: str) -> str:
    """The content of a page that nothing active is in, and no end of an element in an attribute, with each of its cards
    in a `<noscript>`. Raises UnsafePage for a card which ends that.
    """

    def folded(card: re.Match[str]) -> str:
        if ENDS_IT in card[0].lower():
            raise UnsafePage(f"{page}: a card has {ENDS_IT}> in it. Say it without")
        return f"<noscript>{BETWEEN_BLOCKS.sub('><', card[0])}</noscript>"

    return LEDGER.sub(lambda table: BETWEEN_CELLS.sub("><", table[0]), CARD.sub(folded, content))
