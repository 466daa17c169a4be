"""Characters that nobody sees, though they do something: they end, hide or turn around the text beside them, or say
something to programs alone.
"""

import unicodedata

CONTROLS = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
"""Categories of Unicode: controls, signs of direction, joiners and tags, private signs, halves of signs, separators."""
BLANK_LETTERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
SEEN = set("\n\t")


def unseen(text: str) -> set[str]:
    """Those in a text; line ends and tabs are none of them."""
    rare = {sign for sign in set(text) if not sign.isprintable()} - SEEN | BLANK_LETTERS.intersection(text)
    return {sign for sign in rare if sign in BLANK_LETTERS or unicodedata.category(sign) in CONTROLS}


def without_unseen(text: str) -> str:
    """The text without them."""
    return text.translate(dict.fromkeys(map(ord, unseen(text))))
