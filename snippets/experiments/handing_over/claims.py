"""What handing a batch over costs, and that it is paid per piece."""

from snippets.experiments.handing_over.show import alone, handed
from snippets.lab.claim import Claim, at_least, ratio

CLAIMS = (
    Claim(
        "many-pieces-are-dear",
        ratio("the time per batch of 256 tensors over that of one tensor of as many bytes", handed(256), handed(1)),
        at_least(3.0),
        because="Each tensor is a file descriptor, sent through a socket and mapped; the bytes are the same.",
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
        because="Main opens and maps each tensor by itself, one after the other, between two steps.",
    ),
    Claim(
        "handing-over-costs-more-than-making",
        ratio("the time per batch of 256 tensors from a worker over that of main alone", handed(256), alone(256)),
        at_least(5.0),
        because="Making them is an addition each; handing over is a call of the system for each.",
    ),
)
