"""The frames of a film's beats by cairo alone, to the byte those of the scene.

What draws with it need not wait until manim is imported.
"""

from collections.abc import Iterable, Iterator

from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.tableau import Tableau, Transition, share_after
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.cairo_player import easel_of
from gatereel.scenes.play.canvas import Canvas


def frames(
    planned: Plan, beats: Iterable[Transition], before: Tableau | None = None
) -> Iterator[tuple[Frame, int]]:
    """Each frame with the frame times it stands; who keeps a frame keeps a copy.

    The first is what stood `before` the beats, if that is given, for no time at all.
    """
    easel, each = easel_of(planned), planned.each
    canvas = Canvas(easel)
    ground: tuple[Painted, ...] | None = None
    if before is not None:
        ground = before.ground
        canvas.lay(ground)
        canvas.show(before.items)
        yield easel.finished(canvas.frame), 0
    for transition in beats:
        if transition.after.ground is not ground:
            ground = transition.after.ground
            canvas.lay(ground)
        moving, holding = transition.frames(planned.fps, each)
        pictures = moving // each
        for number in range(pictures):
            canvas.show(transition.at(share_after(number, pictures)))
            yield easel.finished(canvas.frame), each
        if holding:
            canvas.show(transition.after.items)
            yield easel.finished(canvas.frame), holding
