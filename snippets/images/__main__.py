"""python -m snippets.images: makes both sets of images, once."""

import sys
from concurrent.futures.process import BrokenProcessPool

from snippets.images.make import manifest, photos, sprites


def main() -> int:
    try:
        for make in (sprites, photos):
            folder = make()
            made = manifest(folder)
            print(f"{folder.name}: {made['files']:,} files, {made['bytes'] / 1e6:.1f} MB in {folder}")
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
