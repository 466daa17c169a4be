"""Of what MkDocs and the notebook's kernel say in a build, complaints are passed on, and nothing else."""

from snippets.lab.site.mkdocs import complaints

PROGRESS = "INFO    -  Building documentation to directory: site\n"
KERNEL = "[IPKernelApp] WARNING | Kernel is running over TCP without encryption.\n"
HEARTBEAT = """Exception in thread Heartbeat:
Traceback (most recent call last):
  File "heartbeat.py", line 117, in run
    self._bind_socket()
zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:33625')
"""
WARNING = "WARNING -  Doc file 'index.md' contains a link 'nowhere.md', but the target is not found.\n"
OTHER = """Exception in thread Thread-1:
Traceback (most recent call last):
ValueError: ours
"""


def test_chatter_is_left_out() -> None:
    assert complaints(PROGRESS + KERNEL + HEARTBEAT + PROGRESS) == ""


def test_complaints_stay_as_they_are() -> None:
    assert complaints(PROGRESS + WARNING + KERNEL + OTHER + HEARTBEAT + WARNING) == WARNING + OTHER + WARNING
