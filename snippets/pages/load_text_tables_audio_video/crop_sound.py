"""A second out of a minute of sound: by reading all of it, and by seeking."""

# prints: torch\.float32, 16000 samples of 960000

# --8<-- [start:code]
import random
import wave
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch


def all_then_crop(path, length):
    with wave.open(str(path)) as file:
        sound = to_floats(file.readframes(file.getnframes()))
    start = random.randint(0, len(sound) - length)
    return sound[start : start + length]


def crop(path, length):
    with wave.open(str(path)) as file:
        file.setpos(random.randint(0, file.getnframes() - length))
        return to_floats(file.readframes(length))


def to_floats(frames):
    """Of 16 bits each, one channel."""
    return torch.from_numpy(np.frombuffer(frames, "<i2") / np.float32(32768))


def write(path, samples, rate=16_000):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        path = Path(folder, "minute.wav")
        noise = np.random.default_rng(0).normal(0, 3000, 60 * 16_000)
        write(path, noise)
        second = crop(path, 16_000)
        print(f"{second.dtype}, {len(second)} samples of {len(noise)}")
# --8<-- [end:code]
