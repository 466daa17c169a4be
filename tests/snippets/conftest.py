from ..processes import workplace  # noqa: F401
