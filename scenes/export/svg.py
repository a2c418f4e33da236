"""SVG: a page as shapes, with no fonts, scripts or style sheets; a still for any size.

A piece that occurs again, such as a digit or a disc, is written once and used where it stands.
"""

from __future__ import annotations

from base64 import b32encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from gatereel.rnn_math.printable import printable
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import POINTS_A_CURVE, Outline, contours, is_closed, straight
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.export.encoder import Outcome

_PARTS = 100
"""Coordinates are whole hundredths of a unit."""
_STRAIGHT = 1.5
"""Hundredths that the handles of a straight curve may be off: both ends were rounded."""
_SHORTEST_WAY = 40
_SHORTEST_LOOK = 120
"""Characters from which a piece, or a whole item in its colours, is worth a name."""
_ID_LENGTH = 6

_HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    ' width="{width}" height="{height}" viewBox="0 0 {room}" role="img">'
)


@dataclass(frozen=True)
class _Piece:
    """Contours that belong together: where they start, and the way from there."""

    x: int
    y: int
    way: str


def write_svg(path: Path, pages: Sequence[DrawnPage], metadata: Mapping[str, str]) -> Outcome:
    """Write the one page of `pages` to `path`; "title" and "comment" describe it to a reader."""
    (page,) = pages
    path.write_text(svg_text(page, metadata), encoding="utf-8", newline="\n")
    width, height = page.pixels
    return Outcome(width, height, frames=1, seconds=0.0)


def svg_text(page: DrawnPage, metadata: Mapping[str, str]) -> str:
    """Return `page` as the text of an SVG file."""
    width, height = page.pixels
    room = f"{_decimal(page.width)} {_decimal(page.height)}"
    lines = [_HEAD.format(width=width, height=height, room=room)]
    for element, key in (("title", "title"), ("desc", "comment")):
        if key in metadata:
            lines.append(f"<{element}>{escape(printable(metadata[key]))}</{element}>")
    writer = _Writer(page)
    lines += writer.definitions()
    if page.background is not None:
        lines.append(f'<path fill="{page.background}" d="M0 0H{room.replace(" ", "V")}H0z"/>')
    for group in page.groups:
        lines += writer.group(group)
    return "\n".join([*lines, "</svg>", ""])


class _Writer:
    """Writes a page's groups; what occurs more than once stands in the definitions."""

    def __init__(self, page: DrawnPage) -> None:
        items = [item for group in page.groups for item in group.painted]
        self._pieces: dict[tuple[bytes, float], list[_Piece]] = {}
        ways = Counter(piece.way for item in items for piece in self._pieces_of(item))
        self._ways = _named(ways, _SHORTEST_WAY)
        looks = Counter(self._look(item) for item in items)
        self._looks = _named(looks, _SHORTEST_LOOK)

    def definitions(self) -> Iterator[str]:
        """Yield what is used elsewhere."""
        if self._ways or self._looks:
            yield "<defs>"
            yield from (f'<path id="{name}" d="M0 0{way}"/>' for way, name in self._ways.items())
            yield from (look.replace("<g", f'<g id="{n}"', 1) for look, n in self._looks.items())
            yield "</defs>"

    def group(self, group: Group) -> Iterator[str]:
        """Yield a group's elements; what is painted alike and in a row has its colours once."""
        moved = group.x or group.y
        if moved:
            yield f'<g transform="translate({_decimal(group.x)} {_decimal(group.y)})">'
        for style, items in groupby(group.painted, key=lambda item: item.style):
            alone = ""
            for item in items:
                look = self._look(item)
                if look not in self._looks:
                    alone += self._shapes(item)
                    continue
                if alone:
                    yield _in_colours(style, alone)
                    alone = ""
                yield f'<use xlink:href="#{self._looks[look]}"/>'
            if alone:
                yield _in_colours(style, alone)
        if moved:
            yield "</g>"

    def _look(self, item: Painted) -> str:
        """An item alone, with its colours."""
        return _in_colours(item.style, self._shapes(item))

    def _shapes(self, item: Painted) -> str:
        """An item's shapes without colours."""
        shared, alone = "", ""
        for piece in self._pieces_of(item):
            if piece.way in self._ways:
                x, y = _text(piece.x), _text(piece.y)
                shared += f'<use xlink:href="#{self._ways[piece.way]}" x="{x}" y="{y}"/>\n'
            else:
                alone += f"M{_row([piece.x, piece.y])}{piece.way}"
        return shared + (f'<path d="{alone}"/>\n' if alone else "")

    def _pieces_of(self, item: Painted) -> list[_Piece]:
        reach = item.style.width / 2 if item.style.stroke is not None else 0.0
        key = (_whole(item.outline).tobytes(), reach)
        if key not in self._pieces:
            self._pieces[key] = [_piece(members) for members in _together(item.outline, reach)]
        return self._pieces[key]


