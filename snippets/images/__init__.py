"""Real image files to load: pixel-art sprites and photo-like landscapes, made once and always the same."""
