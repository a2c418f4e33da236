"""From frames, or from pages of outlines, to files, all or nothing.

A film goes in one pass to GIF, MP4, WebM, WebP and PNG::

    check_targets(paths, accepted=ENCODERS)
    film = Film(width=1124, height=744, fps=25)
    with together(paths) as temporaries, encoding(temporaries, film) as files:
        for frame, count in frames:
            files.write(frame, count)
    print(files.written)

Several films and pages, which are PNG, SVG or PDF, appear together with::

    with together([*film_paths, sheet_path]) as temporaries:
        with encoding({path: temporaries[path] for path in film_paths}, film) as files:
            ...
        write_pages(sheet_path, temporaries[sheet_path], pages, metadata)
"""

from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.export.changes import PixelBox, PixelChange
from gatereel.scenes.export.encoder import Encoder, Outcome
from gatereel.scenes.export.files import Files, encoding, write_pages
from gatereel.scenes.export.film import Colour, Film, Written
from gatereel.scenes.export.targets import (
    ENCODERS,
    FORMATS,
    SHAPES,
    SHEETS,
    SINGLE_PICTURE,
    STILLS,
    check_targets,
)
from gatereel.scenes.export.together import together

__all__ = [
    "ENCODERS",
    "FORMATS",
    "SHAPES",
    "SHEETS",
    "SINGLE_PICTURE",
    "STILLS",
    "Colour",
    "DrawnPage",
    "Encoder",
    "Files",
    "Film",
    "Frame",
    "Group",
    "Outcome",
    "PixelBox",
    "PixelChange",
    "Written",
    "check_targets",
    "encoding",
    "together",
    "write_pages",
]
