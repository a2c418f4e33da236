"""The scene that plays a film's transitions, one after the other.

It computes no number and knows no cell and no file: frames go wherever the renderer sends them.
"""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import numpy as np

from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.tableau import Transition, share_after
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.viewport import Viewport
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.camera import PictureMobject, TableauCamera
from gatereel.scenes.play.mobjects import Puppets
from gatereel.scenes.play.own_manim import Animation, CairoRenderer, Mobject, Scene, config


class Players(Protocol):
    """Show tableaux with mobjects that the scene's camera draws."""

    @property
    def cast(self) -> list[Mobject]:
        """What the scene shows."""

    def lay(self, ground: tuple[Painted, ...]) -> None:
        """Show what stands there all the time, and nothing else."""

    def stand(self, items: tuple[Painted, ...]) -> None:
        """Let outlines stand over the ground."""

    def begin(self, transition: Transition) -> Mobject:
        """Put up everything as it stands when a motion begins; returns what moves."""

    def move(self, share: float) -> None:
        """Show what stands at a share of the motion."""


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
        self._players = self._engage()
        self._ground: tuple[Painted, ...] | None = None

    def _engage(self) -> Players:
        """Our camera sees a picture as one; manim's own, which the stock command has, mobjects."""
        if isinstance(self.camera, TableauCamera):
            return PictureMobject(self.camera)
        page = self._planned.page
        viewport = Viewport(page.width, page.height, config.frame_width, config.frame_height)
        return Puppets(viewport, self.camera, self._planned.theme.background)

    def construct(self) -> None:
        """Play every beat."""
        for transition in transitions(self._planned) if self._beats is None else self._beats:
            self._lay(transition.after.ground)
            self._play(transition)

    def get_time_progression(self, run_time: float, *arguments: Any, **options: Any) -> Any:
        """The times of a motion's frames; manim's progress bar is the stock command's alone.

        It starts a thread, and what is drawn is told elsewhere.
        """
        if isinstance(self.camera, TableauCamera):
            return (time for time in np.arange(0.0, run_time, 1 / config.frame_rate))
        return super().get_time_progression(run_time, *arguments, **options)

    def _lay(self, ground: tuple[Painted, ...]) -> None:
        """Draw once what stands there all the time."""
        if ground is not self._ground:
            self._ground = ground
            self._players.lay(ground)

    def _play(self, transition: Transition) -> None:
        """Move, and hold for the rest, on the film's grid of frames."""
        fps = config.frame_rate
        each = self._planned.each
        moving, holding = transition.frames(fps, each)
        if moving:
            group = self._players.begin(transition)
            self.mobjects = self._players.cast
            self.stands = each
            self.play(Motion(group, self._players.move, moving // each, fps))
            self.stands = 1
        self._players.stand(transition.after.items)
        self.mobjects = self._players.cast
        if holding:
            self.wait((holding + 0.5) / fps)


class Motion(Animation):
    """Moves mobjects that are in the scene already to where they are at a share of the motion."""

    def __init__(
        self, group: Mobject, move: Callable[[float], None], frames: int, fps: float
    ) -> None:
        # Half a frame less, so that rounding cannot add one; of a single frame the renderer
        # takes no part.
        run_time = max(frames - 0.5, 1.0) / fps
        # An introducer is not added to the scene again: its members stand there in their order.
        super().__init__(group, run_time=run_time, rate_func=lambda alpha: alpha, introducer=True)
        self._move = move
        self._frames = frames

    def _setup_scene(self, scene: Scene) -> None:
        """Nothing to add."""

    def create_starting_mobject(self) -> Mobject:
        """Nothing: a movement knows where it starts, and a copy would cost time."""
        return Mobject()

    def interpolate_mobject(self, alpha: float) -> None:
        """Move to where all is at the end of the frame that begins at `alpha`."""
        number = round(alpha * (self._frames - 0.5))
        self._move(share_after(number, self._frames))