def _in_colours(style: Style, shapes: str) -> str:
    line = ""
    if style.stroke is not None:
        line = f' stroke="{style.stroke}" stroke-width="{_decimal(style.width)}"'
    return f'<g fill="{style.fill or "none"}"{line}>\n{shapes}</g>'


def _named(texts: Counter[str], shortest: int) -> dict[str, str]:
    """Name what occurs again and is long, by what it is.

    So several drawings can be put into one page as they are.
    """
    return {
        text: "g" + b32encode(sha256(text.encode()).digest()).decode().lower()[:_ID_LENGTH]
        for text, count in texts.items()
        if count > 1 and len(text) >= shortest
    }


# --- pieces ----------------------------------------------------------------------------------


def _together(outline: Outline, reach: float) -> list[list[Outline]]:
    """The contours of an outline, with those that overlap together: a hole and its letter."""
    groups: list[tuple[NDArray[np.float64], list[Outline]]] = []
    for contour in contours(outline):
        box = np.array([contour.min(axis=0) - reach, contour.max(axis=0) + reach])
        members = [contour]
        apart = []
        for other, others in groups:
            if (box[0] <= other[1]).all() and (other[0] <= box[1]).all():
                box = np.array([np.minimum(box[0], other[0]), np.maximum(box[1], other[1])])
                members = [*others, *members]
            else:
                apart.append((other, others))
        groups = [*apart, (box, members)]
    return [members for _, members in groups]


def _piece(members: Sequence[Outline]) -> _Piece:
    """The contours in whole hundredths, each from where the one before ended."""
    way = ""
    start = at = _whole(members[0][0])
    for contour in members:
        whole = _whole(contour)
        if contour is not members[0]:
            way += f"m{_row((whole[0] - at).tolist())}"
        way += _way(whole)
        at = whole[-1]
        if is_closed(contour):
            way += "z"
            at = whole[0]
    return _Piece(int(start[0]), int(start[1]), way)


def _way(contour: Outline) -> str:
    """A contour's curves, each from where the one before ended; straight ones as lines."""
    curves = contour.reshape(-1, POINTS_A_CURVE, 2)
    starts = np.concatenate([curves[:1, 0], curves[:-1, -1]])
    steps = (curves[:, 1:] - starts[:, None]).reshape(len(curves), -1)
    are_lines = straight(contour, _STRAIGHT).tolist()
    way, last = [], ""
    for is_line, step in zip(are_lines, steps.tolist(), strict=True):
        x, y = step[-2:]
        if not is_line:
            command, numbers = "c", _row(step)
        elif x == 0 and y == 0:
            continue
        elif y == 0:
            command, numbers = "h", _text(x)
        elif x == 0:
            command, numbers = "v", _text(y)
        else:
            command, numbers = "l", _row([x, y])
        # A command that goes on needs no letter.
        joint = "" if numbers.startswith("-") else " "
        way.append(joint + numbers if command == last else command + numbers)
        last = command
    return "".join(way)


# --- numbers ---------------------------------------------------------------------------------


def _whole(points: Outline) -> Outline:
    """Points in whole hundredths; nought has no sign."""
    whole: Outline = np.rint(points * _PARTS) + 0.0
    return whole


def _text(value: float) -> str:
    """Whole hundredths as short as can be: "-1.5", ".25", "12"."""
    units, rest = divmod(abs(int(value)), _PARTS)
    text = (str(units) if units or not rest else "") + (f".{rest:02d}".rstrip("0") if rest else "")
    return f"-{text}" if value < 0 else text


def _decimal(value: float) -> str:
    return _text(round(value * _PARTS))


def _row(values: Sequence[float]) -> str:
    """Numbers one after the other; a minus sign keeps them apart as well as a space."""
    texts = [_text(value) for value in values]
    return texts[0] + "".join(text if text.startswith("-") else f" {text}" for text in texts[1:])
