"""What people typed in public leads to the section that has its cause: by the table of all messages, and by its words.

What it does not prove: that the search box puts that section first; tests/browser/test_newcomer.py asks it for the
messages that this build printed.
"""

import re

import pytest

from ..browser.messages import Section, sections
from .pages import source

INDEX = "troubleshooting/index.md"
SECTIONS = {section.anchor: section for section in sections()}

TYPED = {
    "huggingface/tokenizers: The current process just got forked, after parallelism has already been": "tokenizers",
    "OSError: [WinError 1455] The paging file is too small for this operation to complete": "paging-file",
    "ValueError: too many fds": "too-many-fds",
    "OSError: [Errno 22] Invalid argument": "too-many-fds",
    "ValueError: bad value(s) in fds_to_keep": "too-many-fds",
    "RuntimeError: unable to mmap 4096 bytes from file": "too-many-mappings",
    "Cannot allocate memory (12)": "too-many-mappings",
    "RuntimeError: Pin memory thread exited unexpectedly": "pin-memory-thread",
    "TypeError: h5py objects cannot be pickled": "connection",
    "can't pickle Environment objects": "connection",
    "cannot pickle 'sqlite3.Connection' object": "connection",
    "cannot pickle 'generator' object": "connection",
    "cannot pickle 'module' object": "connection",
    "ERROR: Unexpected bus error encountered in worker. This might be caused by insufficient shared memory (shm).": (
        "bus-error-of-a-file"
    ),
    "RuntimeError: This class is not fork-safe": "used-before-fork",
    "is multi-threaded, use of fork() may lead to deadlocks in the child": "multi-threaded",
    "The 'train_dataloader' does not have many workers which may be a bottleneck.": "few-workers",
    "UserWarning: 'pin_memory' argument is set as true but not supported on MPS now": "pin-on-mps",
    "RuntimeError: One or more background workers are no longer alive.": "background-workers",
    "TypeError: cannot pickle 'torch._C.Generator' object": "torch-generator",
}
"""By message: the section that the table leads to and that says these words."""

WORDS = {
    "notebook-class": ("Jupyter", "Windows", "macOS", "num_workers > 0", "freezes", "never ends"),
    "hang-at-fork": ("first batch", "validation"),
    "hang-at-validation": ("before validation", "pin_memory=True", "fork"),
    "used-before-fork": ("Polars", "Zarr", "dask", "decord", "FFmpeg", "s3fs", "gcsfs", "gRPC", "fsspec"),
    "slower-with-workers": ("Slower with workers", "Windows", "Mac", "persistent_workers=True", "spawn"),
    "gap-between-epochs": ("persistent_workers=True", "epoch", "prefetch"),
    "tokenizers": ("TOKENIZERS_PARALLELISM=false", "TOKENIZERS_PARALLELISM=true", "harmless"),
    "bus-error-of-a-file": ("np.memmap", "truncated", "os.replace"),
    "affinity": ("one core", "os.sched_getaffinity(0)", "after the imports"),
    "one-core-from-the-start": (
        "Slurm",
        "srun",
        "one core",
        "--cpus-per-task",
        "SLURM_CPUS_PER_TASK",
        "SRUN_CPUS_PER_TASK",
        "docker",
        "--cpuset-cpus",
        "taskset",
        "cpuset",
        "container",
    ),
    "too-many-threads": (
        "Slower with more workers",
        "all cores are busy",
        "too many threads",
        "OpenCV",
        "cv2.setNumThreads(0)",
        "BLAS",
        "OMP_NUM_THREADS=1",
        "OPENBLAS_NUM_THREADS=1",
        "threadpoolctl",
        "worker_init_fn",
    ),
    "huge-shuffle": ("shuffle=True", "huge dataset", "slow", "memory"),
    "epoch-stays": ("persistent_workers=True", "set_epoch", "attribute of the dataset"),
    "same-augmentations": ("albumentations", "MONAI", "every epoch", "worker_init_fn"),
    "few-workers": ("Lightning", "filterwarnings"),
    "pin-on-mps": ("Mac", "MPS", "torch.accelerator.is_available()"),
}
"""By section: words that people typed who came with its symptom."""

