"""Clips of 16 frames out of videos, from the key frame before each."""

# needs: av
# prints: 4 clips, the first torch\.uint8 \(16, 3, 224, 224\)
# workers: 2

# --8<-- [start:code]
import random
from itertools import islice

import av
import numpy as np
import torch
from torch.utils.data import Dataset


def clip(path, second, threads=1):
    with av.open(path) as file:
        video = file.streams.video[0]
        video.codec_context.thread_count = threads
        file.seek(int(second / video.time_base), stream=video)
        wanted = (f for f in file.decode(video) if f.time >= second)
        return pixels(islice(wanted, 16), threads)


def pixels(frames, threads=1):
    size = {"width": 224, "height": 224, "threads": threads}
    arrays = [f.to_ndarray(format="rgb24", **size) for f in frames]
    return torch.from_numpy(np.stack(arrays)).permute(0, 3, 1, 2)


class Clips(Dataset):
    def __init__(self, paths, seconds):
        self.paths, self.last = paths, seconds - 1

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return clip(self.paths[index], random.uniform(0, self.last))


# --8<-- [end:code]


# --8<-- [start:video]
from tempfile import TemporaryDirectory

from torch.utils.data import DataLoader


def write(path, seconds, key_frame_every, rate=25):
    """Blocks that move, under a grain that changes, as filmed ones have."""
    draws = np.random.default_rng(0)
    blocks = draws.integers(0, 240, (9, 16, 3), np.uint8)
    picture = blocks.repeat(30, axis=0).repeat(30, axis=1)
    grain = draws.integers(0, 16, picture.shape, np.uint8)
    with av.open(path, "w") as file:
        preset = {"preset": "ultrafast"}
        video = file.add_stream("libx264", rate, options=preset)
        video.width, video.height, video.pix_fmt = 480, 270, "yuv420p"
        video.gop_size = key_frame_every
        for number in range(seconds * rate):
            moved = np.roll(picture, 2 * number, axis=1)
            seen = moved + np.roll(grain, 999 * number)
            file.mux(video.encode(av.VideoFrame.from_ndarray(seen)))
        file.mux(video.encode())


if __name__ == "__main__":
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        write(path := f"{folder}/video.mp4", 5, key_frame_every=12)
        loader = DataLoader(Clips([path] * 4, 5), None, num_workers=2)
        clips = list(loader)
        shape = tuple(clips[0].shape)
        print(f"{len(clips)} clips, the first {clips[0].dtype} {shape}")
# --8<-- [end:video]
