"""What a picture is made of before any renderer: outlines with a kind, a colour and a backdrop.

The kind says how a shape looks while it waits, is active, is past, or stands in the complete cell.
A cell that was built and waits for the next timestep is emptied: its tags alone stay as they were.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

import numpy as np

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import NOTHING, Outline, arrow_head, circle, join, line
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.placed_rows import Disc
from gatereel.scenes.theme.theme import Theme, mix

ShapeKind = Literal[
    "box",
    "rule",
    "strip",
    "lane",
    "lane head",
    "wire",
    "head",
    "tag",
    "tag text",
    "fan",
    "weights",
    "disc",
    "dots",
    "letter",
    "label",
    "value",
]
Look = Literal["waiting", "emptied", "turned", "active", "past", "full"]
"""Where the way back begins, a cell is turned: it waits, and its wires have no heads any more."""

_STAYS: tuple[ShapeKind, ...] = ("tag", "tag text")
"""What an emptied vector keeps, while all else of it waits for new values."""

DRAWING_ORDER: tuple[ShapeKind, ...] = get_args(ShapeKind)
"""From back to front: the kinds are named in this order."""

_DOT_RADIUS = 0.15
_DOT_SPACING = 0.5
UNIT_DOTS: Outline = join(
    [circle(place * _DOT_SPACING, 0.0, _DOT_RADIUS) for place in (-1.0, 0.0, 1.0)]
)
"""The ellipsis in a disc of radius 1 around the origin."""

HEAD_LENGTH = 12.0
HEAD_WIDTH = 8.5


@dataclass(frozen=True, eq=False)
class Shape:
    """An outline in pixels with its colour.

    `anchor` has the outline's shape: the point from which each of its points grows, such as a
    disc's middle; None where nothing grows. `path` is a wire's way, `gaps` the tags that it runs
    under. `backdrop` is the colour that a receding shape fades into. `weight` scales its line.
    `is_operand` marks the second row of a weighted sum.
    """

    kind: ShapeKind
    outline: Outline
    colour: str
    backdrop: str
    anchor: Outline | None = None
    path: tuple[Point, ...] = ()
    gaps: tuple[Box, ...] = ()
    weight: float = 1.0
    is_operand: bool = False
    role_fill: str | None = None
    """Of a disc, or of the one that a letter stands on: the role's colour, hollow or not."""


