"""What a cell's diagram says: rows of discs, wires, labels and tags, in pixels, origin top left.

A diagram is written for the reference sizes (input 3, hidden 2) without values; `lay_out` fits it
to other sizes and makes room for the numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

from gatereel.rnn_math import Cell, InputError, Size, WeightedSum
from gatereel.rnn_math.formulas import Name, later
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.fonts.text_width import text_width
from gatereel.scenes.lay_out.geometry import Point
from gatereel.scenes.tell.formula_typst import upright
from gatereel.scenes.tell.language import Language
from gatereel.scenes.tell.rows import OPERANDS_SUFFIX, OUT_SUFFIX

REFERENCE_INPUT_SIZE = 3
REFERENCE_HIDDEN_SIZE = 2


@dataclass(frozen=True)
class Stretch:
    """A stretch of a row: discs of one role, as many as a size says."""

    role: str
    size: Size


@dataclass(frozen=True)
class Row:
    """A vector's row of discs.

    `slot` is the width in pixels that the discs may take, `room` the width with numbers over them,
    on so many `lines`. In a picture with numbers the row stands further to the `right` and `lower`
    by so many pixels. `stretches` are the cell's to say: `of_cell` fills them in.
    """

    name: str
    x: float
    y: float
    slot: float
    room: float
    shows_values: bool = True
    right: float = 0.0
    lower: float = 0.0
    lines: int = 2
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Wire:
    """An arrow from row to row; the head is at the last point of `path`."""

    source: str
    target: str
    path: tuple[Point, ...]


@dataclass(frozen=True)
class Label:
    """The name of an operation, beside its row. `row` is also what it appears with.

    `text` is a key of a language's labels; in a translated diagram it is what is written, a line
    each. A line may be `room` pixels wide. `x` is the middle, at the left of a row the right end.
    Where numbers leave no room for words, the `sign` of the operation stands at the row's left.
    """

    text: str
    row: str
    x: float
    y: float
    side: Literal["above", "below", "left"]
    room: float = 130.0
    sign: str = ""


@dataclass(frozen=True)
class Tag:
    """A box with text. `row` is what it appears with.

    A state's `symbol` is the cell's to say, and with it the `text`, in Typst's markup: `of_cell`
    fills them in. Any other's `text` is a key of a language's tags; in a translated diagram it is
    what is written, a line each, of which there may be `lines`.
    """

    text: str
    row: str
    kind: Literal["state", "caption", "gate"]
    x: float
    y: float
    width: float
    height: float
    lines: int = 1
    symbol: Name | None = None

    @property
    def room(self) -> float:
        """How wide a line may be, in pixels."""
        return self.width - 2 * _TAG_PADDING


@dataclass(frozen=True)
class Diagram:
    """One cell's picture. `loops` maps a state to its way from the right edge back to the left."""

    cell: str
    width: float
    height: float
    body: tuple[float, float, float, float]
    radius: float
    pitch: float
    value_size: float
    """Pixels: the type size of the numbers."""
    label_size: float
    rows: tuple[Row, ...]
    wires: tuple[Wire, ...]
    labels: tuple[Label, ...]
    tags: tuple[Tag, ...]
    loops: Mapping[str, tuple[Point, ...]]
    value_radius: float = 14.0
    value_pitch: float = 46.0
    """Of rows with numbers, which stand over their discs."""
    roomier: "Diagram | None" = None
    """The same cell for more units and inputs than are illustrated: where numbers over its rows
    take fewer lines, it is drawn."""

    def changed(self, change: "Callable[[Diagram], Diagram]") -> "Diagram":
        """The diagram with a change, in the roomier one as well."""
        after = change(self)
        return after if self.roomier is None else replace(after, roomier=change(self.roomier))


def of_cell(diagram: Diagram, cell: Cell) -> Diagram:
    """The diagram with what the cell says of itself: roles of discs, symbols of states.

    Raises InputError when a vector of the cell has no row, a row no vector, or when wires, ways
    round or operations' labels are not the cell's: no picture shows another cell than is computed.
    """
    return diagram.changed(lambda each: _of_cell(each, cell))


