"""The strict MkDocs build, put in place whole, and what the command says at its end."""

import os
import re
import shutil
import subprocess
import sys

from snippets.lab.catalog import experiment_names
from snippets.lab.markdown.shown import shown
from snippets.lab.numbers import counted
from snippets.lab.paths import CACHE, ROOT, SITE
from snippets.lab.site.build import PREPARED, Stages

CHATTER = re.compile(
    r"^(?:INFO .*|.*\[IPKernelApp\] WARNING \| Kernel is running over TCP.*|"
    r"Exception in thread Heartbeat:\n(?:.*\n)*?zmq\S*Error: Address already in use.*)\n?",
    re.MULTILINE,
)
"""MkDocs' own progress; of the notebook's kernel, that it listens, on this machine only; and that another process has
taken the port of its heartbeat meanwhile, for which nobody asks while a site is built."""


def build_site(offline: bool = False) -> bool:
    """Build into a folder beside, and swap it in only if MkDocs has nothing to complain about.

    MkDocs' own `--quiet` would hide warnings from `--strict` too, so its progress is left out here instead.
    """
    folder = CACHE / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", PREPARED: "1", "OFFLINE": str(offline).lower()}
    completed = subprocess.run(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    print(complaints(completed.stderr), end="", file=sys.stderr)
    if completed.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    old = CACHE / "site-before"
    shutil.rmtree(old, ignore_errors=True)
    if SITE.exists():
        os.replace(SITE, old)
    os.replace(folder, SITE)
    shutil.rmtree(old, ignore_errors=True)  # only now: removing takes a while, and may be interrupted
    return True


def complaints(text: str) -> str:
    """What MkDocs said, without what is nobody's business."""
    return CHATTER.sub("", text)


def summary(stages: Stages, total: float) -> str:
    """What was measured, what each stage took, and where the page lies."""
    lines = [""]
    if stages.measured:
        lines.append("Measured:")
        for name in stages.measured:
            measured = shown(name).measured
            words = counted(measured.passes * measured.rounds, "round") if measured.samples else measured.reason
            lines.append(f"  {name:18} {measured.cost_s:6.1f} s   {words}")
    else:
        lines.append(f"Measured: nothing; the results of all {len(experiment_names())} experiments are up to date.")
    if stages.ran:
        lines.append(f"Ran, for what they print: {counted(len(stages.ran), 'snippet')}.")
    spent = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in stages.seconds.items())
    lines.append(f"Time: {total:.1f} s ({spent})")
    lines.append(f"Site: {SITE.relative_to(ROOT) / 'index.html'}, or live with `make serve`")
    return "\n".join(lines)
