"""manim's renderer and camera for tableaux: a picture is painted again only where it changes.

manim's own camera traces each mobject's points anew in every frame, in Python. Here the scene has
one mobject, which holds the outlines of a whole picture, and `canvas.py` paints what differs from
the frame before. The frames are those of manim's own camera, to the byte.
"""

from collections.abc import Iterable
from typing import Any

from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.tableau import Transition
from gatereel.scenes.play.cairo_player import Easel
from gatereel.scenes.play.canvas import Canvas
from gatereel.scenes.play.own_manim import CairoRenderer, Camera, Mobject, Scene


class PictureMobject(Mobject):
    """Everything that stands over the ground, as one mobject."""

    def __init__(self, camera: "TableauCamera") -> None:
        super().__init__()
        self.painted: tuple[Painted, ...] = ()
        self._camera = camera

    @property
    def cast(self) -> list[Mobject]:
        """What the scene shows."""
        return [self]

    def lay(self, ground: tuple[Painted, ...]) -> None:
        """Begin anew on a ground."""
        self._camera.painting.lay(ground)

    def stand(self, items: tuple[Painted, ...]) -> None:
        """Let outlines stand over the ground."""
        self.painted = items

    def begin(self, transition: Transition) -> Mobject:
        """Get ready for `move`; returns what moves."""
        self._transition = transition
        return self

    def move(self, share: float) -> None:
        """Show what stands at a share of the motion."""
        self.painted = self._transition.at(share)


class TableauCamera(Camera):
    """Sees a `PictureMobject`."""

    def __init__(self, easel: Easel) -> None:
        self.painting = Canvas(easel)
        super().__init__()

    def reset(self) -> "TableauCamera":
        """Nothing: the picture before is what the next one is held against."""
        return self

    def capture_mobjects(self, mobjects: Iterable[Mobject], **options: Any) -> None:
        """Paint a picture."""
        for mobject in mobjects:
            if isinstance(mobject, PictureMobject):
                self.painting.show(mobject.painted)


class TableauRenderer(CairoRenderer):
    """Takes its frames from a `TableauCamera`."""

    camera: TableauCamera

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Nothing: what stands still is not painted again anyhow."""
        self.static_image = None

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **options: Any,
    ) -> None:
        """See the scene as a whole: manim names only those of its mobjects that have points."""
        self.camera.capture_mobjects(scene.mobjects)

    def get_frame(self) -> Any:
        """What is shown, a `Frame`; it is painted on further, so who keeps it keeps a copy."""
        return self.camera.painting.frame
