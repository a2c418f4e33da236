"""When pictures start in a format that counts whole hundredths of a second."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

HUNDREDTHS = 100
SHORTEST = 2
"""Hundredths; viewers slow down anything shorter."""
ROUNDING = 1e-6
"""Hundredths by which 0.29 x 100 is less than 29."""


def delays(counts: Sequence[int], fps: int) -> tuple[list[int | None], int]:
    """Return each picture's start and the film's end, in hundredths of a second.

    Starts are rounded from the exact time, so that errors never add up. A picture that would be
    seen for less than 0.02 s gives its place to the next one: its start is None.
    """
    starts: list[int | None] = []
    frames = 0
    shown = 0  # where the picture on the screen started
    for position, count in enumerate(counts):
        start = _hundredths(frames, fps)
        if position and start - shown < SHORTEST:
            starts[-1] = None
            start = shown
        starts.append(start)
        shown = start
        frames += count
    return starts, max(_hundredths(frames, fps), shown + SHORTEST)


def _hundredths(frames: int, fps: int) -> int:
    return (2 * HUNDREDTHS * frames + fps) // (2 * fps)


def longest_within(seconds: float, fps: int) -> float:
    """Return the seconds of the longest film of whole frames that lasts at most `seconds`.

    It holds for every format, also for one that counts whole hundredths.
    """
    hundredths = floor(seconds * HUNDREDTHS + ROUNDING)
    return hundredths * fps // HUNDREDTHS / fps
