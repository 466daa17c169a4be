"""python -m snippets.images: makes both sets of images, once."""

import argparse
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path

from snippets.images.make import is_current, made, manifest
from snippets.images.sets import PHOTOS, SPRITES
from snippets.lab.paths import IMAGES


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m snippets.images", description="Makes the image files.")
    parser.add_argument("--folder", type=Path, default=IMAGES, help="where (default: %(default)s)")
    parser.add_argument("--count", type=int, help="files of each kind (default: the full sets)")
    options = parser.parse_args(arguments)
    try:
        for images in (SPRITES, PHOTOS):
            images = replace(images, count=options.count or images.count)
            there, began = is_current(images, options.folder / images.name), time.perf_counter()
            target = made(images, options.folder)
            how = "there already" if there else f"made in {time.perf_counter() - began:.1f} s"
            size = manifest(target)["bytes"] / 1e6
            print(f"{images.name}: {images.files:,} files, {size:.1f} MB in {target}, {how}")
    except KeyboardInterrupt:
        print("Stopped; the set that was being made is gone again.", file=sys.stderr)
        return 130
    except BrokenProcessPool:
        print("A process that drew images was ended from outside: is there enough memory?", file=sys.stderr)
        return 1
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
