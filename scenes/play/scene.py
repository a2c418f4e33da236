"""The scene that plays a film's transitions, one after the other.

It computes no number and knows no cell and no file: frames go wherever the renderer sends them.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.tableau import Moving, Transition
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.viewport import Viewport
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.mobjects import Puppet, Troupe
from gatereel.scenes.play.own_manim import (
    Animation,
    CairoRenderer,
    Camera,
    ManimColor,
    Mobject,
    Scene,
    VGroup,
    config,
)

Movers = Sequence[tuple[Moving, Sequence[Puppet]]]
"""What moves, and the puppets that show it."""


class CellScene(Scene):
    """Plays a planned film in whatever frame is set.

    `beats` are its transitions, which are asked for one after the other, each when the one before
    has been drawn.
    """

    def __init__(
        self,
        planned: Plan,
        beats: Iterable[Transition] | None = None,
        renderer: CairoRenderer | None = None,
        **options: Any,
    ) -> None:
        self._planned = planned
        self._beats = beats
        self.stands = 1
        """How many frame times a frame stands for that is drawn now."""
        super().__init__(renderer=renderer, **options)

    def setup(self) -> None:
        """Fit the picture into the frame."""
        page = self._planned.page
        self._viewport = Viewport(page.width, page.height, config.frame_width, config.frame_height)
        self._troupe = Troupe(self._viewport)
        self._ground: tuple[Painted, ...] | None = None

    def construct(self) -> None:
        """Play every beat."""
        for transition in transitions(self._planned) if self._beats is None else self._beats:
            self._lay(transition.after.ground)
            self._play(transition)

    def _lay(self, ground: tuple[Painted, ...]) -> None:
        """Draw once what stands there all the time; it is kept as the background."""
        if ground is self._ground:
            return
        self._ground = ground
        camera = cast(Camera, self.camera)
        camera.background_color = ManimColor(self._planned.theme.background)
        camera.reset()
        camera.capture_mobjects([Puppet(self._viewport, each).mobject for each in ground])
        camera.background = camera.pixel_array.copy()

    def _play(self, transition: Transition) -> None:
        """Move, and hold for the rest, on the film's grid of frames."""
        fps = config.frame_rate
        each = self._planned.each
        moving, holding = transition.frames(fps, each)
        if moving:
            movers = self._begin(transition)
            group = VGroup(*(puppet.mobject for _, puppets in movers for puppet in puppets))
            self.stands = each
            self.play(Movements(group, movers, moving // each, fps))
            self.stands = 1
            show(movers, 1.0)
        self.mobjects = [puppet.mobject for puppet in self._troupe.cast(transition.after.items)]
        if holding:
            self.wait((holding + 0.5) / fps)

    def _begin(self, transition: Transition) -> Movers:
        """Put up everything as it stands when the motion begins."""
        puppets = self._troupe.cast(transition.at(0.0))
        self.mobjects = [puppet.mobject for puppet in puppets]
        movers, at = [], 0
        for item in transition.items:
            count = item.count if isinstance(item, Moving) else 1
            if isinstance(item, Moving):
                movers.append((item, puppets[at : at + count]))
            at += count
        return movers


class Movements(Animation):
    """Plays movements together on mobjects that are in the scene already."""

    def __init__(self, group: Mobject, movers: Movers, frames: int, fps: float) -> None:
        # Half a frame less, so that rounding cannot add one; of a single frame the renderer
        # takes no part.
        run_time = max(frames - 0.5, 1.0) / fps
        # An introducer is not added to the scene again: its members stand there in their order.
        super().__init__(group, run_time=run_time, rate_func=lambda alpha: alpha, introducer=True)
        self._movers = movers
        self._frames = frames

    def _setup_scene(self, scene: Scene) -> None:
        """Nothing to add."""

    def create_starting_mobject(self) -> Mobject:
        """Nothing: a movement knows where it starts, and a copy would cost time."""
        return Mobject()

    def interpolate_mobject(self, alpha: float) -> None:
        """Bring every movement to where it is at the end of the frame that begins at `alpha`.

        So the first frame has moved already and the last one has arrived: none is drawn twice.
        """
        begins = alpha * (self._frames - 0.5)
        show(self._movers, min(1.0, (begins + 1.0) / self._frames))


def show(movers: Movers, share: float) -> None:
    """Let the puppets show what stands at a share of the motion."""
    for moving, puppets in movers:
        for puppet, painted in zip(puppets, moving.at(share), strict=True):
            puppet.show(painted)
