"""Draw a layout as shapes: what always stands there, and what belongs to each vector.

    draw(layout, cell, theme, typesetter) -> Picture

Pure description; `scenes.cell_scene` gives the shapes to the renderer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnn_math import INPUT, Cell, previous
from scenes.diagrams import OPERANDS_SUFFIX, OUT_SUFFIX, Label, Tag
from scenes.layout import Box, Layout, PlacedRow, tag_box
from scenes.metrics import CAP_HEIGHT
from scenes.numbers import number
from scenes.outlines import Outline, line, rounded_box
from scenes.shapes import Shape, discs, in_drawing_order, wire
from scenes.storyboard import Telling
from scenes.symbols import symbol_of
from scenes.theme import Theme
from scenes.typeset import Text, Typesetter

STRIP_MARGIN = 24.0
_TITLE_BASELINE = 28.0
_EQUATION_BASELINE = 60.0
_NUMBERS_BASELINE = 89.0
_STRIP_GAP = 16.0
_TAG_LINE = 1.22
_CORNER = 1.0


@dataclass(frozen=True)
class Picture:
    """`base` never changes; `parts` maps a vector to the shapes that are revealed with it."""

    base: tuple[Shape, ...]
    parts: Mapping[str, tuple[Shape, ...]]


def draw(layout: Layout, cell: Cell, theme: Theme, typesetter: Typesetter) -> Picture:
    """Describe the whole cell of `layout`."""
    typesetter.prepare(_words(layout, theme), keep=True)
    always = (INPUT, *map(previous, cell.states))
    parts: dict[str, list[Shape]] = {
        name: [] for name in layout.rows if not name.endswith(OPERANDS_SUFFIX)
    }
    for node in cell.nodes:
        parts[node.name] += symbol_of(node.operation).shapes(
            layout.rows[node.name],
            layout.rows.get(node.name + OPERANDS_SUFFIX),
            theme,
            typesetter,
            theme.body,
        )
    for name in parts:
        if name in always or name.endswith(OUT_SUFFIX):
            parts[name] += discs(layout.rows[name].discs, theme, theme.background)
    gaps = tuple(tag_box(tag) for tag in layout.tags if tag.kind == "gate")
    for w in layout.wires:
        parts[w.target.removesuffix(OPERANDS_SUFFIX)] += wire(w.path, gaps, theme, theme.body)
    for label in layout.labels:
        parts[label.row].append(_label(label, layout.diagram.label_size, theme, typesetter))
    for tag in layout.tags:
        parts[tag.row] += _tag(tag, theme, typesetter)
    body = layout.body
    base = [
        Shape(
            "box",
            rounded_box(body.left, body.top, body.right, body.bottom, _CORNER),
            theme.body,
            theme.background,
        ),
        *_foot(layout, cell, theme, typesetter),
        *(shape for name in always for shape in parts.pop(name)),
    ]
    return Picture(
        tuple(in_drawing_order(base)),
        {name: tuple(in_drawing_order(shapes)) for name, shapes in parts.items()},
    )


def values(
    row: PlacedRow,
    numbers: Sequence[float],
    layout: Layout,
    theme: Theme,
    typesetter: Typesetter,
) -> Shape:
    """A row's numbers, each over its disc, as one shape."""
    size = layout.value_size
    outlines = []
    for (x, y), value in zip(row.value_spots, numbers, strict=True):
        glyphs = typesetter.number(number(value), size)
        outlines.append(glyphs.moved(x - glyphs.width / 2, y + CAP_HEIGHT * size / 2))
    return Shape("value", np.concatenate(outlines), theme.text, row_backdrop(row, layout, theme))


def row_backdrop(row: PlacedRow, layout: Layout, theme: Theme) -> str:
    """What is behind a row: the cell's body or the background."""
    body = layout.body
    inside = body.left < row.x < body.right and body.top < row.y < body.bottom
    return theme.body if inside else theme.background


