"""The first versions of both guides, as readers had them: what was divided how, and which blocks it showed."""

import re

from snippets.lab.paths import DOCS

from .pages import GUIDE_1, GUIDE_2

TEXTS = DOCS / "reference" / "first-versions"
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^(?:#+ |\d+\.\s+\*\*)(.+?)(?:\*\*.*)?$", re.MULTILINE)
"""The second guide's caveats were a numbered list; they are headings now."""

SEED_TEXTS = {
    GUIDE_1: (TEXTS / "optimization-guide.txt").read_text(encoding="utf-8"),
    GUIDE_2: (TEXTS / "helper-sprites.txt").read_text(encoding="utf-8"),
}

SEED_HEADINGS = {page: tuple(HEADING.findall(FENCED.sub("", text))) for page, text in SEED_TEXTS.items()}

BLOCK_NAMES = (
    "how_it_works",
    "heavy_preprocessing",
    "large_datasets",
    "quick_benchmark",
    "common_guidelines",
    "too_many_workers",
    "windows_compatibility",
    "pin_memory",
    "complete_example",
    "when_not_to_use",
)
"""Of the snippets that took the blocks' places."""

_BLOCKS = [code for language, code in FENCED.findall(SEED_TEXTS[GUIDE_1]) if language == "python"]
SEED_BLOCKS = dict(zip(BLOCK_NAMES, _BLOCKS, strict=True))
