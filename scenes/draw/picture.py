"""Draw a layout as shapes: what always stands there, and what belongs to each vector.

    draw(layout, cell, theme, typesetter, telling) -> Picture

Pure description; `scenes/draw/transitions.py` makes tableaux of it.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from gatereel.rnn_math import Cell
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.lanes import lanes
from gatereel.scenes.draw.outlines import Outline, rounded_box
from gatereel.scenes.draw.shapes import Shape, discs, in_drawing_order, wire
from gatereel.scenes.draw.symbols import symbol
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.diagram import Label, Tag
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.layout import STRIP_GAP, STRIP_MARGIN, TEXT_LINE, Layout, tag_box
from gatereel.scenes.lay_out.placed_rows import PlacedRow
from gatereel.scenes.tell.beats import Telling
from gatereel.scenes.tell.numbers import number
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX
from gatereel.scenes.tell.weights import Weights, largest_weight
from gatereel.scenes.tell.words import BETWEEN_PARTS
from gatereel.scenes.theme.theme import Theme

NO_WEIGHTS: Mapping[str, Weights] = MappingProxyType({})

_CORNER_GAP = 8.0
_CORNER_LINE = 20.0
_CORNER = 1.0


@dataclass(frozen=True)
class Picture:
    """`base` never changes; `parts` maps a vector to the shapes that are revealed with it."""

    base: tuple[Shape, ...]
    parts: Mapping[str, tuple[Shape, ...]]


def draw(
    layout: Layout,
    cell: Cell,
    theme: Theme,
    typesetter: Typesetter,
    telling: Telling,
    *,
    levels: bool = False,
    weights: Mapping[str, Weights] = NO_WEIGHTS,
    words: bool = True,
) -> Picture:
    """Describe the whole cell of `layout`.

    With `levels`, discs that get a value are hollow, and lines of weighted sums show `weights`.
    Where values are shown, so are the ways of the states to the next timestep.

    Of what is told of it, the cell's title and which units and inputs are shown are written where
    there is no strip to say them. Without `words` there are none, no tags and no letters.
    """
    if words:
        typesetter.prepare(_words(layout, theme))
    parts: dict[str, list[Shape]] = {
        name: [] for name in layout.rows if not name.endswith(OPERANDS_SUFFIX)
    }
    largest = largest_weight(weights)
    for node in cell.nodes:
        parts[node.name] += symbol(
            node.operation,
            layout.rows[node.name],
            layout.rows.get(node.name + OPERANDS_SUFFIX),
            theme,
            typesetter,
            theme.body,
            hollow=levels,
            letters=words,
            weights=weights.get(node.name) if levels else None,
            largest=largest,
        )
    for name in parts:
        if name in cell.given or name.endswith(OUT_SUFFIX):
            row = layout.rows[name]
            parts[name] += discs(row.discs, theme, theme.background, hollow=levels)
    gaps = tuple(tag_box(tag) for tag in layout.tags if words and tag.kind == "gate")
    for w in layout.wires:
        parts[w.target.removesuffix(OPERANDS_SUFFIX)] += wire(w.path, gaps, theme, theme.body)
    for label in layout.labels if words else ():
        lines = _around(label.x, label.y, _label_texts(label, layout), typesetter)
        parts[label.row] += (Shape("label", each, theme.text, theme.body) for each in lines)
    standing: list[Shape] = []
    for tag in layout.tags if words else ():
        tags = _tag(tag, theme, typesetter)
        if tag.row in cell.given:
            standing += tags
        else:
            parts[tag.row] += tags
    body = layout.body
    base = [
        Shape(
            "box",
            rounded_box(body.left, body.top, body.right, body.bottom, _CORNER),
            theme.body,
            theme.background,
        ),
        *(_foot(layout, theme, typesetter, telling) if words else ()),
        *(lanes(layout, theme, tags=words) if layout.has_values else ()),
        *standing,
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
        glyphs = typesetter.number(number(value, layout.decimals), size)
        outlines.append(glyphs.moved(x - glyphs.width / 2, y + CAP_HEIGHT * size / 2))
    return Shape("value", np.concatenate(outlines), theme.text, row_backdrop(row, layout, theme))


def row_backdrop(row: PlacedRow, layout: Layout, theme: Theme) -> str:
    """What is behind a row: the cell's body or the background."""
    body = layout.body
    inside = body.left < row.x < body.right and body.top < row.y < body.bottom
    return theme.body if inside else theme.background


