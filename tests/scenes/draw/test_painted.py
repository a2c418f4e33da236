"""What of a picture can be seen, and what outlines are made of."""

import numpy as np
import pytest

from gatereel.scenes.draw.outlines import (
    NOTHING,
    circle,
    contours,
    is_closed,
    join,
    line,
    polyline,
    straight,
)
from gatereel.scenes.draw.painted import Painted, Style, uncovered

DISC = circle(10.0, 10.0, 5.0)
RED, BLUE = Style("#ff0000", "#000000", 1.0), Style("#0000ff", "#000000", 1.0)


@pytest.mark.parametrize(
    ("lower", "upper", "seen"),
    [
        (RED, BLUE, 1),
        (RED, Style("#0000ff", None, 0.0), 2),
        (RED, Style(None, "#0000ff", 2.0), 2),
        (Style(None, "#000000", 1.0), Style(None, "#0000ff", 3.0), 1),
        (Style(None, "#000000", 3.0), Style(None, "#0000ff", 1.0), 2),
        (Style("#ff0000", None, 0.0), BLUE, 1),
    ],
    ids=[
        "alike",
        "its line shows",
        "its fill shows",
        "a wider line",
        "a thinner line",
        "no line below",
    ],
)
def test_what_later_paint_hides_exactly_is_left_out(lower: Style, upper: Style, seen: int) -> None:
    # As growing leaves it: nearly the same numbers.
    upper_disc = DISC * (1.0 + 1e-15)
    shown = uncovered([Painted(DISC, lower), Painted(upper_disc, upper)])
    assert len(shown) == seen
    assert shown[-1].style == upper


def test_what_stands_elsewhere_hides_nothing() -> None:
    items = [Painted(DISC, RED), Painted(DISC + 0.01, RED)]
    assert uncovered(items) == tuple(items)


def test_what_has_no_paint_is_left_out() -> None:
    nothing = [
        Painted(NOTHING, RED),
        Painted(DISC, Style(None, None, 1.0)),
        Painted(DISC, Style(None, "#000000", 0.0)),
    ]
    assert uncovered(nothing) == ()


def test_contours_are_split_where_the_pen_is_lifted() -> None:
    way = polyline([(0, 0), (5, 0), (5, 5)])
    pieces = contours(join([DISC, way, line((5, 6), (9, 9))]))
    assert [len(piece) // 4 for piece in pieces] == [4, 2, 1]
    assert [is_closed(piece) for piece in pieces] == [True, False, False]
    np.testing.assert_array_equal(np.concatenate(pieces[:1]), DISC)
    assert contours(NOTHING) == []


def test_lines_are_told_from_curves() -> None:
    assert straight(polyline([(0, 0), (5, 1), (5, 5)]), 1e-9).tolist() == [True, True]
    assert straight(DISC, 0.005).tolist() == [False] * 4
