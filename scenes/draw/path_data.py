"""The path data of an SVG, as Typst writes it for glyphs, as an outline.

    outline_of("M 0 0m 1 2h 3v 4Z") -> (4 * curves, 2)

Scalable Vector Graphics 1.1 (W3C, 2011), chapter 8.3. A film sets hundreds of glyphs before its
first frame; a library for all of SVG takes ten times as long for them.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from gatereel.scenes.draw.outlines import NOTHING, POINTS_A_CURVE, Outline

_COMMAND = re.compile(r"([MmLlHhVvCcQqZz])([^MmLlHhVvCcQqZz]*)")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "Z": 0}
"""How many numbers a command takes each time."""

_SAME = 1e-12
"""Lengths below which a line goes nowhere."""

_KEPT = 4096
"""Glyphs that are remembered: more than a film in several type sizes and languages has."""


@lru_cache(maxsize=_KEPT)
def outline_of(data: str) -> Outline:
    """Path data as cubics; what is filled is closed.

    Raises ValueError for anything but the commands M, L, H, V, C, Q and Z, large or small.
    """
    curves: list[tuple[complex, complex, complex, complex]] = []
    at = start = 0j

    def line_to(end: complex) -> None:
        step = end - at
        if max(abs(step.real), abs(step.imag)) > _SAME:
            curves.append((at, at + step * (1 / 3), at + step * (2 / 3), end))

    for command, numbers in _commands(data):
        base = at if command.islower() else 0j
        points = [base + complex(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=False)]
        match command.upper():
            case "M":
                at = start = points[0]
                continue
            case "Z":
                line_to(start)
                at = start
                continue
            case "L":
                line_to(points[0])
            case "H":
                points = [complex(base.real + numbers[0], at.imag)]
                line_to(points[0])
            case "V":
                points = [complex(at.real, base.imag + numbers[0])]
                line_to(points[0])
            case "C":
                curves.append((at, points[0], points[1], points[2]))
            case _:
                control, end = points
                first = at + (control - at) * (2 / 3)
                curves.append((at, first, end + (control - end) * (2 / 3), end))
        at = points[-1]
    if not curves:
        return NOTHING
    flat = np.array(curves).reshape(len(curves) * POINTS_A_CURVE)
    return np.stack([flat.real, flat.imag], axis=1)


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; one that is followed by more of them is meant again."""
    if data.strip() and not data.lstrip().startswith(("M", "m")):
        raise ValueError(f"path data begins with {data[:1]!r} rather than a move")
    for command, told in _COMMAND.findall(data):
        numbers, count = (
            [float(word) for word in told.replace(",", " ").split()],
            _NUMBERS[command.upper()],
        )
        if len(numbers) == count:
            yield command, numbers
            continue
        if not count or not numbers or len(numbers) % count:
            raise ValueError(f"path data has {len(numbers)} numbers for {command!r}")
        again = command
        for first in range(0, len(numbers), count):
            yield again, numbers[first : first + count]
            again = {"M": "L", "m": "l"}.get(command, command)  # pairs after a move are lines
