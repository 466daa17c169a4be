"""What the scripts of the how-tos, explanations and references print, as their pages say; the guides' and the
messages' have tests of their own.

Of times only that there is one: what they come to is measured, and judged by claims.
"""

import re

MS = r"(?: \d+)"
MB = r"\d+\.\d MB"
NO_PAIR_TWICE = r"(?!(?s:.*)(\[\d+, \d+\])(?s:.*)\1)(?:epoch [12]:(?: \[\d+, \d+\]){4}\n?){2}"

SHOWN = {
    "arguments/batched_fetch": r"Table: 1000 questions\nBatchedTable: 10 questions",
    "arguments/shuffle_in_blocks": (
        r"RandomSampler: first index after \d+\.\d{3} s, 80\.\d MB\n"
        r"InBlocks: first index after \d+\.\d{3} s, 0\.\d MB"
    ),
    "arguments/timeout": r"item 0\nDataLoader timed out after 5 seconds",
    "arguments/worker_init": r"(?:(?:worker [01] connects\n){2}epoch [12]: 0 1 4 9\n?){2}",
    "choose_num_workers/choose": (
        r"a batch [\d.]+ ms, a step [\d.]+ ms\n"
        r"(?:(?:\d+ s are too few .+\n)?(?:\d+ workers: [\d.]+ ms per batch and step\n)*(?:The two rounds .+\n)?)?"
        r"num_workers=\d+"
    ),
    "choose_num_workers/verify": r"(?:[012348] workers: the step waits \d+% of the time\n?){6}",
    "find_the_bottleneck/bursts": rf"ms before each batch:{MS}{{12}}",
    "find_the_bottleneck/busy_neighbour": rf"(?:[02] neighbours, ms before each batch:{MS}{{12}}\n?){{2}}",
    "find_the_bottleneck/fed": rf"ms before each batch:{MS}{{12}}",
    "find_the_bottleneck/headspace": (
        r"as it is: \d+ steps/s\nwith one batch replayed: \d+ steps/s\nheadspace: \d+\.\d times"
    ),
    "find_the_bottleneck/slow_first_batch": rf"(?:epoch [12], ms before each batch:{MS}{{8}}\n?){{2}}",
    "find_the_bottleneck/starved": rf"ms before each batch:{MS}{{10}}",
    "find_the_bottleneck/straggler": rf"ms before each batch:{MS}{{16}}",
    "get_right_results/epoch_plain": r"new workers see epochs \[0, 1, 2\]\nkept workers see epochs \[0, 0, 0\]",
    "get_right_results/epoch_shared": r"new workers see epochs \[0, 1, 2\]\nkept workers see epochs \[0, 1, 2\]",
    "get_right_results/handle_own": r"0 workers: 0 of 400 are wrong\n2 workers: 0 of 400 are wrong",
    "get_right_results/handle_shared": r"0 workers: 0 of 400 are wrong\n2 workers: [1-9]\d* of 400 are wrong",
    "get_right_results/iterable_doubled": r"0 workers: 0 1 2 3 4 5\n2 workers: 0 0 1 1 2 2 3 3 4 4 5 5",
    "get_right_results/iterable_shared": r"0 workers: 0 1 2 3 4 5\n2 workers: 0 1 2 3 4 5",
    "get_right_results/random_from_seed": NO_PAIR_TWICE,
    "get_right_results/random_held": r"epoch 1: (\[\d+, \d+\]) \1 \1 \1\nepoch 2: \1 \1 \1 \1",
    "get_right_results/random_reseeded": NO_PAIR_TWICE,
    "get_right_results/resume_by_order": r"before:(?: \d+){6}\nafter:(?: \d+){6}\nall of them once: True",
    "get_right_results/resume_by_skipping": r"seen twice:(?: \d+)+\nnever seen:(?: \d+)+",
    "get_right_results/same_run_twice": (
        r"same seed, same workers: True\nanother seed: False\nanother number of workers: False"
    ),
    "inside_the_loader/one_long_epoch": (
        rf"three epochs, ms before each batch:{MS}{{12}}\none epoch, ms before each batch:{MS}{{12}}"
    ),
    "inside_the_loader/one_slow_batch": (
        r"in_order=True: \[0, 1, 2, 3, 4, 5, 6, 7\]\nin_order=False: (?!\[0, 1, 2, 3)\[\d(?:, \d){7}\]"
    ),
    "leave_dataloader/with_dataloader": r"624 photos through DataLoader",
    "leave_dataloader/with_datasets": r"(?:Generating train split: .+\n)*624 photos through datasets",
    "leave_dataloader/with_spdl": r"624 photos through SPDL",
    "leave_dataloader/with_torchdata": r"624 photos through torchdata\.nodes",
    "leave_dataloader/with_webdataset": r"624 photos through WebDataset",
    "use_several_processes/shards": (
        r"1 ranks × 0 workers: \[120\], once: True\n"
        r"1 ranks × 2 workers: \[120\], once: True\n"
        r"2 ranks × 2 workers: \[60, 60\], once: True\n"
        r"3 ranks × 2 workers: \[40, 40, 40\], once: True"
    ),
    "use_several_processes/train_ranks": (
        r"(?s:.+\n)?"  # torchrun's own advice, where OMP_NUM_THREADS is not set
        r"epoch 0: 1000 of 1000 items seen once, by all ranks\nepoch 1: 1000 of 1000 items seen once, by all ranks"
    ),
    "use_several_processes/uneven_shards": (
        r"12 shards, 2 ranks × 2 workers: \[3, 3, 3, 3\]\n"
        r"12 shards, 2 ranks × 4 workers: \[2, 2, 2, 2, 1, 1, 1, 1\]\n"
        r"6 shards, 2 ranks × 4 workers: \[1, 1, 1, 1, 1, 1, 0, 0\]"
    ),
    "what_a_worker_costs/few_large_tensors": r"(?:(?:1|16|256) tensors: \d+\.\d ms per batch\n?){3}",
    "what_a_worker_costs/preloaded_forkserver": r"first epoch: \d+\.\d{3} s\nsecond epoch: \d+\.\d{3} s",
    "what_a_worker_costs/shared_memory": rf"one batch: {MB}\n(?:[124] workers × [24]: {MB}\n?){{4}}",
    "what_a_worker_costs/threads": r"num_workers=0: \d+ threads\nnum_workers=1: 1 threads",
}


def is_as_the_page_says(name: str, text: str) -> bool:
    return re.fullmatch(SHOWN[name], text) is not None
