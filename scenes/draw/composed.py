"""A page that holds more than the cell: the cell at its place, a close-up, words.

    Composer(planned, box).around(transition) -> the same beat as the page shows it

On a reference page the cell's own transitions are the film, and nothing here is used.
"""

from collections.abc import Callable, Iterable

from gatereel.scenes.draw.closeup import Part, closeup_parts, ground
from gatereel.scenes.draw.motion import AT_THE_END, come, grow
from gatereel.scenes.draw.page_words import page_words
from gatereel.scenes.draw.painted import Painted, Style
from gatereel.scenes.draw.tableau import Moving, Span, Tableau, Transition
from gatereel.scenes.draw.typeset import Typesetter
from gatereel.scenes.lay_out.geometry import Box
from gatereel.scenes.lay_out.page import Page
from gatereel.scenes.plan import Plan
from gatereel.scenes.tell.beats import Beat
from gatereel.scenes.tell.closeup import Rows
from gatereel.scenes.tell.weights import largest_weight

_GROWING: Span = (0.0, 0.6)


class Composer:
    """Puts a page together, beat by beat, with close-ups in a box."""

    def __init__(self, planned: Plan, box: Box) -> None:
        self._planned = planned
        self._page: Page = planned.page
        self._box = box
        self._placing = _Placing(self._page)
        self._typesetter = Typesetter()
        self._largest = largest_weight(planned.weights)
        self._ground: tuple[tuple[Painted, ...], tuple[Painted, ...]] | None = None

    def around(self, transition: Transition) -> Transition:
        """A beat of the cell as the page shows it, with its close-up and its words."""
        before, after = transition.items, transition.after
        placed = self._placing.keep((*after.ground, *after.items))
        items: list[Painted | Moving] = [
            self._placing.moving(item) if isinstance(item, Moving) else placed[item]
            for item in before
        ]
        stands = [placed[item] for item in after.items]
        for part in self._closeup(transition.beat):
            stands.append(part.painted)
            items.append(_moving(part) if part.how != "stands" else part.painted)
        told = self._words(transition.beat)
        return Transition(
            transition.beat,
            (*items, *told),
            Tableau(self._grounds(after.ground), (*stands, *told)),
        )

    def _grounds(self, cell: tuple[Painted, ...]) -> tuple[Painted, ...]:
        """What always stands there: the same object as long as the cell's own is."""
        if self._ground is None or self._ground[0] is not cell:
            placed = self._placing.kept
            behind = ground(self._box, self._planned.theme)
            self._ground = cell, (*(placed[item] for item in cell), behind)
        return self._ground[1]

    def _closeup(self, beat: Beat) -> tuple[Part, ...]:
        if beat.closeup is None:
            return ()
        return closeup_parts(
            beat.closeup,
            self._box,
            self._page.unit,
            self._planned.theme,
            self._planned.language,
            self._typesetter,
            largest_weight=self._largest,
            levels=self._planned.levels,
        )

    def _words(self, beat: Beat) -> tuple[Painted, ...]:
        spots = self._page.words
        if spots is None:
            return ()
        # Of several that are told at once, no equation is the step's.
        is_several = isinstance(beat.closeup, Rows) and beat.closeup.by_name
        return page_words(
            beat.telling, spots, self._planned.theme, self._typesetter, equation=not is_several
        )


def _moving(part: Part) -> Moving:
    if part.how == "grows" and part.shape is not None:
        return Moving(grow(part.shape, part.painted), _GROWING)
    return Moving(come(part.painted), AT_THE_END)


class _Placing:
    """Outlines of the cell as they lie on the page: what stays the same object, stays one here."""

    def __init__(self, page: Page) -> None:
        self._scale, self._corner = page.scale, (page.x, page.y)
        self._is_as_it_is = (page.scale, page.x, page.y) == (1.0, 0.0, 0.0)
        self.kept: dict[Painted, Painted] = {}

    def keep(self, painted: Iterable[Painted]) -> dict[Painted, Painted]:
        """Where each of them lies; what is not among them any more is forgotten."""
        self.kept = {item: self.kept.get(item) or self._placed(item) for item in painted}
        return self.kept

    def moving(self, moving: Moving) -> Moving:
        """The same motion on the page."""
        movement, kept = moving.movement, self.kept
        place: Callable[[Painted], Painted] = self._placed

        def at(progress: float) -> tuple[Painted, ...]:
            return tuple(kept.get(item) or place(item) for item in movement(progress))

        return Moving(at, moving.span, moving.count, moving.ease)

    def _placed(self, item: Painted) -> Painted:
        if self._is_as_it_is:
            return item
        style = Style(item.style.fill, item.style.stroke, item.style.width * self._scale)
        return Painted(item.outline * self._scale + self._corner, style)
