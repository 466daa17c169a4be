"""How workers start where that is not what is looked at: in the way that costs least on this system.

Importing torch takes a spawned worker a second of a core, and an experiment that times steady states starts hundreds.
"""

import multiprocessing
import sys


def cheapest() -> str:
    """fork, on Linux alone: on macOS a forked process may break in the system's own libraries. Else forkserver, else
    spawn.
    """
    methods = multiprocessing.get_all_start_methods()
    if "fork" in methods and sys.platform == "linux":
        return "fork"
    return "forkserver" if "forkserver" in methods else "spawn"


def start_cheaply(module: str) -> None:
    """From now on, in this process, where nobody names a method. A fork server imports `module`, and so torch, once:
    before this returns.
    """
    method = cheapest()
    multiprocessing.set_start_method(method, force=True)
    if method == "forkserver":
        multiprocessing.set_forkserver_preload([module])
        first = multiprocessing.Process(target=int)
        first.start()  # by the server, once it has imported all
        first.join()
