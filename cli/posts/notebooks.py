r"""Notebooks: the text of their Markdown cells, and that text put back into the file.

The cells become one text in which each stands behind a line of its own, so that everything that
reads a post reads them as well. Put back, a source that is the same keeps its bytes, and so does
each line within one that is not: its escapes, the file's indent, its order of keys.
"""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from gatereel.rnn_math.errors import InputError
from gatereel.rnn_math.records import dataclass

_MARK = "\x1e"
"""U+001E, the record separator: it begins the line before a cell, and no cell may hold it."""

_BETWEEN = re.compile(rf"{_MARK}(\d+)")
_SPACE = re.compile(r"[ \t\r\n]*")
_BYTE_ORDER_MARK = "\ufeff"

_RAW_LINE = re.compile(r"(?:[^\\]|\\[^n])*+(?:\\n|\Z)")
"""A line within a string as JSON writes it."""
_ESCAPED_LETTER = re.compile(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9A-Fa-f]{4}")

_ASKING = "gatereel"

_DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class _Cell:
    """A Markdown cell: its number among all cells, from 1, and where its source stands."""

    number: int
    start: int
    stop: int
    source: str


def cell_number(line: str) -> int | None:
    """The number of the cell that begins behind a line, or None for a line of a cell."""
    found = _BETWEEN.fullmatch(line)
    return int(found[1]) if found else None


def cells_text(text: str, name: str) -> str:
    """The Markdown cells of a notebook in one text.

    Raises InputError for what is no notebook; one that asks for no picture is an empty text.
    """
    try:
        cells = _cells(text, name)
    except InputError:
        if _ASKING in text:
            raise
        return ""  # such as a notebook of an older format, of which a folder may hold many
    for cell in cells:
        if _MARK in cell.source:
            raise InputError(f"{name}, cell {cell.number}: it holds the character U+001E.")
    return "\n".join(f"{_MARK}{cell.number}\n{cell.source}" for cell in cells)


def with_cells(text: str, cells: str, name: str) -> str:
    """The notebook `text` with the Markdown cells that `cells_text` gave and others have edited."""
    if not cells:
        return text
    parts = re.split(rf"(?:\A|\n){_MARK}\d+\n", cells)[1:]
    pieces: list[str] = []
    at = 0
    ascii_alone = text.isascii() and _ESCAPED_LETTER.search(text) is not None
    for cell, source in zip(_cells(text, name), parts, strict=True):
        if source != cell.source:
            pieces += [
                text[at : cell.start],
                _written(text[cell.start : cell.stop], source, ascii_alone),
            ]
            at = cell.stop
    return "".join([*pieces, text[at:]])


def _cells(text: str, name: str) -> list[_Cell]:
    try:
        return list(_markdown_cells(text))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name} is no notebook of nbformat 4 ({error}).") from None


def _markdown_cells(text: str) -> Iterator[_Cell]:
    top = _after_space(text, len(_BYTE_ORDER_MARK) if text.startswith(_BYTE_ORDER_MARK) else 0)
    at = {key: start for key, start, _ in _members(text, top)}.get("cells")
    if at is None:
        raise ValueError("it has no cells")
    for number, (start, _) in enumerate(_elements(text, at), start=1):
        members = {key: (first, last) for key, first, last in _members(text, start)}
        if "cell_type" in members and _value(text, members["cell_type"]) == "markdown":
            first, last = members.get("source", (start, start))
            source = _value(text, (first, last))
            if isinstance(source, list) and all(isinstance(line, str) for line in source):
                source = "".join(source)
            if not isinstance(source, str):
                raise ValueError(f"cell {number} has no source")
            yield _Cell(number, first, last, source)


def _value(text: str, span: tuple[int, int]) -> Any:
    return _DECODER.raw_decode(text, span[0])[0]


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Key, start and stop of each value of the object at `at`."""
    for start, stop in _parts(text, at, "{}"):
        key, behind = _DECODER.raw_decode(text, start)
        value = _after_space(text, _expect(text, behind, ":"))
        yield key, value, stop


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Start and stop of each element of the array at `at`."""
    return _parts(text, at, "[]")


def _parts(text: str, at: int, brackets: str) -> Iterator[tuple[int, int]]:
    """Start and stop of each member or element between brackets."""
    at = _after_space(text, _expect(text, at, brackets[0]))
    if text[at : at + 1] == brackets[1]:
        return
    while True:
        start = at
        _, at = _DECODER.raw_decode(text, at)
        if brackets == "{}":
            _, at = _DECODER.raw_decode(text, _after_space(text, _expect(text, at, ":")))
        yield start, at
        at = _after_space(text, at)
        if text[at : at + 1] == brackets[1]:
            return
        at = _after_space(text, _expect(text, at, ","))


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, character: str) -> int:
    """The offset behind a character and the space before it. Raises ValueError for another one."""
    at = _after_space(text, at)
    if text[at : at + 1] != character:
        raise ValueError(f"no {character} at character {at}")
    return at + 1


def _written(raw: str, source: str, ascii_alone: bool) -> str:
    """A source in the form in which the old one, `raw`, stands: one string, or a list of lines."""
    spans = [(0, len(raw))] if raw.startswith('"') else list(_elements(raw, 0))
    known = {
        json.loads(f'"{line}"'): line
        for start, stop in spans
        for line in _RAW_LINE.findall(raw[start + 1 : stop - 1])
    }
    lines = [
        known.get(line) or json.dumps(line, ensure_ascii=ascii_alone)[1:-1]
        for line in re.findall(r"[^\n]*\n|[^\n]+", source)
    ]
    if raw.startswith('"'):
        return f'"{"".join(lines)}"'
    return _listed(raw, spans, lines)


def _listed(raw: str, spans: Sequence[tuple[int, int]], lines: Sequence[str]) -> str:
    """A list of lines, spaced as the old one is."""
    quoted = [f'"{line}"' for line in lines]
    if not spans:
        return f"[{', '.join(quoted)}]"
    before, behind = raw[: spans[0][0]], raw[spans[-1][1] :]
    between = raw[spans[0][1] : spans[1][0]] if len(spans) > 1 else f",{before[1:] or ' '}"
    return before + between.join(quoted) + behind
