"""More readers than shards: some workers have nothing to do."""


# prints: 12 shards, 2 ranks × 2 workers: \[3, 3, 3, 3\]
# prints: 12 shards, 2 ranks × 4 workers: \[2, 2, 2, 2, 1, 1, 1, 1\]
# prints: 6 shards, 2 ranks × 4 workers: \[1, 1, 1, 1, 1, 1, 0, 0\]
# workers: none


# --8<-- [start:code]
def shards_per_worker(shards, ranks, workers):
    readers = ranks * workers
    return [len(range(reader, shards, readers)) for reader in range(readers)]


for shards, ranks, workers in ((12, 2, 2), (12, 2, 4), (6, 2, 4)):
    counts = shards_per_worker(shards, ranks, workers)
    print(f"{shards} shards, {ranks} ranks × {workers} workers: {counts}")
# --8<-- [end:code]
