"""The strip below the cell: what is told of a step, as shapes.

On its upper edge, how far the film is; then the step's name, a sentence of what it comes to, and
two lines of mathematics.
"""

from collections.abc import Iterator
from dataclasses import replace

from gatereel.scenes.draw.fitted import cut
from gatereel.scenes.draw.outlines import Outline, join, rounded_box
from gatereel.scenes.draw.shapes import Shape
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_GAP, STRIP_MARGIN
from gatereel.scenes.tell.beats import Progress, Telling
from gatereel.scenes.tell.formula_typst import typst
from gatereel.scenes.theme.theme import Theme

_TICK_HEIGHT, _TICK_GAP, _TIMESTEP_GAP = 5.0, 3.0, 10.0
_TICKS_TOP = 4.0
_NARROWEST_TICK = 4.0
"""Pixels: of so many steps, a tick stands for a timestep."""

_TITLE_BASELINE = 29.0
_SENTENCE_BASELINE = 53.0
_EQUATION_BASELINE = 76.0
_NUMBERS_BASELINE = 96.0


def strip(telling: Telling, box: Box, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    """What is told of a step, left aligned."""
    room = box.right - box.left - 2 * STRIP_MARGIN
    shapes = []
    if telling.progress is not None:
        left, right = box.left + STRIP_MARGIN, box.right - STRIP_MARGIN
        shapes = ticks(telling.progress, left, right, box.top + _TICKS_TOP, theme)
    shapes += _heading(telling, box, theme, typesetter)
    sentence = fitting_sentence(telling, room, theme)
    # Without a sentence, the formulas take its place.
    up = 0.0 if telling.sentences else _EQUATION_BASELINE - _SENTENCE_BASELINE
    formulas = fitting_formulas(telling, room, theme, typesetter)
    lines = (
        (Text(plain(sentence), theme.sizes.sentence) if sentence else None, _SENTENCE_BASELINE),
        (formulas[0], _EQUATION_BASELINE - up),
        (formulas[1], _NUMBERS_BASELINE - up),
    )
    for text, offset in lines:
        if text is not None:
            outline = typesetter.glyphs(text).moved(box.left + STRIP_MARGIN, box.top + offset)
            shapes.append(_told(outline, theme.text, theme))
    return tuple(shapes)


def strip_lines(telling: Telling, box: Box, theme: Theme) -> Iterator[Text]:
    """Every line that `strip` may set for a step."""
    room = box.right - box.left - 2 * STRIP_MARGIN
    step, timestep, title, forms = _heading_lines(telling, theme)
    yield from (step, timestep, title, *forms)
    if sentence := fitting_sentence(telling, room, theme):
        yield Text(plain(sentence), theme.sizes.sentence)
    for pair in _formula_lines(telling, theme):
        yield from (line for line in pair if line is not None)


def ticks(
    progress: Progress, left: float, right: float, top: float, theme: Theme, larger: float = 1.0
) -> list[Shape]:
    """A tick a step, a group a timestep: those that are over, the one that is told, the rest."""
    room = right - left
    height = _TICK_HEIGHT * larger
    groups = progress.steps
    slot = (room - (len(groups) - 1) * _TIMESTEP_GAP) / len(groups)
    narrowest = (slot + _TICK_GAP) / max(groups) - _TICK_GAP
    by_step = narrowest >= _NARROWEST_TICK
    by_colour: dict[str, list[Outline]] = {}
    before = 0
    for i, steps in enumerate(groups):
        count = steps if by_step else 1
        pitch = (slot + _TICK_GAP) / count
        for k in range(count):
            first, last = (before + k, before + k) if by_step else (before, before + steps - 1)
            x = left + i * (slot + _TIMESTEP_GAP) + k * pitch
            tick = rounded_box(
                round(x), top, round(x + pitch - _TICK_GAP), top + height, height / 2
            )
            is_told = progress.is_telling and first <= progress.done <= last
            is_over = last < progress.done
            colour = theme.accent if is_told else theme.quiet_text if is_over else theme.strip_line
            by_colour.setdefault(colour, []).append(tick)
        before += steps
    return [_told(join(outlines), colour, theme) for colour, outlines in by_colour.items()]


def _heading(telling: Telling, box: Box, theme: Theme, typesetter: Typesetter) -> list[Shape]:
    """The strip's first line: the step; at its right end what is shown, and the cell's name."""
    sizes = theme.sizes
    step, timestep, title, forms = _heading_lines(telling, theme)
    typesetter.prepare([step, timestep, title, *forms])

    def width(text: Text) -> float:
        return typesetter.glyphs(text).width + STRIP_GAP

    room = box.right - box.left - 2 * STRIP_MARGIN + STRIP_GAP
    room -= width(step) + width(timestep) + width(title)
    # What is shown is true of the whole picture, so it stands even where a name must be cut.
    excess = min(map(width, forms), default=0.0) - room
    if excess > 0:
        # A step of many results has a long name, a timestep perhaps a long label.
        long, size = max((telling.step, sizes.step), (telling.timestep, sizes.timestep), key=_wide)
        width_kept = text_width(long, size) - excess
        kept = cut(long, size, width_kept)
        room += text_width(long, size) - text_width(kept, size)
        if long == telling.step:
            step = replace(step, markup=plain(kept))
        else:
            timestep = replace(timestep, markup=plain(kept))
    form = next((form for form in forms if width(form) <= room), forms[-1] if forms else None)
    baseline = box.top + _TITLE_BASELINE
    left, right = box.left + STRIP_MARGIN, box.right - STRIP_MARGIN
    shapes = []
    for text, colour in ((step, theme.accent), (timestep, theme.text)):
        shapes.append(_told(typesetter.glyphs(text).moved(left, baseline), colour, theme))
        left += width(text)
    ends = [(title, theme.text)] + ([(form, theme.quiet_text)] if form is not None else [])
    for text, colour in ends:
        glyphs = typesetter.glyphs(text)
        shapes.append(_told(glyphs.moved(right - glyphs.width, baseline), colour, theme))
        right -= width(text)
    return shapes


def _heading_lines(telling: Telling, theme: Theme) -> tuple[Text, Text, Text, list[Text]]:
    """The step, the timestep, the cell's name, and what is shown in forms of any length."""
    sizes = theme.sizes
    return (
        Text(plain(telling.step), sizes.step, bold=True),
        Text(plain(telling.timestep), sizes.timestep),
        Text(plain(telling.title), sizes.title, bold=True),
        [Text(plain(form), sizes.timestep) for form in telling.shown],
    )


def _wide(sized: tuple[str, float]) -> float:
    return text_width(*sized)


def fitting_sentence(telling: Telling, room: float, theme: Theme) -> str:
    """The fullest sentence that is not wider than `room` pixels; nothing where none fits."""
    fitting = (s for s in telling.sentences if text_width(s, theme.sizes.sentence) <= room)
    return next(fitting, "")


def fitting_formulas(
    telling: Telling, room: float, theme: Theme, typesetter: Typesetter
) -> tuple[Text | None, Text | None]:
    """The fullest pair of formulas that is not wider than `room` pixels."""
    pairs = _formula_lines(telling, theme)
    typesetter.prepare([text for pair in pairs for text in pair if text is not None])
    for pair in pairs:
        if all(text is None or typesetter.glyphs(text).width <= room for text in pair):
            return pair
    return pairs[-1][0], None


def _formula_lines(telling: Telling, theme: Theme) -> list[tuple[Text, Text | None]]:
    """Each pair of formulas, the fullest first."""
    return [
        (
            Text(typst(equation), theme.sizes.equation, math=True),
            None if numbers is None else Text(typst(numbers), theme.sizes.numbers, math=True),
        )
        for equation, numbers in telling.formulas
    ]


def _told(outline: Outline, colour: str, theme: Theme) -> Shape:
    return Shape("label", outline, colour, theme.strip)
