"""Draw with the renderer: a planned film frame by frame, its still, or any shapes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import numpy as np
from manim import Camera, ManimColor, config

from scenes.canvas import Canvas
from scenes.cell_scene import CellScene
from scenes.frames import Frame, TakeFrame, drawing, renderer, without_background
from scenes.render import Plan
from scenes.shapes import Shape, style
from scenes.theme import Theme, rgb


def draw_film(planned: Plan, take: TakeFrame) -> None:
    """Draw every frame of the film; `take` gets each with the frame times it stands."""

    def take_finished(frame: Frame, count: int) -> None:
        take(_finished(frame, planned.theme, transparent=planned.options.transparent), count)

    with _drawing(planned):
        _scene(planned, take_finished).render()


def draw_still(planned: Plan) -> Frame:
    """Draw the complete cell alone, `(height, width, 4)`."""
    with _drawing(planned):
        # What waits is as pale as the theme's background, which would shine through at the edges
        # of the complete cell where another page is behind.
        scene = _scene(planned, _drop, shows_waiting=not planned.options.transparent)
        scene.setup()
        scene.show_still()
        scene.renderer.update_frame(scene)
        frame = np.asarray(scene.renderer.get_frame(), np.uint8)
        return _finished(frame, planned.theme, transparent=planned.options.transparent)


def draw_shapes(
    shapes: Sequence[Shape],
    theme: Theme,
    picture: tuple[int, int],
    pixels: tuple[int, int],
    *,
    transparent: bool = False,
) -> Frame:
    """Draw shapes of a picture of width x height pixels in full strength, at another size."""
    with drawing(*pixels, picture, fps=1, transparent=transparent):
        camera = Camera(background_color=ManimColor(theme.background))
        canvas = Canvas(*picture, config.frame_width, config.frame_height)
        camera.capture_mobjects(
            [canvas.mobject(shape.outline, style(shape, "full", theme)) for shape in shapes]
        )
        frame = np.asarray(camera.pixel_array, np.uint8)
        return _finished(frame, theme, transparent=transparent)


def _drawing(planned: Plan) -> AbstractContextManager[None]:
    picture = (planned.layout.width, planned.layout.height)
    options = planned.options
    return drawing(
        planned.width, planned.height, picture, options.fps, transparent=options.transparent
    )


def _scene(planned: Plan, take: TakeFrame, *, shows_waiting: bool = True) -> CellScene:
    return CellScene(
        planned.storyboard,
        planned.layout,
        planned.theme,
        renderer=renderer(take),
        shows_waiting=shows_waiting,
    )


def _finished(frame: Frame, theme: Theme, *, transparent: bool) -> Frame:
    return without_background(frame, rgb(theme.background)) if transparent else frame


def _drop(frame: Frame, count: int) -> None:
    """A still plays nothing."""
