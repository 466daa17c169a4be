"""Mistakes that no check can notice, and why that is right: by file, kind and line."""

REASONS: dict[tuple[str, str, int], str] = {}
