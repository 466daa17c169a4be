"""Mistakes that no check can notice, and why that is right: by file, kind, and what stood on the line."""

NO_GPU = "runs on a GPU alone; a machine that has one measures and judges it"

REASONS: dict[tuple[str, str, str], str] = {
    ("snippets/experiments/counted/datasets.py", "line deleted", "time.sleep(0.01)"): "waits busily instead of idly",
    (
        "snippets/experiments/dataset_copies/measure.py",
        "line deleted",
        "int(self.data[::4096].sum())",
    ): "reading a page does not copy it: that is what the claim says",
    ("snippets/experiments/disk/claims.py", "bound moved", "at_most(0.05),"): "what was dropped from the cache is 0 %",
    ("snippets/experiments/pin_memory/claims.py", "bound moved", "at_least(1.02),"): NO_GPU,
    ("snippets/experiments/pin_memory/claims.py", "bound moved", "same_within(1.05),"): NO_GPU,
    (
        "snippets/experiments/pin_memory/measure.py",
        "workers to 0",
        "loader = DataLoader(TensorDataset(images), BATCH_SIZE, num_workers=4, pin_memory=pin_memory)",
    ): NO_GPU,
    (
        "snippets/experiments/pin_memory/measure.py",
        "timing dropped",
        'return Sample({"total": time.perf_counter() - start})',
    ): NO_GPU,
    ("snippets/experiments/pin_memory/measure.py", "arms swapped", "{"): NO_GPU,
    (
        "snippets/experiments/quick_benchmark/show.py",
        "quotient upside down",
        "(rates[a] < rates[b]) == (right[a] < right[b]) or abs(right[a] / right[b] - 1) <= tie for a, b in pairs",
    ): "within 5 % of one or of the other is the same tie, but for a quarter of a percent",
}