def in_drawing_order(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes from back to front."""
    return sorted(shapes, key=lambda shape: DRAWING_ORDER.index(shape.kind))


def discs(
    placed: Sequence[Disc], theme: Theme, backdrop: str, *, hollow: bool = False
) -> tuple[Shape, ...]:
    """Discs as one shape a colour, and the dots in those that stand for what is left out.

    `hollow` ones are pale: what lies in them says how large their values are.
    """
    by_colour: dict[str, list[Disc]] = {}
    for disc in placed:
        by_colour.setdefault(theme.fill(disc.role, disc.unit), []).append(disc)
    filled = tuple(
        Shape(
            "disc",
            join([circle(disc.x, disc.y, disc.radius) for disc in group]),
            theme.hollow(fill) if hollow else fill,
            backdrop,
            anchor=_repeat([(disc.x, disc.y) for disc in group]),
            role_fill=fill,
        )
        for fill, group in by_colour.items()
    )
    dotted = tuple(_dots(disc, theme, backdrop, hollow) for disc in placed if disc.is_rest)
    return (*filled, *dotted)


def _dots(disc: Disc, theme: Theme, backdrop: str, hollow: bool) -> Shape:
    outline = np.array([disc.x, disc.y]) + disc.radius * UNIT_DOTS
    anchor = outline * 0.0 + (disc.x, disc.y)
    fill = theme.fill(disc.role, disc.unit)
    colour = theme.letter_on(theme.hollow(fill) if hollow else fill)
    return Shape("dots", outline, colour, backdrop, anchor=anchor, role_fill=fill)


def wire(
    path: tuple[Point, ...], gaps: tuple[Box, ...], theme: Theme, backdrop: str
) -> tuple[Shape, Shape]:
    """A wire's line and its arrow head."""
    line_outline, head_outline = wire_outlines(path, gaps)
    return (
        Shape("wire", line_outline, theme.line, backdrop, path=path, gaps=gaps),
        Shape("head", head_outline, theme.line, backdrop, path=path, gaps=gaps),
    )


def wire_outlines(path: Sequence[Point], gaps: Sequence[Box]) -> tuple[Outline, Outline]:
    """Line and head of a wire along `path`, left out in `gaps`; the line ends inside the head."""
    (x, y), before = path[-1], path[-2]
    gap = np.array([x, y]) - np.array(before)
    distance = float(np.linalg.norm(gap))
    if distance == 0.0:
        return line_around(path, gaps), NOTHING
    length = min(HEAD_LENGTH, distance)
    inside = np.array([x, y]) - gap / distance * length * _LINE_INTO_HEAD
    ended = [*path[:-1], (float(inside[0]), float(inside[1]))]
    head = arrow_head((x, y), before, length, HEAD_WIDTH * length / HEAD_LENGTH)
    return line_around(ended, gaps), head


def line_around(path: Sequence[Point], gaps: Sequence[Box]) -> Outline:
    """A polyline without the stretches of its upright segments that lie in `gaps`."""
    pieces = []
    for (x, y), (end_x, end_y) in pairwise(path):
        hidden = [
            (max(min(y, end_y), gap.top), min(max(y, end_y), gap.bottom))
            for gap in gaps
            if x == end_x and gap.left < x < gap.right
        ]
        at = y
        for top, bottom in sorted((h for h in hidden if h[0] < h[1]), reverse=end_y < y):
            near, far = (bottom, top) if end_y < y else (top, bottom)
            pieces.append(line((x, at), (x, near)))
            at = far
        pieces.append(line((x, at), (end_x, end_y)))
    return join(pieces)


_LINE_INTO_HEAD = 0.7


def style(shape: Shape, look: Look, theme: Theme) -> Style:
    """How a shape is painted in a look. A receding shape keeps its hue.

    What is active differs from what is past in its wires alone: each outline that changes has to
    be stored again in a GIF.
    """
    strengths, strokes = theme.strengths, theme.strokes
    waiting = look in ("waiting", "turned") or (look == "emptied" and shape.kind not in _STAYS)
    full = look == "full"

    def faded(waiting_share: float, past_share: float = 0.0) -> str:
        share = waiting_share if waiting else 0.0 if full else past_share
        return mix(shape.colour, shape.backdrop, share)

    match shape.kind:
        case "disc":
            if waiting:
                # Not what is hollow: that is all but white, and would be lost.
                fill = shape.role_fill or shape.colour
                return Style(theme.waiting(fill, shape.backdrop), None, 0.0)
            return Style(shape.colour, theme.line, strokes.outline)
        case "wire":
            if look == "active":
                return Style(None, shape.colour, strokes.active_wire)
            return Style(None, faded(strengths.waiting_line, strengths.past_line), strokes.wire)
        case "head" if look == "turned":
            return Style(None, None, 0.0)
        case "head":
            past = 0.0 if look == "active" else strengths.past_line
            return Style(faded(strengths.waiting_line, past), None, 0.0)
        case "fan":
            colour = faded(strengths.waiting_line, strengths.past_fan)
            return Style(None, colour, strokes.fan * shape.weight)
        case "rule":
            return Style(None, shape.colour, strokes.rule)
        case "lane":
            return Style(None, shape.colour, strokes.lane)
        case "lane head":
            return Style(shape.colour, None, 0.0)
        case "weights":
            return Style(faded(strengths.waiting_line, strengths.past_fan), None, 0.0)
        case "box":
            return Style(shape.colour, theme.line, strokes.body)
        case "letter" | "dots" if waiting:
            fill = shape.role_fill or shape.colour
            return Style(theme.waiting_letter(fill, shape.backdrop), None, 0.0)
        case _:
            return Style(faded(strengths.waiting_text), None, 0.0)


def painted_in_full(shape: Shape, theme: Theme) -> Painted:
    """A shape as it stands in a complete picture."""
    return Painted(shape.outline, style(shape, "full", theme))


def _repeat(points: Sequence[Point]) -> Outline:
    """Each middle as often as a circle has points."""
    return np.repeat(np.array(points, dtype=float), len(circle(0.0, 0.0, 1.0)), axis=0)
