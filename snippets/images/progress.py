"""How far the drawing is: a bar on a terminal, a line elsewhere. On stderr, for stdout is the caller's."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Yields a function that takes how many more are done."""
    if sys.stderr.isatty():
        try:
            from rich.console import Console
            from rich.progress import Progress
        except ImportError:
            pass
        else:
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task(what, total=total)
                yield lambda count: bar.advance(task, count)
            return
    print(f"{what} ...", file=sys.stderr, flush=True)
    yield lambda count: None
