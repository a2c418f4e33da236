"""Draw with the renderer: a planned film frame by frame, its steps, its still, or any shapes."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import cast

import numpy as np

from scenes.canvas import Canvas
from scenes.cell_scene import CellScene
from scenes.frames import Frame, TakeFrame, drawing, renderer, without_background
from scenes.own_manim import Camera, ManimColor, config
from scenes.painted import Painted
from scenes.render import Plan
from scenes.shapes import Shape, style
from scenes.theme import Theme, rgb


class View:
    """What stands in a scene at the moment: good until the scene goes on."""

    def __init__(self, scene: CellScene, planned: Plan) -> None:
        self._scene = scene
        self._planned = planned

    def frame(self) -> Frame:
        """In pixels, `(height, width, 4)`, as the film shows it."""
        camera = cast(Camera, self._scene.camera)
        camera.reset()
        camera.capture_mobjects(self._scene.mobjects)
        frame = np.array(camera.pixel_array, np.uint8)
        return _finished(frame, self._planned.theme, transparent=self._planned.options.transparent)

    def painted(self) -> tuple[Painted, ...]:
        """As outlines in pixels of the layout, from back to front."""
        canvas = self._scene.stage.canvas
        return tuple(map(canvas.painted, self._scene.all_mobjects()))


Reached = Callable[[int, View], None]
"""Told a beat's number, and what stands at its end."""


def draw_film(planned: Plan, take: TakeFrame, reached: Reached | None = None) -> None:
    """Draw every frame of the film; `take` gets each with the frame times it stands."""

    def take_finished(frame: Frame, count: int) -> None:
        take(_finished(frame, planned.theme, transparent=planned.options.transparent), count)

    with _drawing(planned):
        _scene(planned, take_finished, reached).render()


def draw_steps(planned: Plan, reached: Reached) -> None:
    """Go through the film from the end of one beat to the end of the next, without a film."""
    with _drawing(planned):
        scene = _scene(planned, _drop, reached)
        scene.setup()
        scene.walk()


def draw_still(planned: Plan) -> Frame:
    """Draw the complete cell alone, `(height, width, 4)`."""
    with _drawing(planned):
        return _still(planned).frame()


def paint_still(planned: Plan) -> tuple[Painted, ...]:
    """The complete cell alone, as outlines in pixels of the layout."""
    with _drawing(planned):
        return _still(planned).painted()


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


def _scene(
    planned: Plan,
    take: TakeFrame,
    reached: Reached | None = None,
    *,
    shows_waiting: bool = True,
) -> CellScene:
    def tell(number: int) -> None:
        if reached is not None:
            reached(number, View(scene, planned))

    scene = CellScene(
        planned.storyboard,
        planned.layout,
        planned.theme,
        renderer=renderer(take),
        shows_waiting=shows_waiting,
        reached=tell,
    )
    return scene


def _still(planned: Plan) -> View:
    # What waits is as pale as the theme's background, which would shine through at the edges
    # of the complete cell where another page is behind.
    scene = _scene(planned, _drop, shows_waiting=not planned.options.transparent)
    scene.setup()
    scene.show_still()
    return View(scene, planned)


def _finished(frame: Frame, theme: Theme, *, transparent: bool) -> Frame:
    return without_background(frame, rgb(theme.background)) if transparent else frame


def _drop(frame: Frame, count: int) -> None:
    """A still plays nothing."""
