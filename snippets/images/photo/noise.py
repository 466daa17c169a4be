"""Noise, the stuff that clouds, rock and leaves are made of."""

from functools import cache

import numpy as np
from numpy.random import PCG64, Generator

TILE = 1024  # pixels

Field = np.ndarray  # (height, width) float32


@cache
def noise(steepness: float) -> Field:
    """Noise that repeats seamlessly, (1024, 1024): a power spectrum of 1/f**(2 * steepness).

    Mean 0, standard deviation 1. Steepness 1.6 looks like clouds, 0.6 like leaves.
    """
    rows, columns = np.fft.fftfreq(TILE)[:, None], np.fft.rfftfreq(TILE)[None]
    frequency = np.hypot(rows, columns)
    frequency[0, 0] = np.inf
    white = np.fft.rfft2(Generator(PCG64(0)).standard_normal((TILE, TILE)))
    field = np.fft.irfft2(white * frequency**-steepness, (TILE, TILE))
    return (field / field.std()).astype(np.float32)


def ramp(value: Field, low: float, high: float) -> Field:
    """0 at `low`, 1 at `high`, smooth between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
