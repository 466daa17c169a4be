"""The arms of this experiment, by name."""

OBJECTS, PACKED = "Python objects", "packed array"
