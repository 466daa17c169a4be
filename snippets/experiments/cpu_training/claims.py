"""Workers help a model on the CPU only as far as there are cores that it leaves free."""

from snippets.experiments.cpu_training.arms import arm
from snippets.lab.judging.claim import Claim, at_least, at_most, ratio

NONE, ONE, TWO = (arm(count, 1) for count in (0, 1, 2))

CLAIMS = (
    Claim(
        "workers-help-a-cpu-model",
        ratio("the time per batch without workers over that with one, on one thread", NONE, ONE),
        at_least(1.1),
        because="Loading and training each take about half of a batch’s time, and two cores can do both at once.",
        needs_cores=2,
    ),
    Claim(
        "a-second-worker-beside-a-cpu-model",
        ratio("the time per batch with one worker over that with two, on one thread", ONE, TWO),
        at_most(1.5),
        because="The model and one worker have a core each; a second worker has none of its own.",
        needs_cores=2,
        below_cores=3,
    ),
)
