"""What a beat moves, collected phase by phase: movements with their spans.

`Stage` in `scenes/draw/stage.py` fills it in; a transition comes out.
"""

from collections.abc import Sequence
from itertools import pairwise

from gatereel.scenes.draw.motion import (
    AT_ONCE,
    WHOLE,
)
from gatereel.scenes.draw.painted import Painted
from gatereel.scenes.draw.tableau import Movement, Moving, Span, Tableau, Transition, evenly
from gatereel.scenes.lay_out.geometry import Box, Point
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.tempo import STANDS_SIDE_BY_SIDE

_FAN_SHARE = 0.55
"""Of the time in which a result comes up: a fan grows first."""


class Change:
    """What a beat moves, collected phase by phase and act by act. Spans are shares of a phase."""

    def __init__(self, beat: Beat) -> None:
        self.beat = beat
        self.keeps_order = False
        self.hidden: set[Painted] = set()
        """What is gone while operands meet there."""
        self._moving: dict[Painted, Moving] = {}
        self._passing: list[Moving] = []
        self.ways: list[Sequence[Point]] = []
        """Where rows travel."""
        self.begin(0)

    def begin(self, place: int) -> None:
        """Go on with a phase of the beat."""
        phases, motion = self.beat.phases, self.beat.motion or 1.0
        before = sum(phase.motion for phase in phases[:place])
        phase = phases[place]
        self._start, self._length = before / motion, phase.motion / motion
        self.travels = phase.travel > 0.0
        travels = phase.travel / phase.motion if phase.motion else 0.0
        arrives = (phase.travel + phase.meeting) / phase.motion if phase.motion else 0.0
        meeting = arrives - travels
        self.on_its_way = (0.0, arrives)
        self.meets = (
            (travels / arrives, (travels + STANDS_SIDE_BY_SIDE * meeting) / arrives)
            if meeting
            else WHOLE
        )
        fanned = arrives + (1.0 - arrives) * _FAN_SHARE
        self.travel = (0.0, travels)
        self.arrive, self.fan, self.arrive_after_fan = (
            (arrives, 1.0),
            (arrives, fanned),
            (fanned, 1.0),
        )
        self.landing = (max(0.0, arrives - AT_ONCE[1]), max(arrives, AT_ONCE[1]))

    def move(self, after: Painted, movement: Movement, span: Span) -> None:
        """Something comes to stand as `after`."""
        self._moving[after] = Moving(movement, self._of_beat(span))

    def pass_by(self, movement: Movement, count: int, span: Span) -> None:
        """Something of `count` outlines is gone at the end."""
        self._passing.append(Moving(movement, self._of_beat(span), count, evenly))

    def _of_beat(self, span: Span) -> Span:
        """A span of the phase as one of the beat's motion."""
        start, end = (self._start + share * self._length for share in span)
        # Sums of floats may miss the end of the motion, at which everything has arrived.
        start = min(start, 1.0 - AT_ONCE[1])
        return start, min(1.0, max(end, start + AT_ONCE[1] / 2))

    def passes(self, box: Box) -> bool:
        """Whether what travels goes through a box."""
        return any(
            Box(min(x, x_end), min(y, y_end), max(x, x_end), max(y, y_end)).overlaps(box)
            for way in self.ways
            for (x, y), (x_end, y_end) in pairwise(way)
        )

    def transition(
        self, ground: tuple[Painted, ...], items: tuple[Painted, ...], covers: set[Painted]
    ) -> Transition:
        """All of it, on the way to a tableau of `items`; what travels goes under `covers`."""
        if not self.keeps_order:
            # What moves is drawn last, so that the rest need be drawn only once. The complete
            # cell is drawn in the order of its first picture, so that a loop closes on it.
            items = tuple(sorted(items, key=lambda item: item in self._moving))
        items = tuple(sorted(items, key=lambda item: item in covers))
        under = (self._moving.get(item, item) for item in items if item not in covers)
        over = (self._moving.get(item, item) for item in items if item in covers)
        return Transition(self.beat, (*under, *self._passing, *over), Tableau(ground, items))
