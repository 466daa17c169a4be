"""Characters that nobody sees, though they do something: they end, hide or turn around the text beside them, or say
something to programs alone.
"""

import re
import unicodedata

CONTROLS = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Categories of Unicode: controls, signs of direction, joiners and tags, what is no sign yet, private signs, halves of
signs, separators.
"""
VARIANTS = (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
"""How the sign before is to look. A font has few variants, and shows nothing of the others: they can spell a text."""
AS_A_PICTURE = re.compile(r"(?<=[\u203c-\u3299])\ufe0f")
"""The variant that pages have: of a symbol, such as a gear, the coloured one."""
BLANK_LETTERS = {*"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\U0001d159", *map(chr, VARIANTS)}
SEEN = set("\n\t")


def unseen(text: str) -> set[str]:
    """Those in a text; line ends and tabs are none of them."""
    text = AS_A_PICTURE.sub("", text)
    rare = {sign for sign in set(text) if not sign.isprintable()} - SEEN | BLANK_LETTERS.intersection(text)
    return {sign for sign in rare if sign in BLANK_LETTERS or unicodedata.category(sign) in CONTROLS}


def without_unseen(text: str) -> str:
    """The text without them."""
    return text.translate(dict.fromkeys(map(ord, unseen(text))))
