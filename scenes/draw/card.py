"""A card for social previews: the complete cell beside a strip with its name.

    card_page(plan_card(planned)) -> Page of 1200 x 630 pixels

It is seen at half its size and less, so there are no numbers and no equations on it. Lengths of
the strip are pixels of the card.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from gatereel.rnn_math import Cell
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import line, rounded_box
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.picture import draw
from gatereel.scenes.draw.shapes import painted_in_full
from gatereel.scenes.draw.typeset import Text, Typesetter, plain
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.language.files import load_language
from gatereel.scenes.lay_out.layout import Layout, lay_out
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell import words
from gatereel.scenes.tell.beats import Telling
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.metadata import comment
from gatereel.scenes.theme.theme import Theme

WIDTH, HEIGHT = 1200, 630
"""What social networks ask for: 1.91 to 1."""

MARGIN = 30.0
"""Free around the cell and around the strip's words; some networks crop to 2 to 1."""

_STRIP = 300.0
_TITLE_SIZE, _NAME_SIZE, _CREDIT_SIZE = 76.0, 32.0, 17.0
_TITLE_TOP = 0.16
"""Of the card's height, above the title."""
_LINE, _GAP = 1.2, 0.3
"""From line to line, and between the title and the name, in type sizes."""
_SMALLER = 0.9
"""How type shrinks until long words have room."""

_NOTHING_TOLD = Telling("", "", "", (), (), (), ())


@dataclass(frozen=True)
class CardPlan:
    """A card before it is drawn: what is seen on it, and nothing else of the film."""

    cell: Cell
    layout: Layout
    theme: Theme
    language: Language
    metadata: Mapping[str, str]
    place: None = None


def plan_card(planned: Plan) -> CardPlan:
    """The card of a planned film."""
    cell, excerpt = planned.storyboard.cell, planned.storyboard.excerpt
    layout = lay_out(
        planned.layout.diagram,
        planned.layout.input_size,
        planned.layout.hidden_size,
        rest_features=excerpt.rest_features > 0,
        rest_units=excerpt.rest_units > 0,
        projected=excerpt.counts().get("projected"),
        values=False,
        strip=False,
    )
    english = load_language()
    title = f"{cell.title}: {cell.long_name}"
    metadata = {"title": title, "comment": comment(title, english)}
    return CardPlan(cell, layout, planned.theme, planned.language, metadata)


def card_page(card: CardPlan) -> DrawnPage:
    """The card as a page of outlines."""
    theme = card.theme
    typesetter = Typesetter()
    picture = draw(card.layout, card.cell, theme, typesetter, _NOTHING_TOLD)
    shapes = [*picture.base, *(shape for shapes in picture.parts.values() for shape in shapes)]
    painted = [painted_in_full(shape, theme) for shape in shapes]
    points = np.concatenate([each.outline for each in painted])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    scale = float(
        min((WIDTH - _STRIP - 2 * MARGIN) / (right - left), (HEIGHT - 2 * MARGIN) / (bottom - top))
    )
    unit = 1 / scale
    cell = Group.seen(
        painted,
        float((_STRIP + WIDTH) / 2 * unit - (left + right) / 2),
        float(HEIGHT / 2 * unit - (top + bottom) / 2),
    )
    strip = Group.seen([*_ground(theme, unit), *_words(card, unit, typesetter)])
    return DrawnPage(WIDTH * unit, HEIGHT * unit, (cell, strip), theme.background, scale)


def _ground(theme: Theme, unit: float) -> Iterator[Painted]:
    right, bottom = _STRIP * unit, HEIGHT * unit
    yield Painted(rounded_box(0.0, 0.0, right, bottom, 0.0), Style(theme.strip, None, 0.0))
    edge = line((right, 0.0), (right, bottom))
    yield Painted(edge, Style(None, theme.strip_line, theme.strokes.rule * unit))


@dataclass(frozen=True)
class _Line:
    """A line of the strip: its baseline from the card's top, in pixels."""

    text: str
    size: float
    y: float
    bold: bool = False


def _words(card: CardPlan, unit: float, typesetter: Typesetter) -> Iterator[Painted]:
    """The cell's abbreviation, its name spelled out, and at the foot the credit."""
    theme, language = card.theme, card.language
    title = words.title(card.cell, language)
    name = words.long_name(card.cell, language)
    foot = _foot(words.credit(language))
    for lines, colour in ((_head(title, name, foot[0]), theme.text), (foot, theme.quiet_text)):
        for each in lines:
            text = Text(plain(each.text), round(each.size * unit, 1), bold=each.bold)
            outline = typesetter.glyphs(text).moved(MARGIN * unit, each.y * unit)
            yield Painted(outline, Style(colour, None, 0.0))


def _head(title: str, name: str, below: _Line) -> list[_Line]:
    """Title and name, as large as there is room above a line."""
    share = 1.0
    while (lines := _stacked(title, name, share))[-1].y > below.y - below.size - MARGIN:
        share *= _SMALLER
    return lines


def _stacked(title: str, name: str, share: float) -> list[_Line]:
    """Title and name one below the other, at a share of their sizes."""
    y = HEIGHT * _TITLE_TOP
    lines: list[_Line] = []
    for text, largest, bold in ((title, _TITLE_SIZE, True), (name, _NAME_SIZE, False)):
        parts, size = _wrapped(text, largest * share, bold=bold)
        for part in parts:
            y += size * _LINE
            lines.append(_Line(part, size, y, bold=bold))
        y += size * _GAP
    return lines


def _foot(credit: str) -> list[_Line]:
    parts, size = _wrapped(credit, _CREDIT_SIZE)
    bottom = HEIGHT - MARGIN - (len(parts) - 1) * size * _LINE
    return [_Line(part, size, bottom + i * size * _LINE) for i, part in enumerate(parts)]


def _wrapped(text: str, size: float, *, bold: bool = False) -> tuple[list[str], float]:
    """The text in lines that fit the strip, and their type size: smaller for a word too wide."""
    room = _STRIP - 2 * MARGIN
    parts = text.split()
    size *= min(1.0, room / max(text_width(part, size, bold=bold) for part in parts))
    lines = parts[:1]
    for part in parts[1:]:
        longer = f"{lines[-1]} {part}"
        if text_width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines, size
