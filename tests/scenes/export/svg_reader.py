"""A reader of the SVG that we write, apart from the writer: every shape as cairo draws it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree import ElementTree

import cairo
import numpy as np
from numpy.typing import NDArray

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"

_TOKEN = re.compile(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)")
_ARGUMENTS = {"M": 2, "m": 2, "c": 6, "l": 2, "h": 1, "v": 1, "H": 1, "V": 1, "z": 0}


@dataclass(frozen=True)
class Colours:
    """What an element inherits."""

    fill: str = "none"
    stroke: str = "none"
    width: float = 1.0


class Reader:
    """An SVG file as a tree, with its size and its colours, that can be drawn."""

    def __init__(self, text: str) -> None:
        self.root = ElementTree.fromstring(text)
        self.known = {e.get("id"): e for e in self.root.iter() if e.get("id")}
        self.width, self.height = (int(self.root.get(name, "0")) for name in ("width", "height"))

    def colours(self) -> set[str]:
        """Every colour that is painted with."""
        named = {e.get(name, "none") for e in self.root.iter() for name in ("fill", "stroke")}
        return named - {"none"}

    def drawn(self) -> NDArray[np.uint8]:
        """The picture, `(height, width, 4)`, with straight alpha where it is 0 or 255."""
        surface = cairo.ImageSurface(cairo.Format.ARGB32, self.width, self.height)
        context = cairo.Context(surface)
        left, top, width, height = map(float, self.root.get("viewBox", "").split())
        assert (left, top) == (0.0, 0.0)
        context.scale(self.width / width, self.height / height)
        for element in self.root:
            if element.tag != f"{SVG}defs":
                self._draw(context, element, Colours())
        surface.flush()
        stored = np.frombuffer(surface.get_data(), np.uint8).reshape(self.height, self.width, 4)
        return stored[:, :, [2, 1, 0, 3]].copy()

    def _draw(
        self, context: cairo.Context[cairo.ImageSurface], element: ElementTree.Element, old: Colours
    ) -> None:
        colours = Colours(
            element.get("fill", old.fill),
            element.get("stroke", old.stroke),
            float(element.get("stroke-width", old.width)),
        )
        context.save()
        if "transform" in element.attrib:
            x, y = re.fullmatch(r"translate\((\S+) (\S+)\)", element.attrib["transform"]).groups()  # type: ignore[union-attr]
            context.translate(float(x), float(y))
        if element.tag == f"{SVG}use":
            context.translate(float(element.get("x", 0)), float(element.get("y", 0)))
            self._draw(context, self.known[element.attrib[HREF].removeprefix("#")], colours)
        elif element.tag == f"{SVG}path":
            _paint(context, element.attrib["d"], colours)
        else:
            assert element.tag in {f"{SVG}{name}" for name in ("g", "title", "desc")}
            for child in element:
                self._draw(context, child, colours)
        context.restore()


def _paint(context: cairo.Context[cairo.ImageSurface], d: str, colours: Colours) -> None:
    tokens = _TOKEN.findall(d)
    assert "".join(tokens) == d.replace(" ", "")
    context.new_path()
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
        count = _ARGUMENTS[command]
        numbers = [float(token) for token in tokens[at : at + count]]
        assert len(numbers) == count
        at += count
        match command:
            case "M":
                context.move_to(*numbers)
            case "m":
                context.rel_move_to(*numbers)
            case "c":
                context.rel_curve_to(*numbers)
            case "l":
                context.rel_line_to(*numbers)
            case "h":
                context.rel_line_to(numbers[0], 0.0)
            case "v":
                context.rel_line_to(0.0, numbers[0])
            case "H":
                context.line_to(numbers[0], context.get_current_point()[1])
            case "V":
                context.line_to(context.get_current_point()[0], numbers[0])
            case "z":
                context.close_path()
    for colour, paint in ((colours.fill, context.fill_preserve), (colours.stroke, context.stroke)):
        if colour != "none":
            context.set_source_rgb(*(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)))
            context.set_line_width(colours.width)
            paint()
