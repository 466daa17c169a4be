"""What the first version of both guides said, word for word, and which claims speak for it and against it."""

from snippets.lab.judging.claim import Statement

ONE, TWO = "Choosing num_workers", "The helper sprites"

STATEMENTS = (
    # Choosing num_workers
    Statement(
        "It speeds up training by loading the next batch while the GPU is processing the current one.",
        ONE,
        supported_by=("workers-feed-a-gpu", "workers-feed-a-network"),
        refuted_by=("workers-make-memory-slower",),
        where="Where loading takes longer than handing a batch over. Up to 8 batches are loaded ahead with 4 workers, "
        "not one.",
    ),
    Statement(
        "GPU waits for data!",
        ONE,
        supported_by=("a-starved-loop-waits-for-its-batches",),
        refuted_by=("launches-overlap-without-workers",),
        where="Where loading takes longer than a step, or the loop waits for each step. A loop that does not wait "
        "loads the next batch while the GPU computes, also without workers.",
    ),
    Statement(
        "Workers load ahead while GPU trains!",
        ONE,
        supported_by=("eight-batches-ahead", "workers-feed-a-gpu"),
        where="Everywhere; whether they keep up depends on the batch and the step.",
    ),
    Statement(
        "Main process: Load data → Send to GPU → Train → Repeat",
        ONE,
        supported_by=("main-loads-alone",),
        where="With num_workers=0.",
    ),
    Statement(
        "Worker 1: Load batch 1",
        ONE,
        supported_by=("one-worker-one-batch", "batches-in-turn"),
        where="Everywhere: one worker, one batch, in turn.",
    ),
    Statement(
        "Heavy operations benefit from workers",
        ONE,
        supported_by=("two-hide-decoding", "two-decode-faster"),
        where="Up to the usable cores.",
    ),
    Statement(
        "Multiple workers can process different images simultaneously",
        ONE,
        supported_by=("two-decode-faster",),
        where="With more than one usable core.",
    ),
    Statement(
        "Reading from disk is slow",
        ONE,
        supported_by=("cold-sprites-are-slower",),
        refuted_by=("photos-take-longer-to-decode-than-to-read",),
        where="For small files on cold pages. A photo costs more to decode than to read, and warm pages are no disk.",
    ),
    Statement(
        "Workers can prefetch while GPU computes",
        ONE,
        supported_by=("eight-batches-ahead", "workers-feed-a-gpu"),
        where="Everywhere.",
    ),
    Statement(
        "num_workers=8  # Critical for performance!",
        ONE,
        supported_by=("waiting-scales-to-8",),
        refuted_by=("eight-decode-on-fewer-cores",),
        where="Where items wait. Where they compute, the cores decide.",
    ),
    Statement(
        "Quick benchmark to find optimal value",
        ONE,
        refuted_by=("as-written-undervalues-workers",),
        where="Nowhere: it counts starting the workers as loading.",
    ),
    Statement(
        "if i == 100:  # Test 100 batches",
        ONE,
        refuted_by=("as-written-fetches-101",),
        where="Nowhere.",
    ),
    Statement(
        "num_workers = 4 * num_gpus  # Often good starting point",
        ONE,
        supported_by=("waiting-scales-to-4",),
        refuted_by=("four-lose-in-memory", "waiting-scales-to-8"),
        where="Per machine, not per process, and where items wait and a batch takes between three and four steps.",
    ),
    Statement(
        "num_workers = multiprocessing.cpu_count() // 2",
        ONE,
        refuted_by=("half-the-cpus-lose-on-waiting",),
        where="For items that compute, on a machine that is all yours; the other half of the cores then idles.",
    ),
    Statement(
        "num_workers = 0  # Windows has multiprocessing issues",
        ONE,
        supported_by=("spawn-takes-longer-to-start",),
        refuted_by=("spawn-works-with-the-guard",),
        where="Spawn, which Windows uses, works behind a main guard; it starts slowly.",
    ),
    Statement(
        "num_workers = 4  # Linux/Mac work well",
        ONE,
        supported_by=("four-leave-only-the-steps",),
        refuted_by=("workers-make-memory-slower",),
        where="Where items wait or are heavy; macOS spawns, as Windows does.",
    ),
    Statement(
        "Excessive RAM usage",
        ONE,
        supported_by=("spawned-workers-are-large", "goblins-eat-objects"),
        refuted_by=("fork-shares-arrays", "packed-arrays-feed-no-goblins"),
        where="Under spawn and forkserver, and for datasets of many small Python objects.",
    ),
    Statement(
        "CPU thrashing",
        ONE,
        supported_by=("threads-of-workers-slow-each-other",),
        refuted_by=("eight-decode-on-fewer-cores",),
        where="Where a library starts threads of its own in each worker. Workers that keep one core busy each take "
        "turns.",
    ),
    Statement(
        "Each worker loads a full copy of the dataset in memory!",
        ONE,
        supported_by=("spawn-copies-arrays",),
        refuted_by=("fork-shares-arrays", "fork-shares-tensors", "spawn-shares-tensors"),
        where="For NumPy arrays under spawn and forkserver.",
    ),
    Statement("num_workers = 4-8", ONE, refuted_by=("a-range-is-a-subtraction",), where="Nowhere: it is −4."),
    Statement(
        "num_workers = 2-4  # Less to avoid memory issues",
        ONE,
        refuted_by=("a-range-is-a-subtraction",),
        where="Nowhere: it is −2.",
    ),
    Statement(
        "if __name__ == '__main__':  # Required on Windows!",
        ONE,
        supported_by=("spawn-needs-the-guard", "spawn-works-with-the-guard"),
        refuted_by=("fork-needs-no-guard",),
        where="Wherever workers are not forked: Windows, macOS, and Linux from Python 3.14.",
    ),
    Statement(
        "Combine with pin_memory for extra speed",
        ONE,
        supported_by=("pinning-and-not-blocking-helps",),
        where="With a GPU, and with copies that do not block.",
    ),
    Statement(
        "pin_memory=True  # Faster GPU transfer",
        ONE,
        supported_by=("pinned-copies-are-faster",),
        where="With a GPU: a copy from pinned memory needs no staging. With non_blocking=True too, the main process "
        "goes on meanwhile.",
    ),
    Statement(
        "persistent_workers=True  # Keep workers alive between epochs",
        ONE,
        supported_by=("persistent-workers-stay", "keeping-workers-pays"),
        where="Everywhere; it pays most under spawn.",
    ),
    Statement(
        "num_workers = 0  # Already fast",
        ONE,
        supported_by=("workers-make-memory-slower",),
        refuted_by=("slicing-beats-the-loader",),
        where="Against workers it is; against slices of whole batches it is slow.",
    ),
    Statement(
        "if len(dataset) < 1000:\n    num_workers = 0  # Overhead not worth it",
        ONE,
        refuted_by=("helpers-hide-waiting",),
        where="Where starting the workers takes longer than loading. Forked ones were worth their start for 192 items "
        "that wait.",
    ),
    Statement(
        "if no_augmentation and data_in_memory:\n    num_workers = 0",
        ONE,
        supported_by=("workers-make-memory-slower", "four-lose-in-memory"),
        where="For rows of a tensor in memory.",
    ),
    Statement(
        "Fine for small datasets or when data is in memory",
        ONE,
        supported_by=("workers-make-memory-slower",),
        refuted_by=("helpers-hide-waiting",),
        where="Without a step, yes. Small is the wrong test: 192 items that wait were worth four forked workers.",
    ),
    Statement(
        "Significant speedup for image datasets, heavy preprocessing",
        ONE,
        supported_by=("two-decode-faster",),
        refuted_by=("eight-decode-on-fewer-cores",),
        where="For images that take long to decode, up to the cores.",
    ),
    Statement(
        "If GPU usage is low (<90%), you might need more workers",
        ONE,
        supported_by=("workers-feed-a-network",),
        refuted_by=("utilisation-tells-no-wait-from-a-pause",),
        where="Where the step waits for loading and cores are free. Usage is as low in a loop that pauses by itself.",
    ),
    Statement(
        "Start with 4, benchmark, and adjust",
        ONE,
        supported_by=("waiting-scales-to-4",),
        refuted_by=("four-lose-in-memory", "no-rule-is-right-everywhere"),
        where="The benchmark is what matters in it.",
    ),
    Statement(
        "Keep the GPU fed with data constantly instead of waiting for the CPU to load the next batch!",
        ONE,
        supported_by=("workers-feed-a-gpu", "workers-feed-a-network"),
        where="After the first batch, as far as there are cores for the workers: the slower side sets the pace.",
    ),
    # The helper sprites
    Statement(
        "Your main Python script does all the work.",
        TWO,
        supported_by=("main-loads-alone",),
        where="With num_workers=0.",
    ),
    Statement(
        "Each helper process can independently call `your_dataset.__getitem__(idx)` to fetch a sprite.",
        TWO,
        supported_by=("one-worker-one-batch",),
        where="Everywhere, and for a whole batch of sprites at a time.",
    ),
    Statement(
        "The main script just collects the finished sprites from the helpers and quickly packs the batch.",
        TWO,
        refuted_by=("main-packs-nothing",),
        where="Nowhere: the helper that fetched a batch also packs it.",
    ),
    Statement(
        "Helper CPUs load Batch N+1 in parallel",
        TWO,
        supported_by=("four-leave-only-the-steps", "eight-batches-ahead"),
        where="Everywhere, and more than one batch ahead.",
    ),
    Statement(
        "GPU finishes, Batch N+1 is ready!",
        TWO,
        supported_by=("workers-feed-a-gpu",),
        refuted_by=("first-batch-waits",),
        where="If the helpers keep up. The first batch is never ready.",
    ),
    Statement(
        "This keeps the powerful GPU constantly fed with sprites",
        TWO,
        supported_by=("workers-feed-a-gpu",),
        refuted_by=("first-batch-waits",),
        where="After the first batch, with enough helpers.",
    ),
    Statement(
        "More helpers aren't always better!",
        TWO,
        supported_by=("workers-make-memory-slower", "two-more-gain-nothing"),
        where="Everywhere.",
    ),
    Statement(
        "Creating and managing these helper processes takes a bit of time itself.",
        TWO,
        supported_by=("first-batch-waits", "every-epoch-starts-its-workers"),
        where="Everywhere, at every epoch unless they are kept.",
    ),
    Statement(
        "the cost of managing helpers might be _slower_ than just doing it sequentially!",
        TWO,
        supported_by=("workers-make-memory-slower",),
        where="For items that cost less than handing them over.",
    ),
    Statement(
        "Start with `0`. If training seems slow and GPU utilization is low, try `2`, `4`, maybe `os.cpu_count()`.",
        TWO,
        supported_by=("workers-make-memory-slower",),
        refuted_by=(
            "default-loses-most-of-waiting",
            "waiting-scales-to-8",
            "utilisation-tells-no-wait-from-a-pause",
        ),
        where="As an order to try things in. Items that wait want more workers than there are CPUs, and low "
        "utilisation does not say that a GPU waits for batches.",
    ),
    Statement(
        "Each helper process needs its own slice of memory",
        TWO,
        supported_by=("each-worker-costs-memory",),
        where="Everywhere.",
    ),
    Statement(
        "potentially duplicating parts of the dataset or loaded sprites",
        TWO,
        supported_by=("goblins-eat-objects", "spawn-copies-arrays"),
        refuted_by=("fork-shares-arrays", "packed-arrays-feed-no-goblins"),
        where="Python objects under fork; arrays, too, under spawn and forkserver.",
    ),
    Statement(
        "More workers = more RAM used.",
        TWO,
        supported_by=("each-worker-costs-memory",),
        where="Everywhere; how much depends on the start method.",
    ),
    Statement(
        "Setting up multiple processes can behave differently on Windows vs. Linux/macOS.",
        TWO,
        supported_by=("spawn-takes-longer-to-start", "spawn-needs-the-guard", "fork-needs-no-guard"),
        where="Between start methods: Linux forks up to Python 3.13 and uses a fork server from 3.14; Windows and "
        "macOS spawn.",
    ),
    Statement(
        "using `num_workers > 0` in notebooks requires extra code patterns (like putting your main training logic "
        "inside an `if __name__ == '__main__':` block)",
        TWO,
        refuted_by=("a-guard-helps-no-notebook",),
        where="A dataset in a module of its own is what helps.",
    ),
    Statement(
        "the loader with `num_workers > 0` will be significantly faster _if_ the simulated loading work is long enough",
        TWO,
        supported_by=("waiting-scales-to-4", "waiting-scales-to-8"),
        where="For time.sleep, which needs no core. Decoding stops at the cores.",
    ),
    Statement(
        "This is a powerful way to speed up training _if_ your data loading (`__getitem__`) is currently "
        "bottlenecking your GPU.",
        TWO,
        supported_by=("workers-feed-a-gpu", "workers-feed-a-network"),
        where="Where loading waits, or computes and cores are free.",
    ),
)
