"""What two builds of the site have to have in common."""

import hashlib
from pathlib import Path


def digests(site: Path) -> dict[str, str]:
    """SHA-256 of each file, by its path in the site, but for the sitemap: MkDocs writes the day of the build there."""
    files = [path for path in site.rglob("*") if path.is_file() and not path.name.startswith("sitemap")]
    return {path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
