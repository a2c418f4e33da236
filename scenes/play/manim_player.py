"""Play a planned film with manim, frame by frame."""

from collections.abc import Iterable

from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.tableau import Transition
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.cairo_player import easel_of
from gatereel.scenes.play.frames import TakeFrame, drawing, renderer
from gatereel.scenes.play.scene import CellScene


def draw_film(planned: Plan, take: TakeFrame, beats: Iterable[Transition] | None = None) -> None:
    """Draw every frame of the film; `take` gets each with the frame times it stands.

    `beats` are the film's transitions, for a caller who wants to see them go by.
    """

    def take_finished(frame: Frame, count: int) -> None:
        take(easel.finished(frame), count * scene.stands)

    easel = easel_of(planned)
    picture = (planned.page.width, planned.page.height)
    with drawing(
        planned.width, planned.height, picture, planned.fps, transparent=planned.transparent
    ):
        scene = CellScene(planned, beats, renderer=renderer(take_finished, easel))
        scene.render()