def strip(telling: Telling, box: Box, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    """What is told of a step: a line of words and two lines of mathematics, left aligned."""
    sizes = theme.sizes
    x = box.left + STRIP_MARGIN
    room = box.right - box.left - 2 * STRIP_MARGIN
    baseline = box.top + _TITLE_BASELINE
    heading = (
        (Text(telling.title, sizes.title, bold=True), theme.text),
        (Text(telling.timestep, sizes.step), theme.text),
        (Text(telling.step, sizes.step, bold=True), theme.accent),
        (Text(telling.gist, sizes.gist), theme.quiet_text),
    )
    story = Text(telling.story, sizes.gist)
    typesetter.prepare([text for text in (story, *(t for t, _ in heading)) if text.markup])
    shapes = []
    for text, colour in heading:
        if not text.markup:
            continue
        glyphs = typesetter.glyphs(text)
        shapes.append(_told(glyphs.moved(x, baseline), colour, theme))
        x += glyphs.width + _STRIP_GAP
    formulas = fitting_formulas(telling, room, theme, typesetter)
    for formula, offset in zip(formulas, (_EQUATION_BASELINE, _NUMBERS_BASELINE), strict=True):
        if formula is not None:
            outline = typesetter.glyphs(formula).moved(box.left + STRIP_MARGIN, box.top + offset)
            shapes.append(_told(outline, theme.text, theme))
    if telling.story:
        outline = typesetter.glyphs(story).moved(
            box.left + STRIP_MARGIN, box.top + _NUMBERS_BASELINE
        )
        shapes.append(_told(outline, theme.quiet_text, theme))
    return tuple(shapes)


def fitting_formulas(
    telling: Telling, room: float, theme: Theme, typesetter: Typesetter
) -> tuple[Text | None, Text | None]:
    """The fullest pair of formulas that is not wider than `room` pixels."""
    pairs = [
        (
            Text(equation, theme.sizes.equation, math=True) if equation else None,
            Text(numbers, theme.sizes.numbers, math=True) if numbers else None,
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


def _foot(layout: Layout, cell: Cell, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    """The strip's ground; without a strip, the cell's name in the lower left corner."""
    box = layout.strip
    if box is None:
        glyphs = typesetter.glyphs(Text(cell.title, theme.sizes.title, bold=True))
        outline = glyphs.moved(STRIP_MARGIN, layout.height - STRIP_MARGIN)
        return (Shape("label", outline, theme.text, theme.background),)
    ground = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
    edge = line((box.left, box.top), (box.right, box.top))
    return (
        Shape("tag", ground, theme.strip, theme.background),
        Shape("rule", edge, theme.strip_line, theme.background),
    )


def _words(layout: Layout, theme: Theme) -> list[Text]:
    return [
        *(Text(label.text, layout.diagram.label_size) for label in layout.labels),
        *(_tag_text(tag, line, theme) for tag in layout.tags for line in tag.lines),
    ]


def _tag_text(tag: Tag, markup: str, theme: Theme) -> Text:
    sizes = {
        "state": theme.sizes.state_tag,
        "caption": theme.sizes.caption_tag,
        "gate": theme.sizes.gate_tag,
    }
    return Text(markup, sizes[tag.kind])


def _label(label: Label, size: float, theme: Theme, typesetter: Typesetter) -> Shape:
    glyphs = typesetter.glyphs(Text(label.text, size))
    outline = glyphs.moved(label.x - glyphs.width / 2, label.y + _X_MIDDLE * size)
    return Shape("label", outline, theme.text, theme.body)


# From a line's middle down to its baseline, in type sizes: between x-height and capitals.
_X_MIDDLE = 0.33


def _tag(tag: Tag, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    colour = {"state": theme.state_tag, "caption": theme.caption_tag, "gate": theme.gate_tag}
    backdrop = theme.body if tag.kind == "gate" else theme.background
    box = tag_box(tag)
    ground = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
    shapes = [Shape("tag", ground, colour[tag.kind], backdrop)]
    for i, markup in enumerate(tag.lines):
        text = _tag_text(tag, markup, theme)
        glyphs = typesetter.glyphs(text)
        baseline = tag.y + (i - (len(tag.lines) - 1) / 2) * _TAG_LINE * text.size
        outline = glyphs.moved(tag.x - glyphs.width / 2, baseline + _X_MIDDLE * text.size)
        shapes.append(Shape("tag text", outline, theme.text, colour[tag.kind]))
    return tuple(shapes)
