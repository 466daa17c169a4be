"""The scripts that take a folder of one's own: they load it, or say in one line what is wrong with it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import torch
from PIL import Image

from snippets.lab.outputs.preloaded import Preloaded
from snippets.lab.paths import PAGES
from snippets.pages.helper_sprites.sprites_from_disk import Sprites
from snippets.pages.optimization_guide.heavy_preprocessing import Photos
from snippets.pages.optimization_guide.large_datasets import ImageFolder

from ..processes import Outcome, run_in_fork

CLASSES = ("cat", "dog")


@dataclass(frozen=True)
class Script:
    """A script, the dataset in it, the files that it reads, and what it prints about eight of them."""

    path: str
    dataset: type[Photos] | type[ImageFolder] | type[Sprites]
    suffix: str
    says: str

    @property
    def name(self) -> str:
        return f"{Path(self.path).stem}{self.suffix}"


SCRIPTS = [
    Script("optimization_guide/heavy_preprocessing.py", Photos, ".jpg", "8 photos decoded in 1 batches\n"),
    Script("optimization_guide/large_datasets.py", ImageFolder, ".jpg", "8 images of 2 classes\n"),
    Script("optimization_guide/large_datasets.py", ImageFolder, ".png", "8 images of 2 classes\n"),
    Script("helper_sprites/sprites_from_disk.py", Sprites, ".png", "two helpers fetched 8 sprites\n"),
]
MODES = {".jpg": ["L", "CMYK"], ".png": ["L", "RGBA", "P", "I;16", "1"]}
PIXELS = [(script, mode) for script in SCRIPTS for mode in MODES[script.suffix]]
FEWER = [SCRIPTS[0], SCRIPTS[1], SCRIPTS[3]]
each_script = pytest.mark.parametrize("script", FEWER, ids=lambda script: script.name)
each_kind_of_file = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)


def picture(size: tuple[int, int] = (48, 32), seed: int = 1) -> Image.Image:
    """Noise, so that a file of it is not over after its first bytes."""
    return Image.frombytes("RGB", size, random.Random(seed).randbytes(3 * size[0] * size[1]))


@pytest.fixture
def folder(tmp_path: Path, script: Script) -> Path:
    """Eight images in two class folders."""
    folder = tmp_path / "my images, é"
    for name in CLASSES:
        (folder / name).mkdir(parents=True)
        for number in range(4):
            picture(seed=number).save(folder / name / f"{number}{script.suffix}")
    return folder


Call = Callable[[Path], Outcome]


@pytest.fixture
def called(python: Preloaded | None, script: Script, folder: Path) -> Call:
    """The script, with a folder of one's own."""
    return lambda images: run_in_fork(python, PAGES / script.path, images, cwd=folder.parent)


def refused(outcome: Outcome, *named: str) -> None:
    """One line, which names what is wrong, and the exit code of a failure."""
    assert outcome.code == 1, outcome.stderr
    assert outcome.stdout == ""
    assert len(outcome.errors.splitlines()) == 1, outcome.stderr
    assert [name for name in named if name not in outcome.errors] == [], outcome.stderr
    assert not outcome.left


@each_kind_of_file
def test_a_folder_of_ones_own(called: Call, script: Script, folder: Path) -> None:
    outcome = called(folder)
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, script.says, "")


@each_script
def test_a_folder_that_is_not_there(called: Call, script: Script, folder: Path) -> None:
    nowhere = folder / "nowhere"
    refused(called(nowhere), str(nowhere))


@each_script
def test_a_folder_without_images(called: Call, script: Script, folder: Path) -> None:
    empty = folder.with_name("empty")
    empty.mkdir()
    (empty / "notes.txt").write_text("none yet")
    refused(called(empty), str(empty))


@each_kind_of_file
def test_a_truncated_image(called: Call, script: Script, folder: Path) -> None:
    broken = folder / "cat" / f"2{script.suffix}"
    broken.write_bytes(broken.read_bytes()[:-500])
    refused(called(folder), str(broken), "not a readable image")


@each_script
def test_a_text_file_named_like_an_image(called: Call, script: Script, folder: Path) -> None:
    text = folder / "dog" / f"3{script.suffix}"
    text.write_text("a dog")
    refused(called(folder), str(text), "not a readable image")


@each_script
def test_images_of_several_sizes(called: Call, script: Script, folder: Path) -> None:
    """A batch is one tensor, so its images are brought to one size, or one that does not fit is named."""
    other = folder / "dog" / f"3{script.suffix}"
    picture((20, 50)).save(other)
    outcome = called(folder)
    if outcome.code:
        refused(outcome, str(folder))
    else:
        assert outcome.stdout == script.says


@pytest.mark.parametrize(("script", "mode"), PIXELS, ids=[f"{script.name}-{mode}" for script, mode in PIXELS])
def test_every_kind_of_pixels(script: Script, mode: str, folder: Path) -> None:
    alike = script.dataset(folder)[0]
    grey_first = picture().convert("I") if mode == "I;16" else picture()
    grey_first.convert(mode).save(folder / "cat" / f"0{script.suffix}")
    item = script.dataset(folder)[0]
    assert pixels(item).shape == pixels(alike).shape
    assert pixels(item).dtype == torch.uint8


def pixels(item: torch.Tensor | tuple[torch.Tensor, int]) -> torch.Tensor:
    return item[0] if isinstance(item, tuple) else item


@each_script
@pytest.mark.parametrize("written_as", ["JPEG", "PNG"])
def test_damage_is_always_named(script: Script, written_as: str, folder: Path) -> None:
    """A file cut short anywhere, or with wrong bytes in its head, loads or raises one line that names it.

    Pillow looks at the bytes, not at the name, so a PNG called .jpg loads too.
    """
    file = folder / "cat" / f"0{script.suffix}"
    picture().save(file, written_as)
    sound = file.read_bytes()
    dataset = script.dataset(folder)
    dataset[0]
    assert [wrong for wrong in map(partial(ending, dataset, file), damaged(sound)) if wrong] == []


def damaged(sound: bytes) -> Iterator[bytes]:
    """The file's first bytes, more and more of them; and the file with one byte of its head changed."""
    yield from (sound[:size] for size in [*range(64), *range(64, len(sound), len(sound) // 20)])
    for place in range(100):
        for value in (0, sound[place] ^ 1, 255):
            yield sound[:place] + bytes([value]) + sound[place + 1 :]


def ending(dataset: Photos | ImageFolder | Sprites, file: Path, data: bytes) -> str | None:
    """What is wrong with how the dataset refuses this file; None where it loads it, or refuses it well."""
    file.write_bytes(data)
    try:
        dataset[0]
    except ValueError as error:
        well = str(file) in str(error) and len(str(error).splitlines()) == 1
        return None if well else repr(error)
    except Exception as error:
        return repr(error)
    return None
