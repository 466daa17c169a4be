"""Which tests make symbolic links: Windows lets only some of its users."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


def _may_link() -> bool:
    with TemporaryDirectory() as folder:
        try:
            Path(folder, "link").symlink_to("nowhere")
        except OSError:
            return False
    return True


makes_links = pytest.mark.skipif(not _may_link(), reason="this user may make no symbolic links")
