"""Real image files to load: pixel-art sprites and photo-like landscapes, made once and always the same.

from snippets.images import photos, sprites

for path in sorted(sprites().glob("*/*.png")):
    ...
"""

from snippets.images.sets import photos, sprites
from snippets.images.sheet import contact_sheet

__all__ = ["contact_sheet", "photos", "sprites"]
