import shutil
from pathlib import Path

import pytest

from .projects import ROOT, require_tiny


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that setting up reads, with one tiny requirement, in a folder of their own."""
    root = tmp_path / "a project"
    (root / ".ci").mkdir(parents=True)
    for name in ("install.py", "browser.py"):
        shutil.copy(ROOT / ".ci" / name, root / ".ci")
    shutil.copy(ROOT / "pyproject.toml", root)
    browser = root / "tests" / "browser"
    browser.mkdir(parents=True)
    # The real look-up knows places outside PATH, which would make these tests depend on the machine.
    (browser / "chromium.py").write_text(
        "import shutil\nMISSING = 'no Chromium found'\nfind_browser = lambda: shutil.which('chromium')\n"
    )
    require_tiny(root, "1")
    return root
