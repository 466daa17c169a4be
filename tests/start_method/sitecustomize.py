"""On PYTHONPATH: what workers are started by where nobody names a method is START_METHOD, as on another system.

The default is another one then, and nobody has chosen it: a script may still choose, once, by `set_start_method`.
"""

import multiprocessing.context
import os

if method := os.environ.get("START_METHOD"):
    chosen = multiprocessing.context._concrete_contexts[method]  # pyright: ignore[reportAttributeAccessIssue]
    multiprocessing.context._default_context._default_context = chosen  # pyright: ignore[reportAttributeAccessIssue]