def _of_cell(diagram: Diagram, cell: Cell) -> Diagram:
    _check(diagram, cell)
    leaving = {state + OUT_SUFFIX: state for state in cell.states}
    below = {node.name + OPERANDS_SUFFIX: node.operands[0] for node in cell.weighted_sums}
    shown = leaving | below

    def completed(row: Row) -> Row:
        name = shown.get(row.name, row.name)
        return replace(row, stretches=tuple(map(Stretch, cell.roles(name), cell.stretches(name))))

    tags = (
        _with_symbol(tag, cell.letter(shown.get(tag.row, tag.row))) if tag.kind == "state" else tag
        for tag in diagram.tags
    )
    return replace(diagram, rows=tuple(map(completed, diagram.rows)), tags=tuple(tags))


def _check(diagram: Diagram, cell: Cell) -> None:
    rows = set(cell.vectors)
    rows |= {state + OUT_SUFFIX for state in cell.states}
    rows |= {node.name + OPERANDS_SUFFIX for node in cell.weighted_sums}
    wires = {f"{state} to {state}{OUT_SUFFIX}" for state in cell.states}
    for node in cell.nodes:
        is_sum = isinstance(node.operation, WeightedSum)
        target = node.name + OPERANDS_SUFFIX if is_sum else node.name
        wires |= {f"{operand} to {target}" for operand in node.operands}
    titles = {f"{node.operation.title} at {node.name}" for node in cell.nodes}
    labels = {f"{label.text} at {label.row}" for label in diagram.labels}
    other: Mapping[str, set[str]] = {
        "row": {row.name for row in diagram.rows} ^ rows,
        "wire": {f"{wire.source} to {wire.target}" for wire in diagram.wires} ^ wires,
        "way round": set(diagram.loops) ^ set(cell.states),
        "label": labels - titles,
    }
    for what, names in other.items():
        if names:
            raise InputError(
                f"The diagram {diagram.cell!r} is not that of this {cell.title}: they differ in "
                f"the {what} {min(names)!r}. A cell of your own needs a name of its own."
            )


def _with_symbol(tag: Tag, symbol: Name | None) -> Tag:
    return tag if symbol is None else replace(tag, symbol=symbol, text=upright(symbol))


def read_backward(diagram: Diagram) -> Diagram:
    """The diagram where the sequence is read from its end: the state before t is that of t + 1."""
    return diagram.changed(
        lambda each: replace(
            each,
            tags=tuple(
                tag if tag.symbol is None else _with_symbol(tag, later(tag.symbol))
                for tag in each.tags
            ),
        )
    )


def translate(diagram: Diagram, language: Language) -> Diagram:
    """The diagram with a language's words in place of the keys of labels and tags."""
    return diagram.changed(lambda each: _translate(each, language))


def _translate(diagram: Diagram, language: Language) -> Diagram:
    labels = tuple(
        replace(label, text="\n".join(label_lines(label, diagram.label_size, language)))
        for label in diagram.labels
    )
    tags = tuple(
        tag if tag.kind == "state" else replace(tag, text=language.tags[tag.text])
        for tag in diagram.tags
    )
    return replace(diagram, labels=labels, tags=tags)


def label_lines(label: Label, size: float, language: Language) -> tuple[str, ...]:
    """A label's words at `size` pixels; at the left of a row there is height for two lines."""
    words = language.labels[label.text]
    if label.side != "left" or text_width(words, size) <= label.room:
        return (words,)
    spaces = [i for i, character in enumerate(words) if character == " "]
    halves = [(words[:i], words[i + 1 :]) for i in spaces]
    return min(halves, key=lambda two: max(text_width(t, size) for t in two), default=(words,))


def state_tags(
    row: str, caption: str, x: float, y: float, caption_y: float, lines: int = 1
) -> tuple[Tag, Tag]:
    """A state's two tags: its symbol and, below, its name in words."""
    height = _CAPTION_HEIGHT + (lines - 1) * _CAPTION_LINE
    return (
        Tag("", row, "state", x, y, _STATE_TAG_WIDTH, _STATE_TAG_HEIGHT),
        Tag(caption, row, "caption", x, caption_y, _CAPTION_WIDTH, height, lines),
    )


_TAG_PADDING = 4
_STATE_TAG_WIDTH = 72
_STATE_TAG_HEIGHT = 35
_CAPTION_WIDTH = 115
_CAPTION_HEIGHT = 35
_CAPTION_LINE = 32
