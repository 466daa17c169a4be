"""Sentences with a number or a comparison that no measurement of this site is behind, and why that is right.

Each entry is how a sentence begins. A sentence that a test of the page proves by counting needs none.
"""

DEFINES = "defines a word"
ADVISES = "tells the reader what to do"
BINDS = "says in words what the claim or the measured value in the same sentence says in numbers"
ASKS = "a question, or the choice that one has"
SETS = "a setting or a default, which the code beside it shows"
COUNTS = "arithmetic with numbers that stand in the sentence"
LOGIC = "follows from what was said before, whatever is measured"
MEANING = "says what was done, not what came out"
SOURCE = "the source that the sentence links to says so"
PICTURED = "the picture beside it shows it"
RAN = "seen when we ran it; the page says so"
SAID = "what torch says, or does not say"

UNMEASURED: dict[str, dict[str, str]] = {
    "explanation/inside-the-loader.md": {
        "A steady loader gives at most the least of": "tests/lab/test_loader_model.py compares it with the model",
        "With every 16th batch slow and 4 workers": BINDS,
        "If all batches cost the same, it gets": BINDS,
        "From prefetch_factor=1 to 8": BINDS,
        "How much more depends on": LOGIC,
        "Only now does the loop of its worker": LOGIC,
        "So a slow batch costs more": PICTURED,
        "The other two workers finish": PICTURED,
        "The dashed line is a prediction": MEANING,
        "Here {slow} of {batches}": MEANING,
        "At the start it does so": BINDS,
    },
    "explanation/what-a-worker-costs.md": {
        "The same {bytes} as 256 tensors": BINDS,
        "A container has 64 MB of it": SOURCE,
        "More threads are not always faster": PICTURED,
        "The server has imported nothing": BINDS,
        "If an epoch is shorter than its start-up": LOGIC,
    },
    "guides/helper-sprites.md": {
        "If this preparation (usually the CPU's work) is slower than": DEFINES,
        "More helpers aren't always better!": "the seed's own words, judged in the ledger",
        "And if your __getitem__ is already super-fast": BINDS,
        "How many helpers is best?": ASKS,
        "How slow is your __getitem__, and does it wait or compute? This matters most.": ASKS,
        "How many CPU cores do you have?": ADVISES,
        "If a batch takes four times as long as a step": COUNTS,
        "Then try one fewer and twice as many.": ADVISES,
        "As Python objects, the names cost them": BINDS,
        "It compares the times.": MEANING,
    },
    "guides/optimization.md": {
        "With more, worker processes fetch": DEFINES,
        "num_workers=0 (default)": SETS,
        "num_workers=4": SETS,
        "Decoding photos with 0, 2 and 4 workers": SETS,
        "Nothing overlaps, so the step waits": "the picture above shows one lane",
        "Under DDP each of 8 ranks": COUNTS,
        "Two things do not show in sketches": "the picture above shows both",
        "The first drew training on batch 1 during": "says what the first version drew",
        "Whether more workers help depends": ASKS,
        "Four workers load the tiny sprites": BINDS,
        "There are many rules of thumb": COUNTS,
        "None is right everywhere: the least wrong": BINDS,
        "Then measure that count, half of it": ADVISES,
        "If your items wait more than they compute": "the claims on waiting items beyond the cores, above",
        "More workers than the work can use cost": LOGIC,
        "Nor does it follow that a dataset": LOGIC,
        "Slicing is {value} as fast": BINDS,
        "num_workers=0 is right when": ADVISES,
        "If the step waits, loading is too slow": LOGIC,
        "Start from the usable cores per rank, measure": ADVISES,
        "persistent_workers did nothing for it": "follows from the first version's code, which stands in tests/docs",
    },
    "how-to/choose-num-workers.md": {
        "| a batch takes less than a tenth of a step": COUNTS,
        "| Workload | Step | Chosen": DEFINES,
        "What your items compute with several": LOGIC,
        "Enough, or fastest?": ASKS,
        "The fastest changes from run to run": LOGIC,
        "If that does not fit, fewer workers": ADVISES,
        "Time the wait with that count": ADVISES,
        "| in each case with workers": ADVISES,
        "| your items compute: compute is near": BINDS,
        "Take the smallest count that is within": ADVISES,
        "If the files were not read since": ADVISES,
    },
    "how-to/find-the-bottleneck.md": {
        "If the quotient is near 1": LOGIC,
        "A kernel that uses one of a hundred": LOGIC,
        "Starting alone is dear under spawn": BINDS,
        "A larger prefetch_factor only": SOURCE,
        "nvidia-smi shows the share": SOURCE,
        "What to do: persistent_workers=True": ADVISES,
        "What to do: find the item": ADVISES,
        "What to do: more workers": ADVISES,
        "Below some percent, more workers": BINDS,
        "For more speed, work on the step": ADVISES,
        "No change to the loader can give more": LOGIC,
        "The loader then costs nothing": LOGIC,
        "What to do: nothing": ADVISES,
        "What you see: the same loader is slower": PICTURED,
    },
    "how-to/get-right-results.md": {
        "drop_last=True drops the remainder": BINDS,
        "Over two epochs, four workers drew": BINDS,
        "The transforms of a library": SOURCE,
        "You need do nothing, as long as": ADVISES,
        "The same run twice": DEFINES,
    },
    "how-to/use-several-processes.md": {
        "More than one process, more than": DEFINES,
        "Ranks times workers": DEFINES,
        "Ranks with unequal shards end": LOGIC,
        "Have at least as many shards": ADVISES,
        "If your items wait more than they compute": BINDS,
        "Else some workers have more to do": COUNTS,
        "Ranks × workers on one machine": DEFINES,
    },
    "reference/arguments.md": {
        "Traps: it is per process; 0 and 1": BINDS,
        "Default 0": SETS,
        "Traps: shared memory grows with it": BINDS,
        "Default 1": SETS,
        "__getitems__, if it exists": BINDS,
        "Default 2 with workers": SETS,
        "What it returns decides what": BINDS,
        "Default None: what Python does": SETS,
        "With an IterableDataset it is per worker": BINDS,
        "One worker makes one whole batch, so a larger": LOGIC,
        "Set it in every job that nobody watches": ADVISES,
    },
    "how-to/leave-dataloader.md": {
        "Its last release is of March 2023": SOURCE,
        "Its last release, of July 2025": SOURCE,
        "It is marked beta; the last release": SOURCE,
        "Most speed that is promised comes": LOGIC,
        "Trap: with fewer shards than workers": RAN,
        "A table in an Arrow file": SOURCE,
        "If decoding binds you, it can store": SOURCE,
        "The fastest of them reaches": BINDS,
        "Threads can be slower than processes": PICTURED,
        "So nothing is left of what a library": LOGIC,
        "| handing batches over between processes": LOGIC,
        "A shuffled one reads through an index": SOURCE,
    },
    "index.md": {
        "| More workers do not help": ASKS,
        "| Several GPUs, several machines": ASKS,
        "| The GPU is idle half": ASKS,
        "| Every worker augments alike": ASKS,
    },
    "reference/machines.md": {
        "Cores usable is the smaller of": DEFINES,
    },
    "reference/method.md": {
        "After one warm-up run of each arm": MEANING,
        "In most experiments one arm runs twice": MEANING,
        "Whatever difference the two show is noise": DEFINES,
        "The interval behind it runs between": DEFINES,
        "Whatever the distribution of the samples": "David and Nagaraja; tests/lab/test_stats.py computes it",
        "contradicted: the gates are open": DEFINES,
        "not measured here: what it needs": DEFINES,
        "The full form looks after 7, 14 and 21 rounds": DEFINES,
        "A site is published only if": DEFINES,
        "the machine had at least": DEFINES,
        "the hypervisor gave at most": DEFINES,
        "the arm that ran twice in each round agrees": DEFINES,
        "the claim's own interval is no wider": DEFINES,
        "The last two let more noise pass": DEFINES,
        "With noise of 3, 8 and 20 %": "tests/lab/test_error_rates.py simulates it",
        "With the true ratio 1.2 times": "tests/lab/test_error_rates.py simulates it",
        "Of 5, as in the short form": "1 − 2 × (1/2)⁵",
        "Where a pass has only three or four rounds": "2 × (1/2)³ and 2 × (1/2)⁴",
        "The same traced epoch, run a second time": BINDS,
        "A change to a page measures nothing": "tests/lab/test_session_stale.py and the bench show it",
    },
    "troubleshooting/batches.md": {
        "Messages of PyTorch DataLoader about collating": DEFINES,
    },
    "troubleshooting/index.md": {
        "Our suggested max number of worker": SAID,
    },
    "troubleshooting/memory.md": {
        "Older versions of torch said": SAID,
        "Here the loop keeps every batch": SETS,
        "The script ran where": SETS,
        "Containers have 64 MB of it": "the page on what a worker costs links the source",
        "Each tensor that came from a worker": "the script below shows it",
        "Or load less ahead": ADVISES,
        "A worker ran out of files itself": "the script below shows it",
        "Give the container more": ADVISES,
        "If that fails, the worker prints": "the script below shows it",
        "Return few large tensors": BINDS,
    },
    "troubleshooting/settings.md": {
        "It often comes when num_workers": LOGIC,
        "Our suggested max number of worker": SAID,
        "In Python 4-8 is not a range": COUNTS,
        "If your items wait more than they compute": BINDS,
        "A warning, not an error": SAID,
        "If there should be more cores": ADVISES,
        "It says nothing about a container": SAID,
        "There is no GPU, so nothing is pinned": BINDS,
    },
    "troubleshooting/slow.md": {
        "Workers inherit it, and torch": SAID,
        "More workers, as far as the cores": ADVISES,
        "If the step waits and the cores are busy": ADVISES,
        "It hangs, or one batch takes longer": LOGIC,
        "Count the cores that you may use": ADVISES,
        "What hangs says nothing": LOGIC,
        "PyTorch DataLoader hangs, times out": DEFINES,
    },
    "troubleshooting/start.md": {
        "Python 3.13 says": "the next versions' own words",
        "Under fork there is no error": BINDS,
    },
    "troubleshooting/workers.md": {
        "Find out what the workers hold": ADVISES,
        "A worker that dies says less": LOGIC,
    },
}

