"""Frames as they are drawn: the renderer's file writer replaced by a function.

Nothing goes through a video on the way, nothing is cached, no folder appears.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.viewport import UNITS_A_PIXEL
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.play.camera import TableauCamera, TableauRenderer
from gatereel.scenes.play.own_manim import CairoRenderer, DefaultSectionType, Section, pinned

TakeFrame = Callable[[Frame, int], None]
"""Takes a frame and how many frame times it stands; who keeps the frame keeps a copy."""


def renderer(take: TakeFrame, easel: Easel) -> CairoRenderer:
    """A renderer that draws on an easel, whose frames go to `take`."""
    camera: Any = partial(TableauCamera, easel)
    return TableauRenderer(frame_writer(take), camera_class=camera)


def frame_writer(take: TakeFrame) -> Any:
    """What a renderer makes its file writer of: all that it writes goes to `take`.

    A renderer asks for a subclass of its own writer, which would open files and start threads.
    """

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

    return FrameWriter


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

    If `transparent`, its frames are made for `without_background`. What was set before
    comes back afterwards.
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
