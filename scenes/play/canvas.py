"""A picture that is painted again only where it changes, to the byte as if all of it were.

    canvas = Canvas(easel)
    canvas.lay(tableau.ground)
    canvas.show(tableau.items)
    canvas.frame  # (height, width, 4)

Most shapes of a film stand still most of the time, and those that move are small.
"""

from collections.abc import Iterable, Sequence

from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.play.cairo_player import Easel, FrameBox

_WASTE = 1.25
"""Boxes are painted as one if that is at most so many times the pixels of both: each pass goes
through whole outlines, however little of them is in its box."""


class Canvas:
    """What stands on an easel's picture, over a ground that stays."""

    def __init__(self, easel: Easel) -> None:
        self._easel = easel
        self._ground = easel.blank()
        self._work = self._ground.copy()
        self.frame: Frame = self._ground.copy()
        """What is shown; it is painted on further, so who keeps it keeps a copy."""
        self._brush = easel.brush(self._work)
        self._shown: Sequence[Painted] = ()
        self._extents: list[FrameBox | None] = []

    def lay(self, ground: Iterable[Painted]) -> None:
        """Begin anew on a ground."""
        blank = self._easel.blank()
        self._easel.paint(blank, ground)
        for frame in (self._ground, self._work, self.frame):
            frame[:] = blank
        self._shown, self._extents = (), []

    def show(self, painted: Sequence[Painted]) -> None:
        """Let `painted` stand over the ground in place of what stood there."""
        height, width, _ = self.frame.shape
        brush = self._brush
        before, before_extents = self._shown, self._extents
        extents, gone, come = self._compare(painted)
        self._shown, self._extents = painted, extents
        places = [before_extents[i] for i in gone] + [extents[i] for i in come]
        for changed in _gathered(place.within(width, height) for place in places if place):
            self._work[changed.slices] = self._ground[changed.slices]
            seen = (
                item
                for item, extent in zip(painted, extents, strict=True)
                if extent is not None and extent.meets(changed)
            )
            # Whole rows: how finely cairo samples a row of pixels hangs on all of a shape's
            # edges in it. What is painted beside the box is painted over again before it is shown.
            brush.paint(seen, changed.slices[0])
            self.frame[changed.slices] = self._work[changed.slices]
        if len(before) != len(painted):  # once a beat
            brush.keep(painted)

    def _compare(
        self, after: Sequence[Painted]
    ) -> tuple[list[FrameBox | None], list[int], list[int]]:
        """The extents of what stands now, the places of what went, and of what came."""
        before, extent = self._shown, self._brush.extent
        if len(before) == len(after):  # within a motion: what changed stands where it stood
            extents = self._extents.copy()
            changed = [
                i
                for i, (old, new) in enumerate(zip(before, after, strict=True))
                if old is not new and (old.outline is not new.outline or old.style != new.style)
            ]
            for i in changed:
                extents[i] = extent(after[i])
            return extents, changed, changed
        return [extent(item) for item in after], _gone(before, after), _gone(after, before)


def _gone(before: Sequence[Painted], after: Sequence[Painted]) -> list[int]:
    """What of `before` does not stand in `after`, or not in the same order with the rest."""
    places: dict[tuple[int, Style], list[int]] = {}
    for place in range(len(after) - 1, -1, -1):
        places.setdefault(_look(after[place]), []).append(place)
    gone, last = [], -1
    for i, item in enumerate(before):
        found = places.get(_look(item))
        while found and found[-1] <= last:
            found.pop()
        if found:
            last = found.pop()
        else:
            gone.append(i)
    return gone


def _look(painted: Painted) -> tuple[int, Style]:
    """What is alike in all that looks the same; outlines are not changed once they are made."""
    return id(painted.outline), painted.style


def _gathered(places: Iterable[FrameBox]) -> list[FrameBox]:
    """Few boxes that hold all `places`, none of which meets another."""
    boxes: list[FrameBox] = []
    for place in places:
        left, top, right, bottom = place
        if left >= right or top >= bottom:
            continue
        at = 0
        while at < len(boxes):
            other = boxes[at]
            x, y, x_end, y_end = other
            # Written out, for it is done a hundred times a frame: the smallest box around both.
            x_both, y_both = (left if left < x else x), (top if top < y else y)
            x_end_both = right if right > x_end else x_end
            y_end_both = bottom if bottom > y_end else y_end
            meets = left < x_end and x < right and top < y_end and y < bottom
            area = (right - left) * (bottom - top) + (x_end - x) * (y_end - y)
            if meets or (x_end_both - x_both) * (y_end_both - y_both) <= _WASTE * area:
                left, top, right, bottom = x_both, y_both, x_end_both, y_end_both
                boxes.pop(at)
                at = 0
            else:
                at += 1
        boxes.append(FrameBox(left, top, right, bottom))
    return boxes
