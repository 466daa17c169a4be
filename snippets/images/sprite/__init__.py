"""Pixel art: helper sprites."""
