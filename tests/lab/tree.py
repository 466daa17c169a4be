"""Snippets and pages of a test's own, where `outputs` looks for those of the checkout."""

import tempfile
from pathlib import Path

import pytest

from snippets.lab.output import Output
from snippets.lab.outputs import outputs, running
from snippets.lab.outputs.preloaded import Preloaded
from tests.lab.working import working_in


class Tree:
    """Temporary folders lie in it too, so that `left` sees what stays behind."""

    def __init__(self, root: Path, patch: pytest.MonkeyPatch) -> None:
        self.root, self.file = root, root / "outputs.json"
        self.snippets, self.docs, self.temporary = (root / name for name in ("snippets", "docs", "temporary"))
        for folder in (self.snippets, self.docs, self.temporary):
            folder.mkdir()
        patch.setattr(running, "PAGES", self.snippets)
        patch.setattr(outputs, "DOCS", self.docs)
        patch.setattr(outputs, "AS_PUBLISHED", False)
        patch.setattr(tempfile, "tempdir", str(self.temporary))

    def snippet(self, name: str, code: str) -> None:
        path = self.snippets / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(code, encoding="utf-8")

    def counted(self, name: str, code: str = "print('It ran.')") -> None:
        """A snippet that leaves a mark each time it runs."""
        self.snippet(name, f"open({str(self.root / 'ran')!r}, 'a').write('{name}\\n')\n{code}\n")

    def ran(self) -> list[str]:
        """The counted snippets that ran since this was last asked."""
        marks = self.root / "ran"
        found = marks.read_text().split() if marks.exists() else []
        marks.unlink(missing_ok=True)
        return sorted(found)

    def page(self, *targets: str, name: str = "page.md") -> None:
        """A page that shows `output:folder/name` or `error:folder/name`."""
        (self.docs / name).write_text("".join(f"![What it says]({target})\n\n" for target in targets), encoding="utf-8")

    def shown(self, *names: str) -> None:
        """Counted snippets, and a page that shows what they print."""
        for name in names:
            self.counted(name)
        self.page(*(f"output:{name}" for name in names))

    def capture(self) -> list[str]:
        return outputs.capture(self.file)

    def held(self) -> dict[str, Output]:
        return outputs.read(self.file)

    def run(self, code: str, python_with_torch: Preloaded | None = None) -> Output:
        self.snippet("folder/name", code)
        return running.run("folder/name", python_with_torch=python_with_torch)

    def left(self) -> list[str]:
        """Processes that work in a temporary folder, and such folders."""
        return [path.name for path in self.temporary.iterdir()] + working_in(self.temporary)
