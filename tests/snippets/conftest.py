from ..docs.processes import python, workplace  # noqa: F401
