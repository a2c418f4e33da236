"""What a picture is made of before any renderer: outlines with a kind, a colour and a backdrop.

The kind says how a shape looks while it waits, is active, is past, or stands in the complete cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenes.diagrams import Point
from scenes.layout import Disc
from scenes.outlines import Outline, arrow_head, circle, join, polyline
from scenes.theme import Theme, mix

Kind = Literal[
    "box", "rule", "wire", "head", "tag", "tag text", "fan", "disc", "letter", "label", "value"
]
Look = Literal["waiting", "active", "past", "full"]

DRAWING_ORDER: tuple[Kind, ...] = (
    "box",
    "rule",
    "wire",
    "head",
    "tag",
    "tag text",
    "fan",
    "disc",
    "letter",
    "label",
    "value",
)

HEAD_LENGTH = 12.0
HEAD_WIDTH = 8.5


@dataclass(frozen=True, eq=False)
class Shape:
    """An outline in pixels with its colour.

    `anchor` has the outline's shape: the point from which each of its points grows, such as a
    disc's middle; None where nothing grows. `path` is a wire's way. `backdrop` is the colour that
    a receding shape fades into.
    """

    kind: Kind
    outline: Outline
    colour: str
    backdrop: str
    anchor: Outline | None = None
    path: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Style:
    """Colours and line width in pixels; None for what is not painted."""

    fill: str | None
    stroke: str | None
    width: float


def in_drawing_order(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes from back to front."""
    return sorted(shapes, key=lambda shape: DRAWING_ORDER.index(shape.kind))


def discs(placed: Sequence[Disc], theme: Theme, backdrop: str) -> tuple[Shape, ...]:
    """Discs as one shape a colour."""
    by_colour: dict[str, list[Disc]] = {}
    for disc in placed:
        by_colour.setdefault(theme.fill(disc.role, disc.unit), []).append(disc)
    return tuple(
        Shape(
            "disc",
            join([circle(disc.x, disc.y, disc.radius) for disc in group]),
            colour,
            backdrop,
            anchor=_repeat([(disc.x, disc.y) for disc in group]),
        )
        for colour, group in by_colour.items()
    )


def wire(path: tuple[Point, ...], theme: Theme, backdrop: str) -> tuple[Shape, Shape]:
    """A wire's line and its arrow head."""
    line_outline, head_outline = wire_outlines(path)
    return (
        Shape("wire", line_outline, theme.line, backdrop, path=path),
        Shape("head", head_outline, theme.line, backdrop, path=path),
    )


def wire_outlines(path: Sequence[Point]) -> tuple[Outline, Outline]:
    """Line and head of a wire along `path`; the line ends inside the head."""
    (x, y), before = path[-1], path[-2]
    gap = np.array([x, y]) - np.array(before)
    distance = float(np.linalg.norm(gap))
    head = min(HEAD_LENGTH, distance)
    if head == 0.0:
        return polyline(path), np.zeros((0, 2))
    inside = np.array([x, y]) - gap / distance * head * _LINE_INTO_HEAD
    ended = [*path[:-1], (float(inside[0]), float(inside[1]))]
    return polyline(ended), arrow_head((x, y), before, head, HEAD_WIDTH * head / HEAD_LENGTH)


_LINE_INTO_HEAD = 0.7


def style(shape: Shape, look: Look, theme: Theme) -> Style:
    """How a shape is painted in a look. A receding shape keeps its hue."""
    strengths, strokes = theme.strengths, theme.strokes
    line_share = {
        "waiting": strengths.waiting_line,
        "active": 0.0,
        "past": strengths.past_line,
        "full": 0.0,
    }[look]
    text_share = {
        "waiting": strengths.waiting_text,
        "active": 0.0,
        "past": strengths.past_text,
        "full": 0.0,
    }[look]
    active = look == "active"
    fades = mix(shape.colour, shape.backdrop, line_share)
    match shape.kind:
        case "disc":
            share = strengths.waiting_fill if look == "waiting" else 0.0
            return Style(
                mix(shape.colour, shape.backdrop, share),
                mix(theme.line, shape.backdrop, line_share),
                strokes.active_outline if active else strokes.outline,
            )
        case "wire":
            return Style(None, fades, strokes.active_wire if active else strokes.wire)
        case "fan":
            return Style(None, fades, strokes.active_fan if active else strokes.fan)
        case "rule":
            return Style(None, shape.colour, strokes.loop)
        case "head":
            return Style(fades, None, 0.0)
        case "box":
            return Style(shape.colour, theme.line, strokes.body)
        case "tag":
            share = strengths.waiting_text if look == "waiting" else 0.0
            return Style(mix(shape.colour, shape.backdrop, share), None, 0.0)
        case _:
            return Style(mix(shape.colour, shape.backdrop, text_share), None, 0.0)


def _repeat(points: Sequence[Point]) -> Outline:
    """Each middle as often as a circle has points."""
    return np.repeat(np.array(points, dtype=float), len(circle(0.0, 0.0, 1.0)), axis=0)
