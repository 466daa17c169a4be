"""Where things lie. Every other module asks here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SNIPPETS = ROOT / "snippets"
DOCS = ROOT / "docs"
COMMITTED_RESULTS = DOCS / "results"
SITE = ROOT / "site"
IMAGES = ROOT / "images"
CACHE = ROOT / ".cache"
LOCAL_RESULTS = CACHE / "results.json"
ACCEPTED = CACHE / "accepted.json"
FIGURES = CACHE / "figures"
