"""A clock in the place of a GPU, which its calls move."""


class Gpu:
    """Work that is queued is done when somebody waits for it. Seconds."""

    def __init__(self) -> None:
        self.now, self.queued, self.waits = 100.0, 0.0, 0

    def wait(self) -> None:
        self.waits += 1
        self.now += self.queued
        self.queued = 0.0
