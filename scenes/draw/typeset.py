"""Text and mathematics as outlines, set by Typst in one go, with nothing but bundled fonts.

Every machine draws the same letters: system fonts are not looked at.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import cast
from xml.etree import ElementTree

import numpy as np
import typst
from numpy.typing import NDArray

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.outlines import NOTHING, Outline, join
from gatereel.scenes.draw.path_data import outline_of
from gatereel.scenes.fonts.text_width import FONT_FAMILY, FONT_FOLDER
from gatereel.scenes.tell.numbers import MINUS, typst_string

_HREF = "{http://www.w3.org/1999/xlink}href"
_USE = "{http://www.w3.org/2000/svg}use"
_SYMBOL = re.compile(r'<symbol id="([^"]*)"[^>]*><path d="([^"]*)"')
_TRANSFORM = re.compile(r"(matrix|translate|scale)\(([^)]*)\)")

_Matrix = tuple[float, float, float, float, float, float]
"""a, b, c, d, e and f of SVG's matrix(): x' = a x + c y + e, y' = b x + d y + f."""
_UNMOVED: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

_TRANSFORMS_KEPT = 1024
"""Of Typst's, that were read: most lines of one size begin with the same ones."""

_NUMBER_CHARACTERS = "0123456789.e" + MINUS

_KEPT = 256
"""Lines that a typesetter remembers: those of many steps."""

_LINES_KEPT = 2048
"""Lines that are remembered in parts, by all typesetters together: some megabytes."""

_AFTER_AN_INDEX = 0.12
"""Of the index's size: a bracket that follows would touch it where both move to whole pixels."""

_PREAMBLE = f"""
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#set text(font: "{FONT_FAMILY}", top-edge: "baseline", bottom-edge: "baseline")
#show math.equation: set text(font: ("{FONT_FAMILY}", "New Computer Modern Math"))
#show math.equation.where(block: false): set math.frac(style: "horizontal")
#set math.lr(size: 1em)
#set sub(typographic: false, size: 0.66em, baseline: 0.26em)
#set box(inset: (right: {_AFTER_AN_INDEX}em))
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
    """Sets lines, many at once, and remembers those that were asked for last."""

    def __init__(self) -> None:
        self._set: dict[Text, Glyphs] = {}
        """In the order in which they were asked for."""
        self._characters: dict[float, dict[str, Glyphs]] = {}
        """What numbers are made of, by type size."""

    def prepare(self, texts: Iterable[Text]) -> None:
        """Set all `texts` in one run."""
        wanted = dict.fromkeys(texts)
        missing = [text for text in wanted if text not in self._set]
        if missing:
            self._set |= zip(missing, _typeset(missing), strict=True)
        for text in wanted:
            self._set[text] = self._set.pop(text)
        # A long film needs no more memory than a short one.
        for text in list(islice(self._set, max(0, len(self._set) - max(_KEPT, len(wanted))))):
            del self._set[text]

    def glyphs(self, text: Text) -> Glyphs:
        """The outline of one line."""
        self.prepare([text])
        return self._set[text]

    def bold(self, letters: str, size: float) -> Glyphs:
        """Bold letters, such as a symbol's."""
        return self.glyphs(Text(letters, size, bold=True))

    def number(self, digits: str, size: float) -> Glyphs:
        """A number put together from glyphs that are set only once."""
        if size not in self._characters:
            self.prepare(Text(character, size) for character in _NUMBER_CHARACTERS)
            self._characters[size] = {
                character: self._set[Text(character, size)] for character in _NUMBER_CHARACTERS
            }
        characters = self._characters[size]
        pieces, width = [], 0.0
        for character in digits:
            glyphs = characters[character]
            pieces.append(glyphs.moved(width, 0.0))
            width += round(glyphs.width)
        return Glyphs(join(pieces), width)


@dataclass(frozen=True)
class _Line:
    """A set line in parts, of which glyphs are shared with other lines: what can be kept of many.

    Each glyph is multiplied with its scale and moved to its origin, both `(glyphs, 2)`.
    """

    glyphs: tuple[Outline, ...]
    scales: NDArray[np.float64]
    origins: NDArray[np.int64]
    width: float

    def joined(self) -> Glyphs:
        """The line as one outline."""
        if not self.glyphs:
            return Glyphs(NOTHING, self.width)
        points = [len(outline) for outline in self.glyphs]
        outline = join(self.glyphs) * np.repeat(self.scales, points, axis=0)
        outline += np.repeat(self.origins, points, axis=0)
        # Every line starts with a character that stands on the baseline.
        outline -= np.array([0.0, self.origins[0][1]])
        return Glyphs(outline, self.width)


