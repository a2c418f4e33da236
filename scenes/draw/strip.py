"""The strip below the cell: what is told of a step, as shapes."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from gatereel.scenes.draw.outlines import Outline
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_GAP, STRIP_MARGIN
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.tell.numbers import ELLIPSIS
from gatereel.scenes.tell.storyboard import Telling
from gatereel.scenes.theme.theme import Theme

_END_GAP = 24.0
"""Between the gist and what is shown, which belong to different things."""

_TITLE_BASELINE = 28.0
_EQUATION_BASELINE = 60.0
_NUMBERS_BASELINE = 89.0


def strip(telling: Telling, box: Box, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    """What is told of a step: a line of words and two lines of mathematics, left aligned."""
    room = box.right - box.left - 2 * STRIP_MARGIN
    shapes = _heading(telling, box, theme, typesetter)
    formulas = fitting_formulas(telling, room, theme, typesetter)
    for formula, offset in zip(formulas, (_EQUATION_BASELINE, _NUMBERS_BASELINE), strict=True):
        if formula is not None:
            outline = typesetter.glyphs(formula).moved(box.left + STRIP_MARGIN, box.top + offset)
            shapes.append(_told(outline, theme.text, theme))
    if telling.story:
        outline = typesetter.glyphs(Text(plain(telling.story), theme.sizes.gist)).moved(
            box.left + STRIP_MARGIN, box.top + _NUMBERS_BASELINE
        )
        shapes.append(_told(outline, theme.quiet_text, theme))
    return tuple(shapes)


def _heading(telling: Telling, box: Box, theme: Theme, typesetter: Typesetter) -> list[Shape]:
    """The strip's first line; at its right end which units and inputs are shown."""
    sizes = theme.sizes
    line = [
        (Text(plain(telling.title), sizes.title, bold=True), theme.text),
        (Text(plain(telling.timestep), sizes.step), theme.text),
        (Text(plain(telling.step), sizes.step, bold=True), theme.accent),
    ]
    gists = [Text(plain(telling.gist), sizes.gist)] if telling.gist else []
    forms = [Text(plain(form), sizes.gist) for form in telling.shown]
    typesetter.prepare([*(text for text, _ in line), *gists, *forms])
    room = box.right - box.left - 2 * STRIP_MARGIN
    room -= sum(typesetter.glyphs(text).width + STRIP_GAP for text, _ in line)
    # What is shown is true of the whole picture, so it stands even where a label must be cut.
    shortest = min((typesetter.glyphs(form).width + _END_GAP for form in forms), default=0.0)
    excess = shortest - STRIP_GAP - room
    if excess > 0:
        # A step of many results has a long name, a timestep perhaps a long label.
        longer = max((1, 2), key=lambda i: typesetter.glyphs(line[i][0]).width)
        words = telling.timestep if longer == 1 else telling.step
        old, colour = line[longer]
        text = replace(old, markup=plain(_cut(words, sizes.step, excess)))
        typesetter.prepare([text])
        room += typesetter.glyphs(old).width - typesetter.glyphs(text).width
        line[longer] = (text, colour)
    gist, form = _fitting_ends(room, gists, forms, typesetter)
    if gist is not None:
        line.append((gist, theme.quiet_text))
    baseline = box.top + _TITLE_BASELINE
    x = box.left + STRIP_MARGIN
    shapes = []
    for text, colour in line:
        glyphs = typesetter.glyphs(text)
        shapes.append(_told(glyphs.moved(x, baseline), colour, theme))
        x += glyphs.width + STRIP_GAP
    if form is not None:
        glyphs = typesetter.glyphs(form)
        outline = glyphs.moved(box.right - STRIP_MARGIN - glyphs.width, baseline)
        shapes.append(_told(outline, theme.quiet_text, theme))
    return shapes


def _cut(text: str, size: float, excess: float) -> str:
    """`text` without its end, which is a label's, and at least `excess` pixels narrower."""
    room = text_width(text, size) - excess
    while text and text_width(text + ELLIPSIS, size) > room:
        text = text[:-1]
    return text + ELLIPSIS


def _fitting_ends(
    room: float, gists: Sequence[Text], forms: Sequence[Text], typesetter: Typesetter
) -> tuple[Text | None, Text | None]:
    """The gist and the form of what is shown that have room after the rest of the heading.

    The gist goes before what is shown does.
    """
    ends: list[tuple[Text | None, Text | None]] = [*product((*gists, None), forms or (None,))]
    for end in ends:
        texts = [text for text in end if text is not None]
        needed = sum(typesetter.glyphs(text).width for text in texts)
        if needed + max(0, len(texts) - 1) * _END_GAP <= room:
            return end
    return ends[-1]


def fitting_formulas(
    telling: Telling, room: float, theme: Theme, typesetter: Typesetter
) -> tuple[Text | None, Text | None]:
    """The fullest pair of formulas that is not wider than `room` pixels."""
    pairs = [
        (
            Text(typst(equation), theme.sizes.equation, math=True),
            None if numbers is None else Text(typst(numbers), theme.sizes.numbers, math=True),
        )
        for equation, numbers in telling.formulas
    ]
    typesetter.prepare([text for pair in pairs for text in pair if text is not None])
    for pair in pairs:
        if all(text is None or typesetter.glyphs(text).width <= room for text in pair):
            return pair
    return pairs[-1][0], None


def _told(outline: Outline, colour: str, theme: Theme) -> Shape:
    return Shape("label", outline, colour, theme.strip)
