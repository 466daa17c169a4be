"""Texts, rows and sounds: both ways of a pair deliver the same; what is claimed of them, and said.

What it does not prove: that one way costs less; the claims do, at every build.
"""

from typing import Any

import pytest
import torch

from snippets.experiments.kinds_of_data import measure, show
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
from snippets.lab.catalog import show as shown
from snippets.pages.load_text_tables_audio_video import bucket_by_length, crop_sound, index_lists, token_map

from .dry_run import first_loader
from .results import plain_values, result, statistics

SECONDS = {
    TOKENISED: 1.5e-4,
    MAPPED: 1e-5,
    SHUFFLED: 3e-5,
    BY_LENGTH: 1e-5,
    ROWS: 5e-6,
    LISTS: 5e-7,
    WHOLE: 4e-3,
    SOUGHT: 5e-5,
}
PADDING = {SHUFFLED: {"padding": 0.6}, BY_LENGTH: {"padding": 0.05}}
MEASURED = result("per_item", {arm: {"per_item": s, **PADDING.get(arm, {})} for arm, s in SECONDS.items()})


def test_each_arm_loads_what_its_name_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many items as it counts, in one epoch."""
    items: dict[str, int] = {}
    with measure.EXPERIMENT.prepared() as arms:
        assert {*arms} == {*SECONDS}
        for arm, run in arms.items():
            monkeypatch.setattr(
                measure, "cpu_per_item", lambda count, epoch, seconds, arm=arm: items.update({arm: count}) or 1.0
            )
            assert ("padding" in run().values) == (arm in PADDING)
        monkeypatch.setattr(measure, "cpu_per_item", lambda count, epoch, seconds: epoch())
        by_row, by_list = first_loader(arms[ROWS]), first_loader(arms[LISTS])
    assert by_row.batch_size == measure.BATCH_SIZE and len(by_row.dataset) == items[ROWS] == items[LISTS]
    assert by_list.batch_size is None and len(next(iter(by_list.sampler))) == measure.BATCH_SIZE
    assert items[SHUFFLED] == items[BY_LENGTH] == measure.TEXTS and items[WHOLE] == items[SOUGHT] == measure.SOUNDS
    assert items[TOKENISED] == items[MAPPED]


def test_a_map_of_tokens_gives_back_what_was_tokenised(tmp_path: Any) -> None:
    texts = [*token_map.some_texts(5), "A word, word1 and again: a word."]
    vocabulary = token_map.store(texts, tmp_path)
    tokens = token_map.Tokens(tmp_path)
    assert [tokens[index].tolist() for index in range(len(tokens))] == [
        token_map.tokenise(text, dict(vocabulary)) for text in texts
    ]


def test_each_text_comes_once_an_epoch_with_others_of_its_length_and_in_a_new_order() -> None:
    lengths = bucket_by_length.Texts(1024).lengths
    sampler = bucket_by_length.ByLength(lengths, 32)
    first, second = [*sampler], [*sampler]
    assert len(first) == len(sampler) and first != second
    assert sorted(sum(first, [])) == [*range(1024)]
    assert [len(batch) for batch in first] == [32] * 32
    spans = sorted((min(lengths[text] for text in batch), max(lengths[text] for text in batch)) for batch in first)
    assert all(ends <= begins for (_, ends), (begins, _) in zip(spans, spans[1:], strict=False))


def test_a_loader_of_a_number_that_no_batch_divides_has_as_many_batches_as_it_says() -> None:
    sampler = bucket_by_length.ByLength(bucket_by_length.Texts(1010).lengths, 32)
    assert len(sampler) == len([*sampler]) == 32


def test_padding_is_what_no_token_takes() -> None:
    batch, lengths = bucket_by_length.pad([torch.ones(4), torch.ones(1)])
    assert batch.tolist() == [[1, 1, 1, 1], [1, 0, 0, 0]] and lengths.tolist() == [4, 1]
    assert bucket_by_length.padding([(batch, lengths)]) == 3 / 8


def test_rows_come_together_and_each_once() -> None:
    data = torch.utils.data.TensorDataset(torch.arange(10.0), torch.arange(10.0))
    batches = [*index_lists.whole_batches(data, 4)]
    assert [len(rows) for rows, _ in batches] == [4, 4, 2] and all(torch.equal(*pair) for pair in batches)
    assert sorted(torch.cat([rows for rows, _ in batches]).tolist()) == [*range(10)]


def test_a_sought_crop_is_a_crop_of_the_whole(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    file, samples = tmp_path / "ramp.wav", torch.arange(1000)
    crop_sound.write(file, samples.numpy())
    monkeypatch.setattr(crop_sound.random, "randint", lambda low, high: 123 if (low, high) == (0, 900) else -1)
    assert torch.equal(crop_sound.crop(file, 100), crop_sound.all_then_crop(file, 100))
    assert (crop_sound.crop(file, 100) * 32768).tolist() == samples[123:223].tolist()


def test_it_has_one_thread_of_torch_as_a_worker_has(three_threads: None) -> None:
    with measure.EXPERIMENT.prepared():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == 3


def test_claims() -> None:
    assert statistics("kinds-of-data", MEASURED) == pytest.approx(
        {
            "tokenised-once-is-only-read": 15.0,
            "random-batches-are-padded": 0.6,
            "batches-by-length-are-hardly-padded": 0.05,
            "padding-is-computed-too": 3.0,
            "a-list-of-rows-costs-less": 10.0,
            "seeking-reads-only-the-crop": 80.0,
        }
    )


def test_what_is_said() -> None:
    values = plain_values(show.values(MEASURED))
    assert (values["tokenised"], values["mapped"]) == ("150 µs", "10 µs")
    assert (values["shuffled"], values["by_length"]) == ("60 %", "5 %")
    assert (values["row"], values["listed"], values["whole"], values["sought"]) == ("5 µs", "0.5 µs", "4 ms", "50 µs")
    rows = shown("kinds-of-data").figure(MEASURED).table.rows
    assert len(rows) == len(SECONDS) and rows[0][1].startswith("150 ")
