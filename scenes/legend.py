"""The legend: the symbols with their names and formulas, as a still.

    render_legend([Path("legend.png")]) -> (Written(...),)

`plan_legend` settles everything without drawing, and `draw_legend` draws it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from gatereel.rnn_math import (
    Cell,
)
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.legend import (
    cards,
    legend_shapes,
    legend_size,
    reading_painted,
    told,
)
from gatereel.scenes.draw.pages import DrawnPage, Group
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
from gatereel.scenes.places import Load, Place
from gatereel.scenes.plan import check_width
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.tell import words
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.legend_description import ToldSymbol
from gatereel.scenes.tell.metadata import comment
from gatereel.scenes.theme.files import load_theme
from gatereel.scenes.theme.theme import Theme, rgb

STILL_SECONDS = 5
"""How long a film of the legend shows its one picture."""

_FPS = 1


@dataclass(frozen=True)
class LegendPlan:
    """A legend before it is drawn, with its size in pixels.

    It shows the symbols that `cells` use, all of them without cells; where `illustrated` is true,
    of these the ones that the illustrated cells' own legend has. What no `place` of its own shows
    is not written.
    """

    cells: tuple[Cell, ...]
    illustrated: bool
    width: int
    height: int
    transparent: bool
    theme: Theme
    language: Language
    metadata: Mapping[str, str]
    readings: bool = False
    """Whether it explains, too, how values are read off a picture."""
    place: Place | None = None

    @property
    def symbols(self) -> tuple[ToldSymbol, ...]:
        """What is shown, for those who do not see it."""
        return tuple(map(told, cards(self.cells, illustrated=self.illustrated)))


def render_legend(
    paths: Sequence[Path],
    width: int | None = None,
    cells: Sequence[Cell] = (),
    theme: Theme | None = None,
    *,
    language: Language | None = None,
    transparent: bool = False,
    readings: bool = False,
) -> tuple[Written, ...]:
    """Draw the legend and write it to every path; the suffix chooses the format.

    The arguments are those of `plan_legend`. Raises InputError for a width or a path that cannot
    be used, OSError when a file cannot be written; then no file is touched.
    """
    planned = plan_legend(
        width, cells, theme, language=language, transparent=transparent, readings=readings
    )
    return draw_legend(planned, paths)


def plan_legend(
    width: int | None = None,
    cells: Sequence[Cell] = (),
    theme: Theme | None = None,
    *,
    language: Language | None = None,
    transparent: bool = False,
    illustrated: bool = False,
    readings: bool = False,
    place: Place | None = None,
) -> LegendPlan:
    """Plan a legend of `cells`, or of all, as `LegendPlan` has it.

    `width` is in pixels, by default as many as the symbols need and the place shows; no `theme`
    means the illustrated one, no `language` English, `transparent` leaves the background out.
    Raises InputError for a width that cannot be drawn or is not shown.
    """
    english = load_language()
    natural_width, natural_height = legend_size(cells, illustrated=illustrated, readings=readings)
    if width is None:
        width = natural_width
        if place is not None and place.widest is not None:
            width = min(width, place.widest)
    elif place is not None:
        place.check_width(width)
    title = words.legend_title(cells, english)
    return LegendPlan(
        cells=tuple(cells),
        illustrated=illustrated,
        width=check_width(width),
        height=round(natural_height * width / natural_width),
        transparent=transparent,
        theme=theme or load_theme(),
        language=language or english,
        metadata={"title": title, "comment": comment(title, english)},
        readings=readings,
        place=place,
    )


def draw_legend(planned: LegendPlan, paths: Sequence[Path]) -> tuple[Written, ...]:
    """Draw a planned legend and write it to every path; the suffix chooses the format.

    Raises InputError for a path that cannot be used and for a file that came out larger than the
    plan's place shows, OSError when a file cannot be written; then no file is touched.
    """
    paths = [Path(path) for path in paths]
    check_targets(paths, transparent=planned.transparent)
    theme = planned.theme
    shapes = legend_shapes(
        theme, planned.language, Typesetter(), planned.cells, illustrated=planned.illustrated
    )
    painted = [painted_in_full(shape, theme) for shape in shapes]
    if planned.readings:
        painted += reading_painted(
            theme, planned.language, Typesetter(), planned.cells, illustrated=planned.illustrated
        )
    size = legend_size(planned.cells, illustrated=planned.illustrated, readings=planned.readings)
    made: dict[Path, Written] = {}
    with together(paths) as temporaries:
        pictures = {path: temporaries[path] for path in paths if path.suffix.lower() in ENCODERS}
        if pictures:
            pixels = (planned.width, planned.height)
            easel = Easel(size, pixels, theme.background, transparent=planned.transparent)
            with encoding(pictures, _film_of(planned)) as files:
                files.write(easel.frame(painted), STILL_SECONDS * _FPS)
            made |= {file.path: file for file in files.written}
        page = DrawnPage(
            *size,
            (Group.seen(painted),),
            None if planned.transparent else theme.background,
            planned.width / size[0],
        )
        for path in paths:
            if path not in pictures:
                made[path] = write_pages(path, temporaries[path], [page], planned.metadata)
        if planned.place is not None:
            for file in made.values():
                load = Load(file.width, file.height, file.frames, file.size_bytes)
                planned.place.check_written(file.path, load)
    return tuple(made[path] for path in paths)


def _film_of(planned: LegendPlan) -> Film:
    """What the encoders must know."""
    theme = planned.theme
    return Film(
        width=planned.width,
        height=planned.height,
        fps=_FPS,
        background=rgb(theme.background),
        exact_colours=theme.exact_colours(theme.fills),
        metadata=planned.metadata,
        transparent=planned.transparent,
    )