_LINES: dict[Text, _Line] = {}
"""Lines of all typesetters, in the order in which they were asked for: pictures of one process say
much the same, and to set a line takes ten times as long as to join it."""


def _typeset(texts: Sequence[Text]) -> list[Glyphs]:
    # Each look-up is one step, since pictures may be drawn by several threads.
    known = {text: line for text in texts if (line := _LINES.get(text)) is not None}
    missing = [text for text in texts if text not in known]
    if missing:
        known |= zip(missing, _run(missing), strict=True)
    for text, line in known.items():
        _LINES.pop(text, None)
        _LINES[text] = line
    for text in list(islice(_LINES, max(0, len(_LINES) - _LINES_KEPT))):
        _LINES.pop(text, None)
    return [known[text].joined() for text in texts]


def _run(texts: Sequence[Text]) -> list[_Line]:
    source = _PREAMBLE + "\n#pagebreak()\n".join(text.source() for text in texts)
    compiled = _compiler().compile(source.encode(), format="svg")
    # The package's types leave out that several pages come as a list.
    pages = cast("bytes | list[bytes]", compiled)
    return [_read(page) for page in ([pages] if isinstance(pages, bytes) else pages)]


def has_begun() -> bool:
    """Whether Typst has run in this process: its threads are not there in a copy of it."""
    return _compiler.cache_info().currsize > 0


@cache
def _compiler() -> typst.Compiler:
    """The bundled fonts, read once, and what sets lines in them.

    One for all: each compiler takes a number of Typst's, of which a process has 65,536.
    """
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[FONT_FOLDER])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def _read(page: bytes) -> _Line:
    """Take the glyphs out of one of Typst's SVG pages."""
    # Nearly all of a page are the paths of its glyphs, which stand behind what uses them; to parse
    # them as XML takes longer than all the rest.
    used, _, defined = page.partition(b"<defs")
    root = ElementTree.fromstring(used + (b"</svg>" if defined else b""))
    paths = {f"#{name}": data for name, data in _SYMBOL.findall(defined.decode())}
    placed: list[Outline] = []
    scales: list[tuple[float, float]] = []
    origins: list[tuple[int, int]] = []
    uses: list[tuple[ElementTree.Element, _Matrix]] = []
    _add_uses(root, _UNMOVED, uses)
    for use, matrix in uses:
        a, b, c, d, _, _ = matrix
        # Whole pixels, as in `Glyphs.moved`.
        x, y = _moved(matrix, float(use.get("x", 0.0)), float(use.get("y", 0.0)))
        origins.append((round(x), round(y)))
        outline = outline_of(paths[use.get(_HREF, "")])
        if b == 0.0 and c == 0.0:  # as nearly always
            scales.append((a, d))
        else:
            outline = outline @ np.array([[a, b], [c, d]])
            scales.append((1.0, 1.0))
        placed.append(outline)
    width = float(root.get("viewBox", "0 0 0 0").split()[2])
    return _Line(tuple(placed), np.array(scales), np.array(origins), width)


def _add_uses(
    element: ElementTree.Element,
    matrix: _Matrix,
    uses: list[tuple[ElementTree.Element, _Matrix]],
) -> None:
    """Add every placed glyph with the transformation of the groups around it."""
    transform = element.get("transform")
    if transform is not None:
        matrix = _within(matrix, transform)
    if element.tag == _USE:
        uses.append((element, matrix))
    for child in element:
        _add_uses(child, matrix, uses)


def _within(matrix: _Matrix, transform: str) -> _Matrix:
    """A transformation as Typst writes it, inside another one."""
    for ia, ib, ic, id_, ie, if_ in _read_transform(transform):
        a, b, c, d, _, _ = matrix
        e, f = _moved(matrix, ie, if_)
        matrix = (a * ia + c * ib, b * ia + d * ib, a * ic + c * id_, b * ic + d * id_, e, f)
    return matrix


@lru_cache(_TRANSFORMS_KEPT)
def _read_transform(transform: str) -> tuple[_Matrix, ...]:
    found: list[_Matrix] = []
    for kind, told in _TRANSFORM.findall(transform):
        numbers = [float(number) for number in told.replace(",", " ").split()]
        match kind, numbers:
            case "matrix", [a, b, c, d, e, f]:
                found.append((a, b, c, d, e, f))
            case "translate", [e, *rest]:
                found.append((1.0, 0.0, 0.0, 1.0, e, rest[0] if rest else 0.0))
            case "scale", [a, *rest]:
                found.append((a, 0.0, 0.0, rest[0] if rest else a, 0.0, 0.0))
            case _:
                raise ValueError(f"{transform!r} is no transformation that Typst writes")
    return tuple(found)


def _moved(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
