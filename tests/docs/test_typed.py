"""What people type who have a problem stands in the section that is about it: without its words no search finds it.

The words are those of public reports. What it does not prove: that the search ranks the section first.
"""

import pytest

from ..browser.messages import sections

TYPED = {
    "slurm srun one cpu core": "one-core-from-the-start",
    "docker --cpuset-cpus one core": "one-core-from-the-start",
    "SLURM_CPUS_PER_TASK SRUN_CPUS_PER_TASK": "one-core-from-the-start",
    "sched_getaffinity one core after import": "affinity",
    "opencv too many threads all cores busy slower with more workers": "too-many-threads",
    "cv2.setNumThreads OMP_NUM_THREADS OPENBLAS_NUM_THREADS MKL numpy": "too-many-threads",
    "shuffle=True huge dataset slow memory": "huge-shuffle",
    "set_epoch persistent_workers attribute of the dataset": "epoch-stays",
    "albumentations MONAI same augmentations every epoch worker_init_fn": "same-augmentations",
    "Lightning does not have many workers bottleneck filterwarnings": "few-workers",
    "pin_memory MPS Mac": "pin-on-mps",
}


@pytest.mark.parametrize("words", TYPED)
def test_its_words_stand_in_its_section(words: str) -> None:
    (section,) = (each for each in sections() if each.anchor == TYPED[words])
    text = f"{section.title} {section.text}".lower()
    missing = [word for word in words.split() if word.lower() not in text]
    assert not missing, f"docs/{section.page}#{section.anchor} does not say {missing}"
