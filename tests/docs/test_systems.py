"""What only Linux has, the reader of a section is told so in that section: a search or a link leads there, not to the
top of its page.

What it does not prove: that what a section says of a system is true there.
"""

import re

import pytest

from .advice import nothing
from .pages import PAGES, source

OF_LINUX = re.compile(
    r"/proc\b|/dev/shm|/sys/fs|\bps -\w|\b(?:fuser|nproc|dmesg|ulimit|taskset|numactl|sysctl|smaps_rollup)\b"
    r"|\bkill -|sched_[gs]etaffinity"
)
SAYS_WHERE = re.compile(r"Linux|macOS|Windows|WSL|(?i:container)|Docker|Kubernetes|Slurm|Colab|os\.fork\(\)")
CODE = re.compile(r"^ *```.*?^ *```$|\]\([^)]*\)", re.MULTILINE | re.DOTALL)


def sections(text: str) -> list[str]:
    return re.split(r"^(?=##+ )", CODE.sub("", text), flags=re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_a_section_says_of_which_system_it_speaks(page: str) -> None:
    silent = (each for each in sections(source(page)) if OF_LINUX.search(each) and not SAYS_WHERE.search(each))
    nothing((f"{page}: {each.splitlines()[0]}" for each in silent), "say for which system these are:")