def _foot(
    layout: Layout, theme: Theme, typesetter: Typesetter, telling: Telling
) -> tuple[Shape, ...]:
    """The strip's ground; without a strip, the cell's name in the lower left corner."""
    box = layout.strip
    if box is None:
        return _corner_words(layout, theme, typesetter, telling)
    ground = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
    return (Shape("strip", ground, theme.strip, theme.background),)


def _corner_words(
    layout: Layout, theme: Theme, typesetter: Typesetter, telling: Telling
) -> tuple[Shape, ...]:
    """The cell's name, and beside or below it what is shown, clear of tags and rows."""
    bottom = layout.height - STRIP_MARGIN
    title = typesetter.glyphs(Text(plain(telling.title), theme.sizes.title, bold=True))
    beside = STRIP_MARGIN + title.width + STRIP_GAP
    taken = [*map(tag_box, layout.tags), *(row.extent for row in layout.rows.values())]

    def is_free(x: float, lines: Sequence[Text]) -> bool:
        width = max(typesetter.glyphs(text).width for text in lines)
        top = bottom - len(lines) * _CORNER_LINE
        box = Box(x, top, x + width + _CORNER_GAP, layout.height)
        return not any(box.overlaps(other) for other in taken)

    places = [
        (x, [Text(plain(line), theme.sizes.timestep) for line in lines])
        for form in telling.shown
        for x, lines in (
            (beside, [form]),
            (STRIP_MARGIN, [form]),
            (STRIP_MARGIN, form.split(BETWEEN_PARTS)),
        )
    ]
    typesetter.prepare(text for _, lines in places for text in lines)
    x, lines = next((place for place in places if is_free(*place)), (beside, []))
    words = [
        Shape(
            "label",
            typesetter.glyphs(text).moved(x, bottom - (len(lines) - 1 - i) * _CORNER_LINE),
            theme.quiet_text,
            theme.background,
        )
        for i, text in enumerate(lines)
    ]
    title_baseline = bottom - (0 if x == beside else len(lines) * _CORNER_LINE)
    name = title.moved(STRIP_MARGIN, title_baseline)
    return (Shape("label", name, theme.text, theme.background), *words)


def _words(layout: Layout, theme: Theme) -> list[Text]:
    return [
        *(text for label in layout.labels for text in _label_texts(label, layout)),
        *(text for tag in layout.tags for text in _tag_texts(tag, theme)),
    ]


def _label_texts(label: Label, layout: Layout) -> list[Text]:
    return [Text(plain(line), layout.diagram.label_size) for line in label.text.split("\n")]


def _tag_texts(tag: Tag, theme: Theme) -> list[Text]:
    sizes = {
        "state": theme.sizes.state_tag,
        "caption": theme.sizes.caption_tag,
        "gate": theme.sizes.gate_tag,
    }
    lines = [tag.text] if tag.kind == "state" else map(plain, tag.text.split("\n"))
    return [Text(line, sizes[tag.kind]) for line in lines]


# From a line's middle down to its baseline, in type sizes: between x-height and capitals.
_X_MIDDLE = 0.33


def _around(x: float, y: float, texts: Sequence[Text], typesetter: Typesetter) -> list[Outline]:
    """Lines one below the other around a middle."""
    outlines = []
    for i, text in enumerate(texts):
        glyphs = typesetter.glyphs(text)
        middle = y + (i - (len(texts) - 1) / 2) * TEXT_LINE * text.size
        outlines.append(glyphs.moved(x - glyphs.width / 2, middle + _X_MIDDLE * text.size))
    return outlines


def _tag(tag: Tag, theme: Theme, typesetter: Typesetter) -> tuple[Shape, ...]:
    colour = {"state": theme.state_tag, "caption": theme.caption_tag, "gate": theme.gate_tag}
    backdrop = theme.body if tag.kind == "gate" else theme.background
    box = tag_box(tag)
    ground = rounded_box(box.left, box.top, box.right, box.bottom, 0.0)
    shapes = [Shape("tag", ground, colour[tag.kind], backdrop)]
    lines = _around(tag.x, tag.y, _tag_texts(tag, theme), typesetter)
    return (*shapes, *(Shape("tag text", each, theme.text, colour[tag.kind]) for each in lines))
