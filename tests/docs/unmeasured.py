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
SEEDS = "the seed's own words, judged in the ledger"

UNMEASURED: dict[str, dict[str, str]] = {
    "explanation/inside-the-loader.md": {
        "Here {slow} of {batches}": MEANING,
    },
    "explanation/what-a-worker-costs.md": {
        "A container has 64 MB of shared memory": SOURCE,
        "256 photos of 224 × 224 are one batch": COUNTS,
        "The ranks of a job in one container": COUNTS,
    },
    "guides/helper-sprites.md": {
        "As long as your loop asks for no result": LOGIC,
        "If this preparation (usually the CPU's work) is slower than": DEFINES,
        "And if your __getitem__ is already super-fast": BINDS,
        "Often, the loader with num_workers > 0 will be": SEEDS,
    },
    "guides/optimization.md": {
        "Start with the rule, benchmark, and adjust": ADVISES,
    },
    "how-to/ask-the-doctor.md": {
        '"For want of cores" means': DEFINES,
        "gain: how much faster": DEFINES,
    },
    "how-to/choose-num-workers.md": {
        "If a batch takes 120 ms": COUNTS,
        "The example has only 20 s": SETS,
        "If one process takes half a second": "so long each race lasts at most in tests/tools/test_slow_batches.py",
        "The race may start all of them": COUNTS,
        "If you time only the launch": COUNTS,
        "If the step waits for less than a tenth": LOGIC,
        "items that wait:": "TwoCosts of the experiment, which its test looks at",
        "From there the race goes up": SETS,
        "Then it goes down through": SETS,
        "The count that looks best among many": LOGIC,
        "So a share can exceed 100 %": LOGIC,
        "(The function is stricter": SETS,
        "Suppose that a batch takes 12 times": DEFINES,
        "In the loader's model, 12 workers": "the loader's model says so, in tests/lab/test_loader_model_rule.py",
        "The counts within a fifth of the fastest": SETS,
        "The smallest count within 2 % of the fastest": SETS,
        "Time the wait with that count": ADVISES,
        "Enough, or fastest?": ASKS,
        "Take the smallest count that you cannot": ADVISES,
    },
    "how-to/feed-a-gpu.md": {
        "Before the loop runs, we time how long": "STEP_SHARE of the experiment, which its test looks at",
        "Copies of 4 KiB to 256 MiB": "SIZES of copies, which its test looks at",
        "Here a step takes several times as long as the copy": "STEP_OVER_COPY of pin-memory, which its test looks at",
        "Here a step takes twice as long as the copy": "STEP_OVER_COPY of streams, which its test looks at",
    },
    "how-to/train-and-validate.md": {
        "So one second less per validation step": COUNTS,
    },
    "how-to/tune-num-workers.md": {
        "num_workers=… is certain": DEFINES,
        '"It loses … at most" bounds': DEFINES,
        "binds: what keeps": DEFINES,
        "A count leaves the race once": SETS,
        "The answer is certain only if it loses at most 5 %": DEFINES,
        "The tuner never reports a longer time": "as_raced of the tuner, which tests/tools/test_search.py looks at",
        "If you say nothing, the tuner takes 60": SETS,
        "If the slowest batch of twenty": SETS,
        "It does not tell whether __getitems__": LOGIC,
    },
    "how-to/find-the-bottleneck.md": {
        "If it is below about 10 %": ADVISES,
        "The wait fraction limits what you can gain": COUNTS,
        "A kernel that uses one of a hundred": LOGIC,
        "What to do: find the item": ADVISES,
        "Beyond that, make each item cheaper": ADVISES,
        "It says how many times as fast": DEFINES,
        "The loader then costs nothing": LOGIC,
        "What you see: the same loader is slower": PICTURED,
    },
    "how-to/load-text-tables-audio-video.md": {
        "A batch is as long as its longest text": DEFINES,
        "Mind the shared memory. A clip of 16 frames": COUNTS,
        "A batch of 8 clips": COUNTS,
        "Four workers with prefetch_factor": COUNTS,
        "Where you cannot, keep clips as uint8": COUNTS,
        "Count the memory before the workers. A volume of 512": COUNTS,
        "Four workers with prefetch_factor=2 and batches of two": COUNTS,
        "Crop in the worker, and send crops. A crop of 96": COUNTS,
    },
    "how-to/make-items-cheaper.md": {
        "How to make each item cheaper": ADVISES,
        "Here a crop is at least 60 %": SETS,
        "For four workers these are 25 %": COUNTS,
    },
    "reference/arguments.md": {
        "From there the copy to a GPU": SOURCE,
        "Set it in every job that you do not watch": ADVISES,
    },
    "how-to/leave-dataloader.md": {
        "Much of the promised speed": LOGIC,
        "A shuffled one reads through an index": SOURCE,
    },
    "how-to/load-in-threads.md": {
        "A thread that wants the lock asks": "the interpreter's own setting, sys.getswitchinterval()",
        "Code in one thread became": SOURCE,
        "Its author reports": SOURCE,
    },
    "how-to/read-over-a-network.md": {
        "Google’s connector for its buckets": SOURCE,
    },
    "how-to/where-you-run.md": {
        "It has all cores and half of the memory": SOURCE,
    },
    "index.md": {
        "Less than 10 %": ADVISES,
        "If the first batch of each epoch takes": ADVISES,
        "More, and all cores are busy": ADVISES,
        "| The GPU is idle half": ASKS,
        "| It is slower with workers than without": ASKS,
        "| The cores are busy and the step still waits": ADVISES,
    },
    "reference/experiments/costs.md": {
        "cheaper-items": "the name of an experiment",
    },
    "reference/glossary.md": {
        "How many times as fast your loop would run": DEFINES,
    },
    "reference/method.md": {
        "Of fewer than 7": "David and Nagaraja; tests/lab/test_stats.py computes it",
        "Whatever the distribution of the samples": "David and Nagaraja; tests/lab/test_stats.py computes it",
        "A site is published only if": DEFINES,
        "In every round, as many processes": DEFINES,
        "the hypervisor gave at most": DEFINES,
        "the arm that ran twice in each round agrees": DEFINES,
        "The last two let more noise pass": DEFINES,
        "If the arm that ran twice certainly differs": DEFINES,
        "With noise of 3, 8 and 20 %": "tests/lab/test_error_rates.py simulates it",
        "With the true ratio 1.2 times": "tests/lab/test_error_rates.py simulates it",
    },
    "troubleshooting/batches.md": {
        "It gives that memory the shape": "the source of torch",
    },
    "troubleshooting/index.md": {
        "| Training gets slower and slower": MEANING,
        "Slower with workers than without": MEANING,
        "| Slower with more workers, and all cores are busy": MEANING,
    },
    "troubleshooting/memory.md": {
        "The script uses up most": SETS,
        "A container (Docker, Kubernetes": SOURCE,
        "The script ran where": SETS,
        "The script fills a": SETS,
        "Each tensor that came from a worker": "the script below shows it",
        "They are also quicker to hand over": BINDS,
        "With decord 0.6.0 a process grew": "by hand, on the day that the next sentence says",
        "With that AudioReader, a worker that was kept": "by hand, on the day that a sentence before it says",
    },
    "troubleshooting/slow.md": {
        "Fix: Use more workers, as far as the cores": ADVISES,
        "Make items cheaper": ADVISES,
        "In one report loading was several times slower": SOURCE,
        "Then the warning is gone, and a user": SOURCE,
        "Another rank did not come within the time limit": SOURCE,
        "In one report an epoch took": SOURCE,
        "Training gets slower and slower": MEANING,
        "Slower with workers than without": MEANING,
        "People report 10 to 20 s": SOURCE,
        "Slower with more workers, and all cores are busy": MEANING,
        "PyTorch DataLoader hangs at the first batch": DEFINES,
    },
    "troubleshooting/workers.md": {
        "Whenever nothing has arrived": "the source of torch",
    },
}

TYPED: dict[str, dict[str, str]] = {
    "choosing/show.py": {
        "half the CPUs": "the name of a rule of thumb",
    },
    "gpu_choosing/show.py": {
        "half the CPUs": "the name of a rule of thumb",
    },
    "other_tuners/show.py": {
        "half the CPUs": "the name of a rule of thumb",
    },
    "quick_benchmark/show.py": {
        "Of the pairs of worker counts": BINDS,
    },
    "rules_of_thumb.py": {
        "half the CPUs": "quotes a rule of thumb",
    },
    "scaling/show.py": {
        "times as fast as 0 workers": "the axis of a chart",
    },
    "thread_loader/show.py": {
        "times as fast as the main process alone": "the axis of a chart",
    },
}
"""The same for texts in the modules that fill figures and tables; `{}` stands for a value that is put in."""
