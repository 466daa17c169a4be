import shutil
from pathlib import Path

import pytest

from .projects import ROOT, tiny_wheel


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
    (root / "requirements.txt").write_text(f"# One package.\n./{tiny_wheel(root, '1').name}\n")
    return root
