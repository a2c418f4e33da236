"""What passes between the scenes and this package: a film's facts, a frame, a written file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path

from gatereel.rnn_math.records import dataclass

Colour = tuple[int, int, int]
"""Red, green and blue, 0 to 255 each."""


@dataclass(frozen=True)
class Film:
    """What an encoder must know before the first frame.

    `width` and `height` are the frames' size in pixels, `fps` the constant rate in frames
    a second; a hold is one frame with a count. `background` pads a picture to a size that a
    format asks for. Each of `exact_colours` that occurs stays exact to the byte in a palette.
    `loop` repeats for ever; without it the film plays once. `metadata` has ready words under
    "title" and "comment". A `transparent` film keeps its frames' alpha. `by_two` lets a copy of
    this process code a part of a long one.

    Raises ValueError (a size or a rate below one).
    """

    width: int
    height: int
    fps: int
    background: Colour = (255, 255, 255)
    exact_colours: tuple[Colour, ...] = ()
    loop: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)
    transparent: bool = False
    by_two: bool = False

    def __post_init__(self) -> None:
        for name in ("width", "height", "fps"):
            value = getattr(self, name)
            if value < 1:
                raise ValueError(f"{name} is {value}; a film needs at least 1.")


@dataclass(frozen=True)
class Written:
    """A finished file: where it is and what it holds.

    `size_bytes` is its length, `width` and `height` the coded picture in pixels, `frames`
    the number of coded pictures, `seconds` the playing time of one round. `warnings` are
    whole sentences for the user. `unit` is what the pictures are called: "frame", "page", whose
    size is in points of print, or "picture" for the files of a folder.
    """

    path: Path
    size_bytes: int
    width: int
    height: int
    frames: int
    seconds: float
    warnings: tuple[str, ...] = ()
    unit: str = "frame"
