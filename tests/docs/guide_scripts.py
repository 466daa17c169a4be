"""What the scripts of both guides print, by file: a pattern for all of it."""

WITH_WORKERS = {
    "optimization_guide/complete_example.py": (
        r"(?:Single: .+\n){2}(?:Multi: .+\n){2}(?:Multi, kept: .+\n){2}(?:(?:Multi, kept, pinned: .+\n){2})?"
    ),
    "optimization_guide/heavy_preprocessing.py": r"624 photos decoded in 20 batches\n",
    "optimization_guide/how_it_works.py": r"num_workers=0\n(?s:.+)\n  batch 7: 32 items by worker 3\n",
    "optimization_guide/large_datasets.py": r"624 images of 6 classes\n",
    "optimization_guide/pin_memory.py": r"mean brightness 0\.500, computed on \w+\n",
    "optimization_guide/quick_benchmark.py": r"num_workers=0: \d+ samples/s\n(?:num_workers=\d+: \d+ samples/s\n)+",
    "optimization_guide/too_many_workers.py": r"num_workers=\d+: more did not pay here\n",
    "optimization_guide/windows_compatibility.py": r"under (?P<method>\w+) the numbers add up to 32640\n",
    "helper_sprites/debugging_headaches.py": (
        r"num_workers=2: \d+ lines, last: ValueError: sprite 13 has no pixels\n"
        r"num_workers=0: 1 lines, last: sprite 13 has no pixels\n"
    ),
    "helper_sprites/memory_goblins.py": r"Hoard: 2600000 letters\nPackedHoard: 2600000 letters\n",
    "helper_sprites/optional_num_workers.py": r"without helpers: [\d.]+ s\nwith four: [\d.]+ s, [\d.]+ times as fast\n",
    "helper_sprites/sprites_from_disk.py": r"two helpers fetched 2048 sprites\n",
}

WITHOUT_WORKERS = {
    "optimization_guide/common_guidelines.py": r"(?s:.+)\d+ cores for each of 1 ranks, the training loop included\n",
    "optimization_guide/rules_of_thumb.py": r"4 per GPU: \d+\nhalf of the cores: \d+\nby platform: [04]\n",
    "optimization_guide/sweet_spot.py": r"fits in RAM: True, -4 workers\nfits in RAM: False, -2 workers\n",
    "optimization_guide/when_not_to_use.py": r"20000 samples in an epoch, no worker needed\n",
    "helper_sprites/platform_quirks.py": r"64 sprites; .+\n",
}
