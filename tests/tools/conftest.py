from ..processes import python  # noqa: F401
