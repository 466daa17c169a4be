"""Mistakes that no check can notice, and why that is right: by file, kind, and what stood on the line."""

MAKES_IT_FREQUENT = "the pause stands for a slow disk; the script is right, or wrong, without it as well"

OTHER_NUMBERS = "other numbers, and as different from each other"

CACHED = "the round before, or the build that made the images, has them in the page cache already"

REASONS: dict[tuple[str, str, str], str] = {
    ("snippets/experiments/counting_datasets.py", "line deleted", "time.sleep(0.01)"): "waits busily instead of idly",
    ("snippets/experiments/disk/measure.py", "line deleted", "path.read_bytes()"): CACHED,
    ("snippets/experiments/photos_overlap/measure.py", "line deleted", "path.read_bytes()"): CACHED,
    (
        "snippets/experiments/handing_over/measure.py",
        "line deleted",
        "sum(range(10_000))",
    ): "a loop that asks without end holds the interpreter as well",
    ("snippets/experiments/disk/claims.py", "bound moved", "at_most(0.05),"): "what was dropped from the cache is 0 %",
    ("snippets/experiments/cuda_overlap/measure.py", "arms swapped", "again=arm(4),"): "any arm may be run twice",
    ("snippets/pages/get_right_results/handle_own.py", "line deleted", "time.sleep(0.001)"): MAKES_IT_FREQUENT,
    ("snippets/pages/get_right_results/handle_shared.py", "line deleted", "time.sleep(0.001)"): MAKES_IT_FREQUENT,
    (
        "snippets/pages/get_right_results/handle_shared.py",
        "line deleted",
        "self.file.seek(index * SIZE)",
    ): "records are misread without it as well, which is what is shown",
    ("snippets/pages/get_right_results/random_reseeded.py", "line deleted", "torch.manual_seed(0)"): OTHER_NUMBERS,
    ("snippets/pages/get_right_results/resume_by_skipping.py", "line deleted", "torch.manual_seed(0)"): OTHER_NUMBERS,
    (
        "snippets/pages/what_a_worker_costs/few_large_tensors.py",
        "line deleted",
        "next(batches)",
    ): "the four batches that are thrown away are a tenth of those that are timed",
    ("snippets/pages/get_right_results/random_from_seed.py", "line deleted", "torch.manual_seed(0)"): OTHER_NUMBERS,
    (
        "snippets/pages/inside_the_loader/one_slow_batch.py",
        "line deleted",
        "time.sleep(0.5 if index == 2 else 0.02)",
    ): "batches overtake each other by chance, too",
    (
        "snippets/pages/use_several_processes/train_ranks.py",
        "line deleted",
        "dist.destroy_process_group()",
    ): "Python's end does it, with gloo; with nccl torch would warn",
}
