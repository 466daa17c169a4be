"""python under.py spawn script.py [arguments]: runs a script as the main program, under a start method.

As `python script.py` does, but for the start method; the script is not touched, and its workers import it again.
"""

import multiprocessing
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    _, method, script, *arguments = sys.argv
    multiprocessing.set_start_method(method)
    sys.argv = [script, *arguments]
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")
