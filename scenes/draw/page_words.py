"""The words of a page whose cell is a map: what it is, the step, what it comes to, how far it is.

Letters are as large as a phone needs: a picture 1080 wide is shown 360 wide there.
"""

from collections.abc import Iterator, Sequence

from gatereel.scenes.draw.fitted import cut, fitted_lines, wrapped
from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.shapes import Shape, painted_in_full
from gatereel.scenes.draw.strip import ticks
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.page import SMALLEST_TEXT, WordSpots
from gatereel.scenes.tell.beats import Telling
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.theme.theme import Theme

_TITLE, _TIMESTEP = 46.0, 36.0
_STEP_SIZES = (44.0, 40.0, 36.0, SMALLEST_TEXT)
_SENTENCE_SIZES = (40.0, 36.0, SMALLEST_TEXT)
_EQUATION_SIZES = (38.0, SMALLEST_TEXT)
_LINE = 1.22
_BETWEEN = 12.0
"""Pixels between the step's name, the sentence and the equation."""
_MOST_STEP_LINES = 3
_SENTENCE_LINES = 2
_TITLE_GAP = 24.0
_TICK_SCALE = 2.0
"""How many times as high ticks are as on the strip: a phone shows a third of it."""


def page_words(
    telling: Telling,
    spots: WordSpots,
    theme: Theme,
    typesetter: Typesetter,
    *,
    equation: bool = True,
) -> tuple[Painted, ...]:
    """All words of a page, with the step's `equation` or without, and the ticks at its foot."""
    shapes = [
        *_head(telling, spots, theme, typesetter),
        *_told(telling, spots.told, theme, typesetter, equation=equation),
    ]
    if telling.progress is not None:
        shapes += ticks(
            telling.progress, spots.left, spots.right, spots.ticks, theme, larger=_TICK_SCALE
        )
    return tuple(painted_in_full(shape, theme) for shape in shapes)


def _head(
    telling: Telling, spots: WordSpots, theme: Theme, typesetter: Typesetter
) -> Iterator[Shape]:
    """The cell's name, and at the right the timestep."""
    title = typesetter.glyphs(Text(plain(telling.title), _TITLE, bold=True))
    room = spots.right - spots.left - title.width - _TITLE_GAP
    timestep = cut(telling.timestep, _TIMESTEP, room)
    glyphs = typesetter.glyphs(Text(plain(timestep), _TIMESTEP))
    yield _word(title.moved(spots.left, spots.title), theme.text, theme)
    yield _word(glyphs.moved(spots.right - glyphs.width, spots.title), theme.quiet_text, theme)


def _told(
    telling: Telling, box: Box, theme: Theme, typesetter: Typesetter, *, equation: bool
) -> Iterator[Shape]:
    """The step, a sentence of what it comes to and, where there is room, its equation."""
    room, bottom = box.right - box.left, box.bottom
    y = box.top
    lines, size = fitted_lines((telling.step,), _STEP_SIZES, room, _MOST_STEP_LINES, bold=True)
    for line in lines:
        y += _LINE * size
        glyphs = typesetter.glyphs(Text(plain(line), size, bold=True))
        yield _word(glyphs.moved(box.left, y), theme.accent, theme)
    y += _BETWEEN
    text = _fitting_equation(telling, room, typesetter) if equation else None
    if telling.sentences:
        below = 0.0 if text is None else _BETWEEN + _LINE * text.size
        lines, size = _sentence(telling.sentences, room, bottom - y, below)
        for line in lines:
            if y + _LINE * size > bottom:
                break
            y += _LINE * size
            glyphs = typesetter.glyphs(Text(plain(line), size))
            yield _word(glyphs.moved(box.left, y), theme.text, theme)
        y += _BETWEEN
    if text is not None and y + _LINE * text.size <= bottom:
        glyphs = typesetter.glyphs(text)
        yield _word(glyphs.moved(box.left, y + _LINE * text.size), theme.quiet_text, theme)


def _sentence(
    forms: Sequence[str], room: float, height: float, below: float
) -> tuple[list[str], float]:
    """The fullest form that leaves `below` of the height for the equation, if there is one."""
    for form in forms:
        for size in _SENTENCE_SIZES:
            lines = wrapped(form, size, room)
            if len(lines) * _LINE * size + below <= height:
                return lines, size
    most = max(_SENTENCE_LINES, int(height / (_LINE * _SENTENCE_SIZES[-1])) - 1)
    return fitted_lines(forms, _SENTENCE_SIZES, room, most)


def _fitting_equation(telling: Telling, room: float, typesetter: Typesetter) -> Text | None:
    """The equation in letters, as large as it has room."""
    if not telling.equations:
        return None
    for size in _EQUATION_SIZES:
        text = Text(typst(telling.equations[-1]), size, math=True)
        if typesetter.glyphs(text).width <= room:
            return text
    return None


def _word(outline: Outline, colour: str, theme: Theme) -> Shape:
    return Shape("label", outline, colour, theme.background)
