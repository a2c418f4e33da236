"""Text and mathematics as outlines, set by Typst in one go, with nothing but bundled fonts.

Every machine draws the same letters: system fonts are not looked at.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import cast
from xml.etree import ElementTree

import numpy as np
import svgelements
import typst

from gatereel.scenes.draw.outlines import NOTHING, POINTS_A_CURVE, Outline, join
from gatereel.scenes.fonts.text_width import FONT_FAMILY, FONT_FOLDER
from gatereel.scenes.tell.numbers import MINUS, typst_string

_HREF = "{http://www.w3.org/1999/xlink}href"
_SVG = "{http://www.w3.org/2000/svg}"
_NUMBER_CHARACTERS = "0123456789.e" + MINUS

_PREAMBLE = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: "{FONT_FAMILY}", top-edge: "baseline", bottom-edge: "baseline")
#show math.equation: set text(font: ("{FONT_FAMILY}", "New Computer Modern Math"))
#show math.equation.where(block: false): set math.frac(style: "horizontal")
#set math.lr(size: 1em)
#set sub(typographic: false, size: 0.66em, baseline: 0.26em)
"""


@dataclass(frozen=True)
class Text:
    """One line to set: Typst markup (`math`: what stands between dollar signs), size in pixels."""

    markup: str
    size: float
    bold: bool = False
    math: bool = False

    def source(self) -> str:
        """Typst source of a page with this line alone."""
        body = f"${self.markup}$" if self.math else self.markup
        weight = "bold" if self.bold else "regular"
        return f'#text(size: {self.size}pt, weight: "{weight}")[{body}]'


@dataclass(frozen=True)
class Glyphs:
    """A set line: its outline, the baseline's left end at the origin, and its width in pixels."""

    outline: Outline
    width: float

    def moved(self, x: float, y: float) -> Outline:
        """The outline with the baseline's left end at (x, y), rounded to whole pixels.

        So a glyph looks the same wherever it stands, and repeats in a GIF's dictionary.
        """
        moved: Outline = self.outline + np.round([x, y])
        return moved


def plain(text: str) -> str:
    """Markup that sets `text` as it is, whatever characters are in it."""
    return f"#{typst_string(text)}"


class Typesetter:
    """Sets lines, many at once, and remembers them until `forget`."""

    def __init__(self) -> None:
        self._set: dict[Text, Glyphs] = {}
        self._kept: set[Text] = set()
        self._glyph_paths: dict[str, Outline] = {}

    def prepare(self, texts: Iterable[Text], *, keep: bool = False) -> None:
        """Set all `texts` in one run; `keep` holds them through `forget`."""
        wanted = list(dict.fromkeys(texts))
        if keep:
            self._kept.update(wanted)
        missing = [text for text in wanted if text not in self._set]
        if not missing:
            return
        source = _PREAMBLE + "\n#pagebreak()\n".join(text.source() for text in missing)
        compiled = _compiler().compile(source.encode(), format="svg")
        # The package's types leave out that several pages come as a list.
        pages = cast("bytes | list[bytes]", compiled)
        for text, page in zip(missing, [pages] if isinstance(pages, bytes) else pages, strict=True):
            self._set[text] = self._read(page)

    def glyphs(self, text: Text) -> Glyphs:
        """The outline of one line."""
        self.prepare([text])
        return self._set[text]

    def bold(self, letters: str, size: float) -> Glyphs:
        """Bold letters, such as a symbol's."""
        return self.glyphs(Text(letters, size, bold=True))

    def number(self, digits: str, size: float) -> Glyphs:
        """A number put together from glyphs that are set only once."""
        characters = {character: Text(character, size) for character in _NUMBER_CHARACTERS}
        self.prepare(characters.values(), keep=True)
        pieces, width = [], 0.0
        for character in digits:
            glyphs = self._set[characters[character]]
            pieces.append(glyphs.moved(width, 0.0))
            width += round(glyphs.width)
        return Glyphs(join(pieces), width)

    def forget(self) -> None:
        """Drop what was not kept: a long film needs no more memory than a short one."""
        self._set = {text: glyphs for text, glyphs in self._set.items() if text in self._kept}

    def _read(self, page: bytes) -> Glyphs:
        """Take the glyphs out of one of Typst's SVG pages."""
        root = ElementTree.fromstring(page)
        paths = {
            f"#{symbol.get('id')}": path.get("d", "")
            for symbol in root.iter(f"{_SVG}symbol")
            for path in symbol.iter(f"{_SVG}path")
        }
        placed: list[Outline] = []
        baseline: float | None = None
        for use, matrix in _uses(root, np.eye(3)):
            href = use.get(_HREF, "")
            if href not in self._glyph_paths:
                self._glyph_paths[href] = _outline(paths[href])
            shift = np.array([float(use.get("x", 0.0)), float(use.get("y", 0.0))])
            # Whole pixels, as in `Glyphs.moved`.
            origin = np.round(shift @ matrix[:2, :2].T + matrix[:2, 2])
            points = self._glyph_paths[href] @ matrix[:2, :2].T + origin
            placed.append(points)
            if baseline is None:  # every line starts with a character that stands on it
                baseline = float(origin[1])
        outline = join(placed) - np.array([0.0, baseline or 0.0])
        return Glyphs(outline, float(root.get("viewBox", "0 0 0 0").split()[2]))


@cache
def _compiler() -> typst.Compiler:
    """The bundled fonts, read once, and what sets lines in them.

    One for all: each compiler takes a number of Typst's, of which a process has 65,536.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONT_FOLDER])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _uses(
    element: ElementTree.Element, matrix: np.ndarray
) -> Iterable[tuple[ElementTree.Element, np.ndarray]]:
    """Every placed glyph with the transformation of the groups around it."""
    transform = element.get("transform")
    if transform is not None:
        matrix = matrix @ _matrix(transform)
    if element.tag == f"{_SVG}use":
        yield element, matrix
    elif element.tag != f"{_SVG}defs":
        for child in element:
            yield from _uses(child, matrix)


def _matrix(transform: str) -> np.ndarray:
    m = svgelements.Matrix(transform)
    return np.array([[m.a, m.c, m.e], [m.b, m.d, m.f], [0.0, 0.0, 1.0]])


def _outline(d: str) -> Outline:
    """A glyph's path as cubics."""
    curves: list[list[complex]] = []
    # Typst writes "h 3.5v 2"; svgelements wants nothing glued to a following letter.
    for segment in svgelements.Path(re.sub(r"([a-zA-Z])", r" \1 ", d)):
        if isinstance(segment, svgelements.Move) or segment.start is None:
            continue
        if isinstance(segment, svgelements.CubicBezier):
            points = [segment.start, segment.control1, segment.control2, segment.end]
        elif isinstance(segment, svgelements.QuadraticBezier):
            points = [
                segment.start,
                segment.start + (segment.control - segment.start) * (2 / 3),
                segment.end + (segment.control - segment.end) * (2 / 3),
                segment.end,
            ]
        elif segment.start == segment.end:
            continue
        else:
            step = segment.end - segment.start
            points = [
                segment.start,
                segment.start + step * (1 / 3),
                segment.start + step * (2 / 3),
                segment.end,
            ]
        curves.append([complex(point.x, point.y) for point in points])
    if not curves:
        return NOTHING
    flat = np.array(curves).reshape(len(curves) * POINTS_A_CURVE)
    return np.stack([flat.real, flat.imag], axis=1)
