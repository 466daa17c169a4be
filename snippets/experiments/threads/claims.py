"""A worker computes with one of torch's threads, and with all of another library's."""

from snippets.experiments.threads.arms import FREE, HELPED, LIMITED
from snippets.lab.judging.claim import Claim, NotHere, Statistic, at_least, exactly, value
from snippets.lab.numbers import number
from snippets.lab.results.results import Measured
from snippets.lab.results.stats import quotients


def openblas(measured: Measured) -> None:
    """Raises NotHere where it is another BLAS, with other threads and limits, or one that has nothing to divide."""
    if "openblas" not in (name := str(measured.params["blas"])):
        raise NotHere(f"it speaks of OpenBLAS; this NumPy computes with {name}")
    if int(measured.number("cpus")) < 2:
        raise NotHere("it speaks of several cores; with one, OpenBLAS has one thread")


def kept_threads(measured: Measured) -> list[float]:
    """Threads that a worker has in addition, where its BLAS is not limited."""
    openblas(measured)
    free, limited = (measured.samples_of(arm, "threads") for arm in (FREE, LIMITED))
    if not all(limited):
        raise NotHere("this system does not say how many threads a process has")
    return [more - few for more, few in zip(free, limited, strict=True)]


def slowed(measured: Measured) -> list[float]:
    openblas(measured)
    return quotients(measured.samples_of(FREE), measured.samples_of(LIMITED))


CLAIMS = (
    Claim(
        "torch-has-one-thread-in-a-worker",
        value("threads that torch computes with in a worker", HELPED, "threads"),
        exactly(1),
        because="Each worker calls torch.set_num_threads(1) before it does anything else.",
        say=number,
        needs_cores=0,
    ),
    Claim(
        "blas-keeps-its-threads-in-a-worker",
        Statistic("threads in a worker after NumPy’s product, beyond those with OPENBLAS_NUM_THREADS=1", kept_threads),
        at_least(1),
        because="torch.set_num_threads speaks to torch’s own pools. OpenBLAS has one thread for each core.",
        say=number,
        needs_cores=0,
    ),
    Claim(
        "threads-of-workers-slow-each-other",
        Statistic("time per batch of 2 workers whose NumPy has its own threads, over that with one each", slowed),
        at_least(1.5),
        because="Twice as many threads as cores, which wait for each other within each product. A BLAS that divides "
        "its work over fewer cores than a large machine has leaves some free.",
        needs_cores=2,
        below_cores=17,
    ),
)
