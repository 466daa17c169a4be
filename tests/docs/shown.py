r"""What a script tells the tests, in lines above its shown part.

    # prints: two helpers fetched \d+ sprites        a pattern for each line that it prints; `#     ` goes on with one
    # workers: 0, 2                                  of each loader that begins, in order; with `…` at least these
    # workers: any: torchrun starts its processes    why they are not counted

Of times the patterns say only that there is one: what they come to is measured, and judged by claims.
"""

import re

from snippets.lab.outputs.running import code_of
from snippets.lab.paths import PAGES

PRINTS = re.compile(r"^# prints: (.+(?:\n#     .+)*)$", re.MULTILINE)
WORKERS = re.compile(r"^# workers: (.+)$", re.MULTILINE)

SCRIPTS = sorted(
    path.relative_to(PAGES).with_suffix("").as_posix()
    for path in PAGES.glob("*/*.py")
    if path.stem != "__init__" and path.parent.name != "errors"
)
"""All but those of the troubleshooting pages, whose tests know what they say."""


def pattern(name: str) -> str | None:
    """Of all that a script prints, without the last newline; None where it says nothing of that."""
    lines = [line.replace("\n#     ", "") for line in PRINTS.findall(code_of(name))]
    return "\n".join(lines) if lines else None


def workers(name: str) -> str | None:
    """What a script says of its loaders' workers."""
    found = WORKERS.search(code_of(name))
    return found[1] if found else None


SHOWN = {name: told for name in SCRIPTS if (told := pattern(name))}


LESS = {
    "optimization_guide/quick_benchmark": ("batch_size=32, window=64", "batch_size=4, window=4"),
    "optimization_guide/complete_example": ("size=320", "size=64"),
    "optimization_guide/too_many_workers": ("range(20_000)", "range(200)"),
    "what_a_worker_costs/few_large_tensors": ("range(40)", "range(4)"),
}
"""What takes long so that its times say something, and something shorter: as many loaders begin, and all is printed."""


FEWER = {"optimization_guide/quick_benchmark": ("counts=(0, 2, 4, 8, 16), rounds=3", "counts=(0, 2), rounds=1")}
"""Workers that take minutes where each imports torch, and fewer. All of them begin in its block, where they fork."""


def with_less(name: str, code: str) -> str:
    """The code of a script, or its shown part, which loads less where it would take long."""
    return _replaced(code, LESS.get(name))


def with_fewer(name: str, code: str) -> str:
    """The same with fewer workers, where each would import torch."""
    return _replaced(code, FEWER.get(name))


def _replaced(code: str, part: tuple[str, str] | None) -> str:
    if part is None:
        return code
    long, short = part
    assert code.count(long) == 1
    return code.replace(long, short)


def is_as_the_page_says(name: str, text: str) -> bool:
    told = pattern(name)
    return told is not None and re.fullmatch(told, text) is not None
