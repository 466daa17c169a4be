"""What batches cost that vary, drawn alike by Python and by docs/assets/simulator.mjs.

Python's own generator is not drawn from, because a browser has none of its kind.
"""

import math
from statistics import fmean

SEED = 20_261_126


def factors(count: int, spread: float) -> list[float]:
    """What each batch costs, over the mean of all. `spread`: the standard deviation of the log-normal distribution of
    mean 1 that they are drawn from. The first ones of more batches are the same, but for that mean.

    From: Park and Miller, "Random number generators: good ones are hard to find" (1988); Box and Muller, "A note on the
    generation of random normal deviates" (1958).
    """
    state = SEED

    def chance() -> float:
        nonlocal state
        state = state * 16807 % 2147483647
        return state / 2147483647

    def normal() -> float:
        return math.sqrt(-2 * math.log(chance())) * math.cos(2 * math.pi * chance())

    of_logarithms = math.sqrt(math.log1p(spread**2))
    drawn = [math.exp(of_logarithms * normal()) for _ in range(count)]
    mean = fmean(drawn)
    return [each / mean for each in drawn]
