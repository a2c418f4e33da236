"""From frames to files: GIF, MP4, WebM, WebP and PNG, in one pass, all or nothing.

::

    film = Film(width=1124, height=744, fps=25)
    with open_files([Path("cell.gif"), Path("cell.png")], film) as files:
        for frame, count in frames:
            files.write(frame, count)
    print(files.written)
"""

from .changes import Box, Change
from .encoder import Encoder, Outcome
from .files import ENCODERS, Files, check_targets, open_files
from .film import Colour, Film, Frame, Written

__all__ = [
    "ENCODERS",
    "Box",
    "Change",
    "Colour",
    "Encoder",
    "Files",
    "Film",
    "Frame",
    "Outcome",
    "Written",
    "check_targets",
    "open_files",
]
