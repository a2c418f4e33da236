"""The frames of a film that is there already, saved as a GIF by Pillow: encoding alone.

python tests/bench/peers/with_pillow.py FILM.gif FILE.gif
"""

import sys

from PIL import Image, ImageSequence


def main(film: str, path: str) -> None:
    """Decode and save again."""
    with Image.open(film) as image:
        frames, delays = [], []
        for page in ImageSequence.Iterator(image):
            frames.append(page.convert("RGB"))
            delays.append(page.info["duration"])
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=delays, loop=0)


if __name__ == "__main__":
    main(*sys.argv[1:])
