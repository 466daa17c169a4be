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

UNMEASURED: dict[str, dict[str, str]] = {
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
        "The same traced epoch, run a second time": BINDS,
        "A change to a page measures nothing": "tests/lab/test_session_stale.py and the bench show it",
    },
}

TYPED: dict[str, dict[str, str]] = {
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
