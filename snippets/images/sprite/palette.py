"""What colours a sprite may wear: eight and no more, chosen to go together."""

Colour = tuple[int, int, int]  # red, green, blue, 0..255

# What shows where a sprite is transparent, once it is converted to RGB.
PAPER: Colour = (238, 241, 246)
CREAM_COLOUR: Colour = (255, 249, 234)
BLUSH_COLOUR: Colour = (255, 138, 142)

# outline, dark, base, light; shadows lean to blue and lights to yellow, as painters mix them.
RAMPS: dict[str, tuple[Colour, Colour, Colour, Colour]] = {
    "mint": ((22, 62, 74), (45, 148, 134), (94, 208, 165), (190, 244, 196)),
    "leaf": ((30, 58, 54), (66, 138, 72), (132, 196, 86), (214, 238, 142)),
    "sky": ((30, 48, 98), (62, 116, 206), (100, 176, 246), (184, 228, 255)),
    "lagoon": ((18, 54, 84), (28, 128, 160), (62, 190, 204), (164, 240, 226)),
    "lilac": ((58, 40, 98), (128, 92, 196), (178, 142, 240), (226, 204, 255)),
    "grape": ((50, 24, 76), (112, 50, 146), (168, 84, 196), (230, 156, 236)),
    "rose": ((86, 26, 70), (198, 68, 122), (246, 124, 158), (255, 196, 200)),
    "coral": ((88, 28, 52), (208, 72, 78), (250, 124, 102), (255, 196, 156)),
    "tangerine": ((92, 40, 34), (214, 102, 44), (252, 160, 66), (255, 218, 132)),
    "butter": ((90, 58, 40), (218, 154, 54), (254, 210, 92), (255, 242, 170)),
    "cocoa": ((56, 32, 44), (130, 78, 66), (184, 122, 88), (232, 186, 138)),
    "steel": ((38, 44, 70), (98, 112, 148), (154, 170, 198), (220, 230, 240)),
    "plum": ((44, 32, 74), (96, 84, 150), (146, 134, 200), (202, 194, 238)),
}

# Trims that flatter each ramp: an accent, never the same hue.
TRIMS: dict[str, tuple[str, ...]] = {
    "mint": ("coral", "butter", "rose", "lilac"),
    "leaf": ("coral", "butter", "tangerine", "rose"),
    "sky": ("butter", "coral", "tangerine", "rose"),
    "lagoon": ("butter", "coral", "rose", "tangerine"),
    "lilac": ("butter", "mint", "rose", "tangerine"),
    "grape": ("butter", "mint", "lagoon", "tangerine"),
    "rose": ("butter", "mint", "sky", "lagoon"),
    "coral": ("butter", "lagoon", "mint", "sky"),
    "tangerine": ("lagoon", "mint", "sky", "grape"),
    "butter": ("coral", "lagoon", "grape", "leaf"),
    "cocoa": ("coral", "mint", "butter", "sky"),
    "steel": ("coral", "butter", "lagoon", "mint"),
    "plum": ("butter", "mint", "coral", "lagoon"),
}

# What a kind mostly wears; any ramp elsewhere.
WARDROBE: dict[str, tuple[str, ...]] = {
    "cat": ("tangerine", "butter", "cocoa", "steel", "plum", "rose", "lilac", "sky"),
    "knight": ("steel", "steel", "sky", "lagoon", "plum", "coral", "butter", "leaf"),
    "mushroom": ("coral", "coral", "rose", "grape", "sky", "tangerine", "leaf", "lagoon", "cocoa"),
    "wizard": ("sky", "grape", "lilac", "plum", "lagoon", "leaf", "coral", "rose"),
}
