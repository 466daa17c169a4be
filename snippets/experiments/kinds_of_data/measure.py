"""Texts, rows and sounds, each loaded in two ways that deliver the same."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

from snippets.experiments.cpu_time import cpu_per_item, one_thread
from snippets.experiments.kinds_of_data.arms import (
    BY_LENGTH,
    LISTS,
    MAPPED,
    ROWS,
    SHUFFLED,
    SOUGHT,
    TOKENISED,
    WHOLE,
)
from snippets.lab.instruments.experiment import Arm, Experiment, Sample
from snippets.pages.load_text_tables_audio_video import bucket_by_length, crop_sound, index_lists, token_map

TEXTS, TEXT_BATCH, WIDTH = 1024, 32, 128
TABLE_ROWS, COLUMNS, BATCH_SIZE = 10_240, 20, 256
SOUNDS, RATE, SOUND_SECONDS, CROP_SECONDS = 4, 16_000, 60, 1
SECONDS = 0.05
"""Of CPU time, at least, for each run of an arm: whole epochs, and a clock that ticks every 16 ms."""


def loading(loader: DataLoader, items: int) -> Sample:
    def epoch() -> None:
        for _ in loader:
            pass

    return Sample({"per_item": cpu_per_item(items, epoch, SECONDS)})


def embedding(loader: DataLoader, table: torch.Tensor) -> Sample:
    """The first step of a model of texts, which works for padding as for words. `padding`: its share of the batches."""

    def epoch() -> None:
        for batch, _ in loader:
            torch.nn.functional.embedding(batch, table).sum()

    return Sample({"per_item": cpu_per_item(TEXTS, epoch, SECONDS), "padding": bucket_by_length.padding(loader)})


def tokenising(texts: list[str], vocabulary: dict[str, int]) -> Sample:
    def epoch() -> None:
        for text in texts:
            torch.tensor(token_map.tokenise(text, vocabulary))

    return Sample({"per_item": cpu_per_item(len(texts), epoch, SECONDS)})


def mapped(tokens: token_map.Tokens) -> Sample:
    return Sample({"per_item": cpu_per_item(len(tokens), lambda: [tokens[i] for i in range(len(tokens))], SECONDS)})


def sounds(crop: Callable[[Path, int], Any], files: list[Path]) -> Sample:
    length = CROP_SECONDS * RATE
    return Sample({"per_item": cpu_per_item(len(files), lambda: [crop(file, length) for file in files], SECONDS)})


@contextmanager
def arms() -> Iterator[Mapping[str, Arm]]:
    texts = [*token_map.some_texts(TEXTS // 8)]
    tokens = bucket_by_length.Texts(TEXTS)
    by_length = bucket_by_length.ByLength(tokens.lengths, TEXT_BATCH)
    embeddings = torch.zeros(2, WIDTH)
    table = TensorDataset(torch.zeros(TABLE_ROWS, COLUMNS), torch.zeros(TABLE_ROWS))
    noise = np.random.default_rng(0).normal(0, 3000, SOUND_SECONDS * RATE)
    with one_thread(), TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        vocabulary = token_map.store(texts, folder)
        files = [Path(folder, f"{number}.wav") for number in range(SOUNDS)]
        for file in files:
            crop_sound.write(file, noise, RATE)
        shuffled = DataLoader(tokens, TEXT_BATCH, shuffle=True, collate_fn=bucket_by_length.pad)
        bucketed = DataLoader(tokens, batch_sampler=by_length, collate_fn=bucket_by_length.pad)
        yield {
            TOKENISED: partial(tokenising, texts, vocabulary),
            MAPPED: partial(mapped, token_map.Tokens(folder)),
            SHUFFLED: partial(embedding, shuffled, embeddings),
            BY_LENGTH: partial(embedding, bucketed, embeddings),
            ROWS: partial(loading, DataLoader(table, BATCH_SIZE, shuffle=True), TABLE_ROWS),
            LISTS: partial(loading, index_lists.whole_batches(table, BATCH_SIZE), TABLE_ROWS),
            WHOLE: partial(sounds, crop_sound.all_then_crop, files),
            SOUGHT: partial(sounds, crop_sound.crop, files),
        }


EXPERIMENT = Experiment(
    question="What do texts, rows and sounds cost that are fetched in one piece, or prepared once?",
    unit="s",
    better="lower",
    headline="per_item",
    pitfalls=(
        "Texts all of one length, which need no padding; a tokenizer that is written in a faster language; wider rows, "
        "of which copying takes more of the time; files that are not in the page cache."
    ),
    arms=arms,
    again=LISTS,
    warmup=0,
    params={
        "texts": TEXTS,
        "text_batch": TEXT_BATCH,
        "batch_size": BATCH_SIZE,
        "table_rows": TABLE_ROWS,
        "columns": COLUMNS,
        "sound_seconds": SOUND_SECONDS,
        "crop_seconds": CROP_SECONDS,
    },
    any_start=True,
)
