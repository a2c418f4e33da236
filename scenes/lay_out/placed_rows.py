"""Where the discs and numbers of one row stand, and what of them a wire keeps clear of.

    place_row(measures_of(diagram), row, marks, counts, number_width, moved=True) -> PlacedRow

Rows know nothing of words: in every language they stand the same, and are placed once.
"""

from functools import lru_cache
from typing import NamedTuple

from gatereel.rnn_math import InputError, Size
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.diagram import (
    REFERENCE_HIDDEN_SIZE,
    REFERENCE_INPUT_SIZE,
    Diagram,
    Row,
)
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.lay_out.value_spots import lines_of, value_spots
from gatereel.scenes.tell.excerpt import MAX_HIDDEN_SIZE, MAX_INPUT_SIZE

LABEL_HEIGHT = 14.0
"""Pixels of a label's one line."""
LABEL_GAP = 7.0
"""Pixels between a label and what it is of."""
SIGN = 12.0
"""Pixels: the width of an operation's sign at the left of its row."""
REMEMBERED = 1 << 13
"""Rows and wires: a film that is fitted has the same ones in each plan, every language has."""

_ALONE = 1e-9
"""Instead of no distance at all."""
_SIGN_GAP = 7.0


@dataclass(frozen=True)
class Disc:
    """One unit: its middle and radius in pixels, its role, and which disc of the role it is.

    `is_rest` marks the disc that stands for all units left out.
    """

    x: float
    y: float
    radius: float
    role: str
    unit: int
    is_rest: bool = False


@dataclass(frozen=True)
class PlacedRow:
    """A row of discs and the middles of their numbers; what is left out has a disc, no number."""

    name: str
    x: float
    y: float
    discs: tuple[Disc, ...]
    value_spots: tuple[Point, ...]
    extent: Box
    """Discs, numbers and label together: what a wire keeps clear of."""

    @property
    def radius(self) -> float:
        """Radius of the row's discs in pixels."""
        return self.discs[0].radius


class Counts(NamedTuple):
    """How many of each size are shown, and whether there is more."""

    input: tuple[int, bool]
    hidden: tuple[int, bool]
    projected: tuple[int, bool]

    def of(self, size: Size) -> tuple[int, bool]:
        """Those of one size."""
        found: tuple[int, bool] = getattr(self, size)
        return found


REFERENCE_COUNTS = Counts(
    input=(REFERENCE_INPUT_SIZE, False),
    hidden=(REFERENCE_HIDDEN_SIZE, False),
    projected=(REFERENCE_HIDDEN_SIZE, False),
)


class Measures(NamedTuple):
    """What all rows of a diagram have in common, in pixels."""

    radius: float
    pitch: float
    value_radius: float
    value_pitch: float
    value_size: float


def measures_of(diagram: Diagram) -> Measures:
    """What all rows of `diagram` have in common."""
    return Measures(
        radius=diagram.radius,
        pitch=diagram.pitch,
        value_radius=diagram.value_radius,
        value_pitch=diagram.value_pitch,
        value_size=diagram.value_size,
    )


class _Mark(NamedTuple):
    """Where a label of a row stands, whatever its words are."""

    side: str
    sign: str
    y: float


def marks_of(diagram: Diagram) -> dict[str, tuple[_Mark, ...]]:
    """Where the labels of each row stand, by the row's name."""
    found: dict[str, tuple[_Mark, ...]] = {row.name: () for row in diagram.rows}
    for label in diagram.labels:
        found[label.row] += (_Mark(label.side, label.sign, label.y),)
    return found


def counts_of(
    input_size: int,
    hidden_size: int,
    rest_features: bool,
    rest_units: bool,
    projected: tuple[int, bool] | None,
) -> Counts:
    """How many are shown. Raises InputError where a picture does not hold as many."""
    of_state, has_rest = projected or (hidden_size, rest_units)
    return Counts(
        input=(_checked("inputs", input_size, MAX_INPUT_SIZE), rest_features),
        hidden=(_checked("units", hidden_size, MAX_HIDDEN_SIZE), rest_units),
        projected=(_checked("projected units", of_state, MAX_HIDDEN_SIZE), has_rest),
    )


def _checked(name: str, count: int, limit: int) -> int:
    if not 1 <= count <= limit:
        raise InputError(f"A picture holds 1 to {limit} {name}, not {count}.")
    return count


