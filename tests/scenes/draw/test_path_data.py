"""Path data of SVG as outlines, held against svgelements, which reads all of SVG."""

import re

import numpy as np
import pytest
import svgelements
from hypothesis import given
from hypothesis import strategies as st

from gatereel.scenes.draw.outlines import POINTS_A_CURVE, Outline
from gatereel.scenes.draw.path_data import outline_of

NUMBERS = st.decimals(-50, 50, places=3).map(str)
COUNTS = {"l": 2, "h": 1, "v": 1, "c": 6, "q": 4}


@st.composite
def path_data(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        parts.append(draw(st.sampled_from("Mm")) + " ".join(draw(NUMBERS) for _ in range(2)))
        for letter in draw(st.lists(st.sampled_from("lhvcqLHVCQ"), min_size=1, max_size=5)):
            again = draw(st.integers(1, 2))
            count = COUNTS[letter.lower()] * again
            parts.append(letter + " " + " ".join(draw(NUMBERS) for _ in range(count)))
        parts.append(draw(st.sampled_from(["Z", "z", ""])))
    return "".join(parts)


def by_svgelements(data: str) -> Outline:
    curves = []
    # It wants nothing glued to a letter that follows.
    for segment in svgelements.Path(re.sub(r"([a-zA-Z])", r" \1 ", data)):
        if isinstance(segment, svgelements.Move):
            continue
        if isinstance(segment, svgelements.QuadraticBezier):
            first = segment.start + (segment.control - segment.start) * (2 / 3)
            last = segment.end + (segment.control - segment.end) * (2 / 3)
            curves.append([segment.start, first, last, segment.end])
        elif isinstance(segment, svgelements.CubicBezier):
            curves.append([segment.start, segment.control1, segment.control2, segment.end])
        elif segment.start != segment.end:
            step = segment.end - segment.start
            first, last = segment.start + step * (1 / 3), segment.start + step * (2 / 3)
            curves.append([segment.start, first, last, segment.end])
    points = [(point.x, point.y) for curve in curves for point in curve]
    return np.array(points, dtype=float).reshape(len(curves) * POINTS_A_CURVE, 2)


@given(path_data())
def test_the_outline_is_that_of_a_library_for_all_of_svg(data: str) -> None:
    np.testing.assert_allclose(outline_of(data), by_svgelements(data), atol=1e-9)


@pytest.mark.parametrize(
    ("data", "points"),
    [
        ("M 0 0m 1 2h 3", [(1, 2), (2, 2), (3, 2), (4, 2)]),
        ("M1,2V5", [(1, 2), (1, 3), (1, 4), (1, 5)]),
        ("M 0 0 3 0", [(0, 0), (1, 0), (2, 0), (3, 0)]),  # pairs after those of a move are lines
        ("M 0 0Q 3 0 3 3", [(0, 0), (2, 0), (3, 1), (3, 3)]),
        ("M 1 1Z", []),
        ("", []),
    ],
)
def test_examples(data: str, points: list[tuple[float, float]]) -> None:
    expected = np.array(points, dtype=float).reshape(-1, 2)
    np.testing.assert_allclose(outline_of(data), expected, atol=1e-12)


@pytest.mark.parametrize(
    "data", ["L 1 1", "M 0 0 A 1 1 0 0 0 2 2", "M 0", "M 0 0 c 1 2 3", "M 0 0 Z 1", "M 0 0 L x y"]
)
def test_what_is_no_such_path_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match=r"path data|could not convert"):
        outline_of(data)
