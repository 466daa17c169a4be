"""The arms of this experiment, by name."""

IMAGE, ARRAY, SIMPLEJPEG = "Pillow, an image", "Pillow, an array", "simplejpeg, an array"
SMALL_IMAGE, SMALL_ARRAY, SMALL_SIMPLEJPEG = (
    "Pillow, a small image",
    "Pillow, a small array",
    "simplejpeg, a small array",
)
"""What decodes a photo, and what is there then. A small one has as many pixels as the smallest crop needs."""