_Units = list[tuple[str, int, bool]]


def _units(row: Row, counts: Counts) -> _Units:
    """Role and number of each of a row's discs, and whether it stands for what is left out."""
    units: _Units = []
    for stretch in row.stretches:
        shown, has_rest = counts.of(stretch.size)
        units += [(stretch.role, unit, False) for unit in range(shown)]
        units += [(stretch.role, shown, True)] * has_rest
    return units


def _numbered(units: _Units) -> list[int]:
    """The places of a row that have a number."""
    return [i for i, (_, _, is_rest) in enumerate(units) if not is_rest]


def _pitch(measures: Measures, row: Row, units: _Units, number_width: float | None) -> float:
    """From disc to disc, in pixels."""
    count = len(units)
    if number_width is None:
        return min(measures.pitch, row.slot / count)
    half_disc = measures.radius / measures.pitch
    first, last, end = _ends(units)
    return min(
        measures.value_pitch,
        row.room / (count - 1 + 2 * half_disc),
        (row.room - number_width) / max(last - first, _ALONE),
        (row.room - number_width / 2) / (end - first + half_disc),
    )


def _ends(units: _Units) -> tuple[int, int, int]:
    """The places of a row's first number, its last number and its last disc."""
    places = _numbered(units)
    return places[0], places[-1], len(units) - 1


@lru_cache(REMEMBERED)
def lines_taken(measures: Measures, row: Row, counts: Counts, number_width: float) -> int:
    """On how many lines the numbers of a row stand."""
    units = _units(row, counts)
    pitch = _pitch(measures, row, units, number_width)
    return lines_of(len(_numbered(units)), pitch, number_width)


def _shift(row: Row, left: float, right: float) -> float:
    """How far a row moves to the right so that what lies `left` and `right` of it is in its room.

    That are its outer numbers, and the disc of what is left out, in pixels from its middle.
    """
    half = row.room / 2
    return max(0.0, left - half) - max(0.0, right - half)


@lru_cache(REMEMBERED)
def place_row(
    measures: Measures,
    row: Row,
    marks: tuple[_Mark, ...],
    counts: Counts,
    number_width: float | None,
    *,
    moved: bool,
) -> PlacedRow:
    """Place a row, with numbers so wide or without; where it is `moved`, it makes room for them."""
    units = _units(row, counts)
    count = len(units)
    pitch = _pitch(measures, row, units, number_width)
    has_numbers = number_width is not None
    largest = measures.value_radius if has_numbers else measures.radius
    radius = min(largest, measures.radius * pitch / measures.pitch)
    x, row_y = (row.x + row.right, row.y + row.lower) if moved else (row.x, row.y)
    if number_width is not None:
        middle = (count - 1) / 2
        first, last, end = _ends(units)
        left = (middle - first) * pitch + number_width / 2
        right = max((last - middle) * pitch + number_width / 2, (end - middle) * pitch + radius)
        x += _shift(row, left, right)
    discs = tuple(
        Disc(x + (i - (count - 1) / 2) * pitch, row_y, radius, role, unit, is_rest)
        for i, (role, unit, is_rest) in enumerate(units)
    )
    half = (count - 1) / 2 * pitch + radius
    left, top, bottom = x - half, row_y - radius, row_y + radius
    spots: tuple[Point, ...] = ()
    if number_width is not None:
        middles = [disc.x for disc in discs if not disc.is_rest]
        lines = lines_of(len(middles), pitch, number_width)
        spots = value_spots(middles, row_y, radius, measures.value_size, lines)
        top = min(top, *(y - CAP_HEIGHT * measures.value_size / 2 for _, y in spots))
    for mark in marks:
        if mark.sign and number_width is not None:
            left = min(left, discs[0].x - number_width / 2) - _SIGN_GAP - SIGN
        elif mark.side == "above":
            top = min(mark.y + row_y - row.y, top - LABEL_GAP - LABEL_HEIGHT / 2) - LABEL_HEIGHT / 2
        if mark.side == "below":
            bottom = max(bottom, mark.y + row_y - row.y + LABEL_HEIGHT / 2)
    return PlacedRow(row.name, x, row_y, discs, spots, Box(left, top, x + half, bottom))
