from ..processes import python, workplace  # noqa: F401
