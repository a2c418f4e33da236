"""The legend: the symbols with their names and formulas, as a still.

render_legend([Path("legend.png")]) -> (Written(...),)
"""

from collections.abc import Sequence
from pathlib import Path

from gatereel.rnn_math import (
    Cell,
)
from gatereel.scenes.draw.legend import legend_shapes, legend_size
from gatereel.scenes.draw.pages import Group, Page
from gatereel.scenes.draw.shapes import painted_in_full
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.export import (
    ENCODERS,
    Film,
    Written,
    check_targets,
    encoding,
    together,
    write_pages,
)
from gatereel.scenes.language.files import load_language
from gatereel.scenes.plan import check_width
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.tell import words
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.metadata import comment
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import Theme, rgb

STILL_SECONDS = 5
"""How long a film of the legend shows its one picture."""

_FPS = 1


def render_legend(
    paths: Sequence[Path],
    width: int | None = None,
    cells: Sequence[Cell] = (),
    theme: Theme | None = None,
    *,
    language: Language | None = None,
    transparent: bool = False,
) -> tuple[Written, ...]:
    """Draw the legend and write it to every path; the suffix chooses the format.

    It shows the symbols that `cells` use, all of them without cells. `width` is in pixels, no
    `theme` means the illustrated one, no `language` English, `transparent` leaves the background
    out. Raises InputError for a width or a path that cannot be used, OSError when a file cannot be
    written; then no file is touched.
    """
    paths = [Path(path) for path in paths]
    check_targets(paths, transparent=transparent)
    theme = theme or load_theme()
    english = load_language()
    language = language or english
    size = legend_size(cells)
    pixel_width = size[0] if width is None else check_width(width)
    height = round(size[1] * pixel_width / size[0])
    title = words.legend_title(cells, english)
    film = Film(
        width=pixel_width,
        height=height,
        fps=_FPS,
        background=rgb(theme.background),
        exact_colours=theme.exact_colours(theme.fills),
        metadata={"title": title, "comment": comment(title, english)},
        transparent=transparent,
    )
    shapes = legend_shapes(theme, language, Typesetter(), cells)
    painted = [painted_in_full(shape, theme) for shape in shapes]
    made: dict[Path, Written] = {}
    with together(paths) as temporaries:
        pictures = {path: temporaries[path] for path in paths if path.suffix.lower() in ENCODERS}
        if pictures:
            pixels = (pixel_width, height)
            easel = Easel(size, pixels, theme.background, transparent=transparent)
            with encoding(pictures, film) as files:
                files.write(easel.frame(painted), STILL_SECONDS * _FPS)
            made |= {file.path: file for file in files.written}
        page = Page(
            *size,
            (Group.seen(painted),),
            None if transparent else theme.background,
            pixel_width / size[0],
        )
        for path in paths:
            if path not in pictures:
                made[path] = write_pages(path, temporaries[path], [page], film.metadata)
    return tuple(made[path] for path in paths)
