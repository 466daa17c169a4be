"""What the experiments read is there before the first of them runs."""

from pathlib import Path

from ..checkout import checkout


def test_missing_images_are_made(tmp_path: Path) -> None:
    copy = checkout(tmp_path / "checkout", without=("sprites", "photos"))
    made = copy.run("-c", "from snippets.experiments.prepare import prepare; prepare()")
    assert made.returncode == 0, made.stderr
    assert len([*(copy.root / "images").rglob("*.png")]) == 2048
    assert len([*(copy.root / "images").rglob("*.jpg")]) == 624
