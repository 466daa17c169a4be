"""Mistakes that no check can notice, and why that is right: by file, kind, and what stood on the line."""

REASONS: dict[tuple[str, str, str], str] = {}
