"""Where things lie. Every other module asks here."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "snippets"
PAGES = SNIPPETS / "pages"
"""What the blocks of the pages are made of, a folder for each page."""
DOCS = ROOT / "docs"
COMMITTED_RESULTS = DOCS / "results"
SITE = ROOT / "site"
IMAGES = ROOT / "images"
CACHE = ROOT / ".cache"
PUBLISHED = CACHE / "published"
AS_PUBLISHED = bool(os.environ.get("PUBLISHED"))
"""Show what the published site shows, and measure nothing."""
LOCAL_RESULTS = (PUBLISHED if AS_PUBLISHED else CACHE) / "results.json"
ACCEPTED = (PUBLISHED if AS_PUBLISHED else CACHE) / "accepted.json"
OUTPUTS = (PUBLISHED if AS_PUBLISHED else CACHE) / "outputs.json"
FIGURES = CACHE / "figures"
PYTHON = Path(sys.executable).relative_to(ROOT).as_posix() if Path(sys.executable).is_relative_to(ROOT) else "python"
"""This very Python, as a reader types it in the checkout."""
