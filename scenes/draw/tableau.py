"""A film as tableaux: what stands at a beat's end, and what stands between two of them.

    for transition in transitions(planned):
        transition.at(0.5)  # outlines and how each is painted, halfway through the motion
        transition.after.painted  # and at its end

Plain data and pure functions of progress: what plays them decides how many frames there are.
"""

from collections.abc import Callable

from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.tempo import EASING

Span = tuple[float, float]
"""Two shares of a motion, 0 to 1."""

Movement = Callable[[float], tuple[Painted, ...]]
"""What stands at a progress of 0 to 1; always the same number of outlines, some of them empty."""


def steady(progress: float) -> float:
    """Gather speed, keep it, lose it: on a way nothing is faster than it must be."""
    if progress > 0.5:
        return 1.0 - steady(1.0 - progress)
    top = 1.0 / (1.0 - EASING)
    if progress < EASING:
        return top * progress * progress / (2.0 * EASING)
    return top * (progress - EASING / 2.0)


def share_after(number: int, frames: int) -> float:
    """The share of a motion of so many frames that is done at the end of one; 0 is the first.

    So the first frame has moved already and the last one has arrived: none is drawn twice.
    """
    return min(1.0, (number + 1) / frames)


def evenly(progress: float) -> float:
    """As time goes: what gathers speed by itself."""
    return progress


def smooth(progress: float) -> float:
    """Ease in and out: speed nought at both ends."""
    return progress * progress * (3.0 - 2.0 * progress)


@dataclass(frozen=True, eq=False)
class Moving:
    """`count` outlines that change together, between which shares of a motion they do."""

    movement: Movement
    span: Span
    count: int = 1
    ease: Callable[[float], float] = smooth

    def at(self, share: float) -> tuple[Painted, ...]:
        """What stands at a share of the motion."""
        start, end = self.span
        return self.movement(self.ease(min(1.0, max(0.0, (share - start) / (end - start)))))


@dataclass(frozen=True, eq=False)
class Tableau:
    """A standing picture, from back to front: the ground is the same all through a film."""

    ground: tuple[Painted, ...]
    items: tuple[Painted, ...]

    @property
    def painted(self) -> tuple[Painted, ...]:
        """All of it."""
        return (*self.ground, *self.items)


@dataclass(frozen=True, eq=False)
class Transition:
    """A beat on its way to a tableau: what stands still and what moves, from back to front."""

    beat: Beat
    items: tuple[Painted | Moving, ...]
    after: Tableau

    @property
    def moves(self) -> bool:
        """Whether anything does; what is told may change all the same."""
        return any(isinstance(item, Moving) for item in self.items)

    def at(self, share: float) -> tuple[Painted, ...]:
        """What stands over the ground at a share of the motion; at 1 that is what stands after."""
        return tuple(
            painted
            for item in self.items
            for painted in (item.at(share) if isinstance(item, Moving) else (item,))
        )

    def frames(self, fps: float, each: int = 1) -> tuple[int, int]:
        """How many frame times move, drawn `each` so many, and how many stand."""
        moving, standing = self.beat.frames(fps, each)
        return (moving, standing) if self.moves else (0, moving + standing)
