"""Texts tokenised once into one file, which workers map into their memory."""

# A worker opens it when it first needs it.
# pyrefly: ignore-errors[bad-assignment, unsupported-operation]

# prints: 200 texts, \d+ tokens, 1000 words
# prints: 200 texts delivered by 2 workers
# workers: 2

# --8<-- [start:code]
import random
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset


def tokenise(text, vocabulary):
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    return [vocabulary.setdefault(word, len(vocabulary)) for word in words]


def store(texts, folder):
    vocabulary, ends = {}, [0]
    with open(Path(folder, "tokens.bin"), "wb") as file:
        for text in texts:
            tokens = np.array(tokenise(text, vocabulary), np.uint32)
            file.write(tokens.tobytes())
            ends.append(ends[-1] + len(tokens))
    np.save(Path(folder, "ends.npy"), ends)
    return vocabulary


class Tokens(Dataset):
    def __init__(self, folder):
        self.ends = np.load(Path(folder, "ends.npy"))
        self.file, self.tokens = Path(folder, "tokens.bin"), None

    def __len__(self):
        return len(self.ends) - 1

    def __getitem__(self, index):
        if self.tokens is None:
            self.tokens = np.memmap(self.file, np.uint32, "r")
        text = self.tokens[self.ends[index] : self.ends[index + 1]]
        return torch.from_numpy(text.astype(np.int64))


def some_texts(count):
    chosen, words = random.Random(0), [f"word{n}" for n in range(1000)]
    for _ in range(count):
        yield " ".join(chosen.choices(words, k=chosen.randint(20, 400)))


if __name__ == "__main__":
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        vocabulary = store(some_texts(200), folder)
        texts = Tokens(folder)
        words, tokens = len(vocabulary), texts.ends[-1]
        print(f"{len(texts)} texts, {tokens} tokens, {words} words")
        loader = DataLoader(texts, batch_size=None, num_workers=2)
        print(f"{sum(1 for _ in loader)} texts delivered by 2 workers")
# --8<-- [end:code]
