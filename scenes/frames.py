"""Frames as they are drawn: the renderer's file writer replaced by a function.

Nothing goes through a video on the way, nothing is cached, no folder appears.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.own_manim import CairoRenderer, DefaultSectionType, Section, pinned

Frame = NDArray[np.uint8]
"""`(height, width, 4)` RGBA."""

TakeFrame = Callable[[Frame, int], None]
"""Takes a frame and how many frame times it stands."""

OPAQUE = 255
"""Alpha of a pixel that is covered as a whole."""

UNITS_A_PIXEL = 0.01
"""Length units of the renderer in a pixel of the picture; its stroke widths count in the same."""


def renderer(take: TakeFrame) -> CairoRenderer:
    """A renderer whose frames go to `take`."""

    class FrameWriter:
        """What the renderer asks of a file writer, and no more."""

        def __init__(self, settings: Any) -> None:
            self.output_spec = settings.plan.output
            self.sections = [Section(DefaultSectionType.NORMAL, None, "film", False)]

        def add_partial_movie_file(self, name: str | None) -> None:
            """A film has no parts."""

        def begin_animation(self, *args: Any, **kwargs: Any) -> None:
            """Nothing to open."""

        def end_animation(self, *args: Any, **kwargs: Any) -> None:
            """Nothing to close."""

        def write_frame(self, frame: Frame, repeat: int = 1) -> None:
            """Pass a frame on."""
            take(frame, repeat)

        def abort_encode_jobs(self, **kwargs: Any) -> None:
            """No jobs run."""

        def finish(self) -> None:
            """Nothing to put together."""

    # The renderer asks for a subclass of its own writer, which would open files and start threads.
    return CairoRenderer(file_writer_class=FrameWriter)  # type: ignore[arg-type]


@contextmanager
def drawing(
    pixel_width: int,
    pixel_height: int,
    picture: tuple[float, float],
    fps: int,
    *,
    transparent: bool = False,
) -> Iterator[None]:
    """Set the renderer to draw a `picture` of width x height pixels at another size in pixels.

    If `transparent`, its frames are made for `without_background`. What was set before comes back
    afterwards.
    """
    settings = {
        "pixel_width": pixel_width,
        "pixel_height": pixel_height,
        "frame_width": picture[0] * UNITS_A_PIXEL,
        "frame_height": picture[1] * UNITS_A_PIXEL,
        "frame_rate": fps,
        "background_opacity": 0.0 if transparent else 1.0,
        "disable_caching": True,
        "dry_run": True,
        "progress_bar": "none",
        "verbosity": "WARNING",
    }
    with pinned(settings):
        yield


def without_background(frame: Frame, background: tuple[int, int, int]) -> Frame:
    """Return a frame as it is without its background, with straight alpha.

    The renderer starts from the background's colour with alpha 0. What it draws over that is
    c a + b (1 - a), with b the background and a the share of the pixel that is covered; a is in
    the frame, so the colour c can be had back.
    """
    alpha = frame[:, :, 3]
    straight = frame.copy()
    straight[alpha == 0] = 0
    at_edges = (alpha > 0) & (alpha < OPAQUE)
    edges = frame[at_edges].astype(np.float64)
    share = edges[:, 3:] / OPAQUE
    colour = (edges[:, :3] - np.array(background) * (1.0 - share)) / share
    straight[at_edges, :3] = np.clip(np.rint(colour), 0, OPAQUE).astype(np.uint8)
    return straight
