"""Where the numbers of a row stand."""

from collections.abc import Sequence
from math import ceil

from gatereel.scenes.fonts.text_width import CAP_HEIGHT
from gatereel.scenes.lay_out.diagram import REFERENCE_HIDDEN_SIZE, Diagram, Row
from gatereel.scenes.lay_out.geometry import Point

_VALUE_GAP = 3.5
_VALUE_LINE = 0.86
_VALUE_SPACING = 6.0
_CLOSE_SPACING = 2.5
_FEW_LINES = 2
_MOST_DRIFT = 0.5
"""In pitches of the discs."""


def value_spots(
    diagram: Diagram,
    row: Row,
    places: Sequence[float],
    count: int,
    pitch: float,
    number_width: float,
) -> tuple[Point, ...]:
    """Middles of a row's numbers in pixels: beside its discs if they fit there, or else above.

    Of the row's `count` discs, those with a number stand at `places`, in pitches from the middle
    of the row. `pitch` and `number_width` are in pixels. Above, neighbours take turns on several
    lines when one is full.
    """
    radius, size = diagram.radius * pitch / diagram.pitch, diagram.value_size
    step = number_width + _VALUE_SPACING
    edge = (count - 1) / 2 * pitch + radius
    reference_edge = (REFERENCE_HIDDEN_SIZE - 1) / 2 * diagram.pitch + diagram.radius
    fits_beside = edge - reference_edge + len(places) * step <= row.beside
    # Beside an ellipsis, they would be read as what it stands for.
    if fits_beside and len(places) == count:
        first = row.x + edge + _VALUE_SPACING + number_width / 2
        return tuple((first + i * step, row.y) for i in range(len(places)))
    # From the first number's middle to the last one's.
    length = row.room - number_width
    middle = (places[0] + places[-1]) / 2
    close = number_width + _CLOSE_SPACING
    in_turn = [middle + i - (len(places) - 1) / 2 for i in range(len(places))]
    # No gap over an ellipsis where that saves a line. In a row of several stretches it would shift
    # one of them, which is worth no second line.
    if len(row.stretches) == 1 or ceil((places[-1] - places[0]) * close / length) > _FEW_LINES:
        places = min(places, in_turn, key=lambda p: ceil((p[-1] - p[0]) * close / length))
    gaps = places[-1] - places[0]
    lines = max(1, ceil(gaps * close / length))
    # The long rows of a concatenation drift away from their discs sooner than the others.
    if lines == 1 and len(row.stretches) > 1 and gaps / 2 * (step - pitch) > _MOST_DRIFT * pitch:
        lines = 2
    spread = min(max(pitch, step / lines), length / max(1, gaps))
    # The numbers' middle stands over that of their discs, as far as there is room.
    free = (length - gaps * spread) / 2
    x = row.x + min(max(middle * pitch, -free), free)
    lowest = row.y - radius - _VALUE_GAP - CAP_HEIGHT * size / 2
    return tuple(
        (
            x + (place - middle) * spread,
            lowest - (i % lines) * _VALUE_LINE * size,
        )
        for i, place in enumerate(places)
    )
