"""When pictures start in a format that counts whole hundredths of a second."""

from __future__ import annotations

from collections.abc import Sequence

HUNDREDTHS = 100
SHORTEST = 2
"""Hundredths; viewers slow down anything shorter."""


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
