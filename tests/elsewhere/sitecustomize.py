"""On PYTHONPATH: this system as another one, for this process and for all that it starts.

START_METHOD=spawn: what workers are started by where nobody names a method. The default is another one then, and nobody
has chosen it: a script may still choose, once, by `set_start_method`.

WITHOUT=windows, WITHOUT=macos, or some of its parts, WITHOUT=proc,fork: what `taken_away` takes away, and the start
method that is the default there.
"""

import multiprocessing.context
import os

names = os.environ.get("WITHOUT", "")
if names:
    import taken_away

    taken_away.take_away(names)

if method := os.environ.get("START_METHOD") or ("spawn" if names in ("macos", "windows") else ""):
    chosen = multiprocessing.context._concrete_contexts[method]  # pyrefly: ignore[missing-attribute]
    multiprocessing.context._default_context._default_context = chosen  # pyrefly: ignore[missing-attribute]
