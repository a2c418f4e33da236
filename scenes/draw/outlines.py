"""Shapes as cubic Bézier curves in pixels: `(4 * curves, 2)`, four points a curve. Pure numpy."""

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gatereel.scenes.lay_out.geometry import Point

Outline = NDArray[np.float64]
"""`(4 * curves, 2)`: start, two handles and end of each curve, y downwards."""

POINTS_A_CURVE = 4

SAME_POINT = 0.005
"""Pixels that a curve may start away from the end of the one before and still go on from it."""

_QUARTERS = 4
# Handle length that makes a cubic follow a quarter circle best: 4/3 tan(pi/8).
_QUARTER_HANDLE = 4.0 / 3.0 * np.tan(np.pi / 8.0)

NOTHING: Outline = np.zeros((0, 2))


def join(outlines: Sequence[Outline]) -> Outline:
    """Several outlines as one shape."""
    return np.concatenate(outlines) if outlines else NOTHING


def contours(outline: Outline) -> list[Outline]:
    """The pieces of a shape that are drawn without lifting the pen."""
    starts, ends = outline[POINTS_A_CURVE::POINTS_A_CURVE], outline[POINTS_A_CURVE - 1 : -1]
    gaps = np.abs(starts - ends[::POINTS_A_CURVE]).max(axis=1, initial=0.0) > SAME_POINT
    return np.split(outline, (np.flatnonzero(gaps) + 1) * POINTS_A_CURVE) if len(outline) else []


def is_closed(contour: Outline) -> bool:
    """Whether a contour ends where it starts."""
    return bool(np.abs(contour[-1] - contour[0]).max() <= SAME_POINT)


def straight(contour: Outline, tolerance: float) -> NDArray[np.bool_]:
    """Which curves of a contour are lines whose handles stand at their thirds, `(curves,)`."""
    curves = contour.reshape(-1, POINTS_A_CURVE, 2)
    share = np.arange(POINTS_A_CURVE)[:, None] / (POINTS_A_CURVE - 1)
    on_line = curves[:, :1] + (curves[:, -1:] - curves[:, :1]) * share
    apart: NDArray[np.float64] = np.abs(curves - on_line).max(axis=(1, 2))
    return apart <= tolerance


def line(start: Point, end: Point) -> Outline:
    """A straight curve, `(4, 2)`."""
    return np.array(_straight(start, end), dtype=float)


def _straight(start: Point, end: Point) -> list[Point]:
    """The points of a straight curve: a picture has thousands, and arrays of two are slow."""
    (ax, ay), (bx, by) = start, end
    x, y = bx - ax, by - ay
    return [
        start,
        (ax + x / 3.0, ay + y / 3.0),
        (ax + x * 2.0 / 3.0, ay + y * 2.0 / 3.0),
        end,
    ]


def polyline(points: Sequence[Point]) -> Outline:
    """Straight curves from point to point."""
    curves = [point for a, b in pairwise(points) for point in _straight(a, b)]
    return np.array(curves, dtype=float) if curves else NOTHING


def dashes(points: Sequence[Point], length: float, gap: float) -> list[tuple[Point, Point]]:
    """The pieces of a dashed polyline, in pixels along it; half a gap is before each corner."""
    pieces = []
    for (ax, ay), (bx, by) in pairwise(points):
        whole = float(np.hypot(bx - ax, by - ay))
        at = gap / 2
        while at < whole:
            first, last = at / whole, min(at + length, whole) / whole
            start = (ax + (bx - ax) * first, ay + (by - ay) * first)
            pieces.append((start, (ax + (bx - ax) * last, ay + (by - ay) * last)))
            at += length + gap
    return pieces


def polygon(points: Sequence[Point]) -> Outline:
    """A closed polyline."""
    return polyline([*points, points[0]])


def circle(x: float, y: float, radius: float) -> Outline:
    """A circle of four curves, `(16, 2)`."""
    return np.array([x, y]) + radius * _unit_circle()


@cache
def _unit_circle() -> Outline:
    """The circle of radius 1 around the origin."""
    curves = []
    for quarter in range(_QUARTERS):
        angle = quarter * np.pi / 2.0
        cos, sin = np.cos(angle), np.sin(angle)
        along, across = np.array([cos, sin]), np.array([-sin, cos])
        curves.append(
            [
                along,
                along + _QUARTER_HANDLE * across,
                across + _QUARTER_HANDLE * along,
                across,
            ]
        )
    return np.array(curves).reshape(-1, 2)


def rounded_box(left: float, top: float, right: float, bottom: float, radius: float) -> Outline:
    """A rectangle with round corners, clockwise from the top left."""
    radius = min(radius, (right - left) / 2.0, (bottom - top) / 2.0)
    handle = radius * (1.0 - _QUARTER_HANDLE)
    corners = (
        (
            (right - radius, top),
            (right - handle, top),
            (right, top + handle),
            (right, top + radius),
        ),
        (
            (right, bottom - radius),
            (right, bottom - handle),
            (right - handle, bottom),
            (right - radius, bottom),
        ),
        (
            (left + radius, bottom),
            (left + handle, bottom),
            (left, bottom - handle),
            (left, bottom - radius),
        ),
        ((left, top + radius), (left, top + handle), (left + handle, top), (left + radius, top)),
    )
    curves: list[Point] = []
    for i, corner in enumerate(corners):
        curves += [*corner, *_straight(corner[3], corners[(i + 1) % len(corners)][0])]
    return np.array(curves, dtype=float)


def arrow_head(tip: Point, before: Point, length: float, width: float) -> Outline:
    """A filled triangle at `tip`, pointing away from `before`."""
    end = np.array(tip, dtype=float)
    along = end - np.array(before, dtype=float)
    along /= np.linalg.norm(along)
    across = np.array([-along[1], along[0]])
    base = end - along * length
    corners = [end, base + across * width / 2.0, base - across * width / 2.0]
    return polygon([(float(x), float(y)) for x, y in corners])


def path_lengths(points: Sequence[Point]) -> NDArray[np.float64]:
    """Distance along a polyline at each of its points, from 0, `(points,)`."""
    steps = np.linalg.norm(np.diff(np.array(points, dtype=float), axis=0), axis=1)
    return np.concatenate([[0.0], np.cumsum(steps)])


def point_along(points: Sequence[Point], share: float) -> Point:
    """The point at `share` (0 to 1) of a polyline's length."""
    (point,) = points_along(points, [share])
    return point


def points_along(points: Sequence[Point], shares: Sequence[float]) -> list[Point]:
    """The points at each of the `shares` (0 to 1) of a polyline's length, measured once."""
    lengths = path_lengths(points)
    at = np.array(shares) * lengths[-1]
    xs, ys = (np.interp(at, lengths, along) for along in zip(*points, strict=True))
    return list(zip(xs.tolist(), ys.tolist(), strict=True))


def partial_path(points: Sequence[Point], share: float) -> list[Point]:
    """The first `share` (0 to 1) of a polyline; at least a point twice."""
    lengths = path_lengths(points)
    passed = [point for point, at in zip(points, lengths, strict=True) if at < share * lengths[-1]]
    return [*(passed or [points[0]]), point_along(points, share)]
