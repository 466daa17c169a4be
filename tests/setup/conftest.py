import shutil
from pathlib import Path

import pytest

from .projects import ROOT, require_tiny, require_torch

PYPROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""
BACKEND = """import zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "project-1.0.dist-info"
    with zipfile.ZipFile(f"{folder}/project-1.0-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: project\\nVersion: 1.0\\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        archive.writestr(f"{info}/RECORD", "")
    return "project-1.0-py3-none-any.whl"
"""
"""The real one would need the real setuptools, and an index."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The files that setting up reads, with one tiny requirement and a tiny torch, in a folder of their own."""
    root = tmp_path / "a project"
    (root / ".ci").mkdir(parents=True)
    for name in ("install.py", "browser.py"):
        shutil.copy(ROOT / ".ci" / name, root / ".ci")
    (root / "pyproject.toml").write_text(PYPROJECT)
    (root / "backend.py").write_text(BACKEND)
    browser = root / "tests" / "browser"
    browser.mkdir(parents=True)
    # The real look-up knows places outside PATH, which would make these tests depend on the machine.
    (browser / "chromium.py").write_text(
        "import shutil\nMISSING = 'no Chromium found'\nfind_browser = lambda: shutil.which('chromium')\n"
    )
    require_tiny(root, "1")
    require_torch(root, tmp_path / "index" / "torch")
    return root