TYPED: dict[str, dict[str, str]] = {
    "choosing/show.py": {
        "The count that eight batches": BINDS,
    },
    "cpu_training/show.py": {
        "0 workers, 1 threads": "names an arm",
        "2 workers, 1 threads": "names an arm",
        "the model has 1 thread": "names an arm",
        "{} workers, 1 threads": "names an arm",
    },
    "handing_over/show.py": {
        "1 tensor": "names an arm",
    },
    "life_of_a_batch/show.py": {
        "12 batches, 3 workers": "names the run",
        "{} batches, one lane each": BINDS,
    },
    "ranks/show.py": {
        "All ranks together, over one rank": BINDS,
        "times one rank without workers": "the axis of a chart",
    },
    "signatures/busy_neighbour.py": {
        "The same epoch takes {} as long": BINDS,
    },
    "signatures/fed.py": {
        "The first batch is waited for, {}": BINDS,
    },
    "start_up/show.py": {
        ", 1 MB": "names an arm",
    },
    "stragglers/show.py": {
        "In order, the epoch takes": BINDS,
        "Measured over the least possible": "heads a column",
        "every 16th slow": "names an arm",
        "times the least possible time": "the axis of a chart",
    },
    "quick_benchmark/show.py": {
        "Of the pairs of worker counts": BINDS,
        "best": "names a value",
    },
    "scaling/regret.py": {
        "What {} rules of thumb lose": BINDS,
        "% of the best count’s throughput lost": "the axis of a chart",
        "{}: best with {} workers": BINDS,
    },
    "scaling/rules.py": {
        "half the CPUs": "quotes a rule of thumb",
        "CPUs − 1": "quotes a rule of thumb",
        "CPUs up to": "quotes a rule of thumb",
        "4 per GPU": "quotes a rule of thumb",
        "2 to 4 per GPU": "quotes a rule of thumb",
        "PyTorch’s tutorial of 2026": "the year of a source",
    },
    "scaling/show.py": {
        "times as fast as 0 workers": "the axis of a chart",
    },
    "sprites_overlap/show.py": {
        "num_workers=": SETS,
    },
}
"""The same for texts in the modules that fill figures and tables; `{}` stands for a value that is put in."""