AWAY = {
    "hang-at-fork": ("start.md#notebook-class", "#hang-at-validation", "#used-before-fork"),
    "too-many-open-files": ("#too-many-mappings", "../explanation/what-a-worker-costs.md#shared-memory"),
    "too-many-fds": ("memory.md#too-many-mappings",),
    "bus-error": ("#bus-error-of-a-file", "../explanation/what-a-worker-costs.md#shared-memory"),
    "exited": ("#killed", "#segfault", "memory.md#bus-error-of-a-file", "start.md"),
    "exited-quietly": ("#killed",),
    "slower-with-workers": ("../how-to/get-right-results.md#what-changes-between-epochs",),
    "pickle-error": ("#connection", "#open-file", "#lock", "#local-class", "#lambda", "slow.md#hang-at-fork"),
    "pin-memory-thread": ("memory.md#too-many-open-files", "memory.md#too-many-mappings"),
    "the-first-batch-of-every-epoch-is-slow": (
        "#gap-between-epochs",
        "../how-to/get-right-results.md#what-changes-between-epochs",
    ),
    "affinity": ("#one-core-from-the-start",),
    "pin-without-gpu": ("#pin-on-mps",),
    "same-augmentations": ("../how-to/get-right-results.md#what-changes-between-epochs",),
}
"""By section that people reach with somebody else's symptom: where it has to send them on."""

CHANGES = "get-right-results.md#what-changes-between-epochs"
KEEP_WORKERS = [
    ("how-to/where-you-run.md", "`num_workers=2, persistent_workers=True`"),
    ("how-to/where-you-run.md", "With `persistent_workers=True` the workers of the training loader start once"),
    ("how-to/find-the-bottleneck.md", "set `persistent_workers=True`"),
    ("reference/frameworks.md", "`TrainingArguments(dataloader_num_workers=4, dataloader_persistent_workers=True)`"),
    ("troubleshooting/start.md", "start the workers once: `persistent_workers=True`"),
    ("troubleshooting/settings.md", "Consider setting `persistent_workers=True`"),
]
"""By page: where it tells readers to keep the workers, beside the sections above."""

ALONE = {"left-over"}
"""Sections that lead to no other one, because nothing that we know of looks like theirs."""


def flat(text: str) -> str:
    """Without line breaks and code marks, so that words are found as they are read."""
    return re.sub(r"\s+", " ", text.replace("`", ""))


def said_in(section: Section) -> str:
    return flat(f"{section.title} {section.text}")


@pytest.mark.parametrize("anchor", SECTIONS)
def test_a_section_says_how_to_be_sure(anchor: str) -> None:
    assert SECTIONS[anchor].text.count("**To be sure:**") == 1


@pytest.mark.parametrize("anchor", [each.anchor for each in SECTIONS.values() if '??? success "' in each.text])
def test_a_fix_is_found_by_its_label(anchor: str) -> None:
    """Above the script that is put right."""
    assert "**Fix:**" in SECTIONS[anchor].text.partition('??? success "')[0]


@pytest.mark.parametrize("message", TYPED)
def test_a_message_is_in_the_table_and_in_its_section(message: str) -> None:
    section = SECTIONS[TYPED[message]]
    goal = f"]({section.page.partition('/')[2]}#{section.anchor})"
    rows = [flat(row) for row in source(INDEX).split("\n") if goal in row]
    words = message.split(": ", 1)[1] if re.match(r"\w+Error: ", message) else message
    assert any(words in row for row in rows), f"no row of docs/{INDEX} says it"
    assert words in said_in(section), f"docs/{section.page}#{section.anchor} does not say it"


@pytest.mark.parametrize("anchor", WORDS)
def test_a_symptom_is_told_in_the_words_of_those_who_have_it(anchor: str) -> None:
    missing = [word for word in WORDS[anchor] if word not in said_in(SECTIONS[anchor])]
    assert not missing, f"docs/{SECTIONS[anchor].page}#{anchor} does not say {missing}"


@pytest.mark.parametrize("anchor", AWAY)
def test_who_is_in_the_wrong_place_is_sent_on(anchor: str) -> None:
    missing = [goal for goal in AWAY[anchor] if f"]({goal})" not in SECTIONS[anchor].text]
    assert not missing, f"docs/{SECTIONS[anchor].page}#{anchor} leads on to none of {missing}"


def test_a_section_names_what_looks_like_it() -> None:
    """Where one learns to, strike it off the list, which does not grow."""
    goals = {
        anchor: {*re.findall(r"\]\((?:\w+\.md)?#([\w-]+)\)", section.text)} for anchor, section in SECTIONS.items()
    }
    assert {anchor for anchor, led in goals.items() if not led & {*SECTIONS} - {anchor}} == ALONE


@pytest.mark.parametrize(("page", "advice"), KEEP_WORKERS)
def test_who_is_told_to_keep_workers_is_told_what_these_do_not_see(page: str, advice: str) -> None:
    (line,) = [line for line in source(page).split("\n") if advice in line]
    assert f"{CHANGES})" in line, f"docs/{page}: “{advice}” without what changes between epochs"
