"""From outlines and styles to manim's mobjects, for manim's own camera: the stock command's."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.tableau import Moving, Transition
from gatereel.scenes.draw.viewport import Viewport
from gatereel.scenes.play.own_manim import ManimColor, Mobject, VGroup, VMobject


class Puppet:
    """A mobject that shows one outline after the other; what stays the same is not set again."""

    def __init__(self, viewport: Viewport, painted: Painted) -> None:
        self._viewport = viewport
        self.mobject = VMobject()
        self.painted = painted
        self._reshape(painted)
        self._restyle(painted.style)

    def show(self, painted: Painted) -> None:
        """Take an outline and a style."""
        before, self.painted = self.painted, painted
        if painted.outline is not before.outline:
            self._reshape(painted)
        if painted.style != before.style:
            self._restyle(painted.style)

    def _reshape(self, painted: Painted) -> None:
        flat = self._viewport.points(painted.outline)
        self.mobject.set_points(np.column_stack([flat, np.zeros(len(flat))]))

    def _restyle(self, style: Style) -> None:
        mobject = self.mobject
        mobject.set_fill(style.fill, opacity=0.0 if style.fill is None else 1.0, family=False)
        if style.stroke is None:
            mobject.set_stroke(width=0.0, family=False)
        else:
            width = self._viewport.stroke_width(style.width)
            mobject.set_stroke(style.stroke, width=width, family=False)


class Troupe:
    """The puppets of a scene. Making one takes long: those that have left the stage come again."""

    def __init__(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self._puppets: list[Puppet] = []

    def cast(self, painted: Sequence[Painted]) -> list[Puppet]:
        """A puppet for each: the one that shows it already, or one that has its outline, or any."""
        free = {puppet.painted: puppet for puppet in self._puppets}
        found = [free.pop(each, None) for each in painted]
        taken = {puppet for puppet in found if puppet is not None}
        others = [puppet for puppet in self._puppets if puppet not in taken]
        by_outline = {id(puppet.painted.outline): puppet for puppet in others}
        for i, each in enumerate(painted):
            if found[i] is None:
                found[i] = by_outline.pop(id(each.outline), None)
        taken.update(puppet for puppet in found if puppet is not None)
        others = [puppet for puppet in others if puppet not in taken]
        cast = [
            puppet or self._any(others, each) for puppet, each in zip(found, painted, strict=True)
        ]
        for puppet, each in zip(cast, painted, strict=True):
            puppet.show(each)
        self._puppets = [*cast, *others]
        return cast

    def _any(self, others: list[Puppet], painted: Painted) -> Puppet:
        return others.pop() if others else Puppet(self._viewport, painted)


class Puppets:
    """Shows tableaux with a mobject an outline."""

    def __init__(self, viewport: Viewport, camera: Any, background: str) -> None:
        self._viewport = viewport
        self._camera = camera
        self._background = background
        self._troupe = Troupe(viewport)
        self._movers: list[tuple[Moving, Sequence[Puppet]]] = []
        self.cast: list[Mobject] = []
        """What the scene shows."""

    def lay(self, ground: tuple[Painted, ...]) -> None:
        """Draw what stands there all the time once; the camera keeps it as its background."""
        camera = self._camera
        camera.background_color = ManimColor(self._background)
        camera.reset()
        camera.capture_mobjects([Puppet(self._viewport, each).mobject for each in ground])
        camera.background = camera.pixel_array.copy()

    def stand(self, items: tuple[Painted, ...]) -> None:
        """Let outlines stand over the ground."""
        self.cast = [puppet.mobject for puppet in self._troupe.cast(items)]

    def begin(self, transition: Transition) -> Mobject:
        """Put up everything as it stands when a motion begins; returns what moves."""
        puppets = self._troupe.cast(transition.at(0.0))
        self.cast = [puppet.mobject for puppet in puppets]
        self._movers, at = [], 0
        for item in transition.items:
            count = item.count if isinstance(item, Moving) else 1
            if isinstance(item, Moving):
                self._movers.append((item, puppets[at : at + count]))
            at += count
        return VGroup(*(puppet.mobject for _, moved in self._movers for puppet in moved))

    def move(self, share: float) -> None:
        """Show what stands at a share of the motion."""
        for moving, puppets in self._movers:
            for puppet, painted in zip(puppets, moving.at(share), strict=True):
                puppet.show(painted)
