"""Draw with the renderer: a planned film frame by frame, its still, or any shapes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager

import numpy as np
from manim import Camera, ManimColor, config

from scenes.canvas import Canvas
from scenes.cell_scene import CellScene
from scenes.frames import Frame, TakeFrame, drawing, renderer
from scenes.render import Plan
from scenes.shapes import Shape, style
from scenes.theme import Theme


def draw_film(planned: Plan, take: TakeFrame) -> None:
    """Draw every frame of the film; `take` gets each with the frame times it stands."""
    with _drawing(planned):
        _scene(planned, take).render()


def draw_still(planned: Plan) -> Frame:
    """Draw the complete cell alone, `(height, width, 4)`."""
    with _drawing(planned):
        scene = _scene(planned, _drop)
        scene.setup()
        scene.show_still()
        scene.renderer.update_frame(scene)
        return np.asarray(scene.renderer.get_frame(), np.uint8)


def draw_shapes(
    shapes: Sequence[Shape], theme: Theme, picture: tuple[int, int], pixels: tuple[int, int]
) -> Frame:
    """Draw shapes of a picture of width x height pixels in full strength, at another size."""
    with drawing(*pixels, picture, fps=1):
        camera = Camera(background_color=ManimColor(theme.background))
        canvas = Canvas(*picture, config.frame_width, config.frame_height)
        camera.capture_mobjects(
            [canvas.mobject(shape.outline, style(shape, "full", theme)) for shape in shapes]
        )
        return np.asarray(camera.pixel_array, np.uint8)


def _drawing(planned: Plan) -> AbstractContextManager[None]:
    picture = (planned.layout.width, planned.layout.height)
    return drawing(planned.width, planned.height, picture, planned.options.fps)


def _scene(planned: Plan, take: TakeFrame) -> CellScene:
    return CellScene(
        planned.storyboard, planned.layout, planned.options.theme, renderer=renderer(take)
    )


def _drop(frame: Frame, count: int) -> None:
    """A still plays nothing."""
