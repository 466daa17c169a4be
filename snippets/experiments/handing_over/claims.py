"""What handing a batch over costs, and that it is paid per piece."""

from snippets.experiments.handing_over.arms import IN_PYTHON, WAITING, alone, handed
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, ratio
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def beside_python(result: Measured) -> list[float]:
    """Seconds to receive tensors whose worker runs Python over those whose worker waits."""
    if result.params["sharing"] != "file_descriptor":
        raise NotHere("tensors are not sent as file descriptors on this system")
    return quotients(result.samples_of(IN_PYTHON), result.samples_of(WAITING))


CLAIMS = (
    Claim(
        "many-pieces-take-longer",
        ratio("the time per batch of 256 tensors over that of one tensor of as many bytes", handed(256), handed(1)),
        at_least(3.0),
        because="Main asks its worker for each tensor by itself and maps it; the bytes are the same.",
    ),
    Claim(
        "main-works-per-piece",
        ratio(
            "the main process’s CPU time per batch of 256 tensors over that of one tensor of as many bytes",
            handed(256),
            handed(1),
            "main_cpu",
        ),
        at_least(4.0),
        because="Main asks for each tensor and maps it, one after the other, between two steps.",
    ),
    Claim(
        "handing-over-costs-more-than-making",
        ratio("the time per batch of 256 tensors from a worker over that of main alone", handed(256), alone(256)),
        at_least(5.0),
        because="Making them is an addition each; handing them over is, on Linux, a connection and a mapping each.",
    ),
    Claim(
        "python-in-the-worker-delays-receiving",
        Statistic(
            "the time to receive 16 tensors whose worker runs Python over those whose worker waits", beside_python
        ),
        at_least(1.5),
        because="A thread of the worker answers for each tensor, and takes turns with the items for the interpreter.",
        needs_cores=2,
    ),
)
