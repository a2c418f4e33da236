"""From beats to tableaux: which parts stand on the stage, in which look, with which numbers.

    transitions(planned) -> one Transition a beat
    still_of(planned) -> Tableau

Each beat's acts bring the stage from one tableau to the next. No renderer: outlines, styles and
functions of progress come out of it.
"""

from collections.abc import Callable, Iterator

from gatereel.scenes.draw.composed import Composer
from gatereel.scenes.draw.stage import Stage
from gatereel.scenes.draw.tableau import Tableau, Transition
from gatereel.scenes.draw.title_card import title_card
from gatereel.scenes.plan import Plan

_AHEAD = 12
"""Beats whose words are set in one run."""


def transitions(planned: Plan, first: int = 0) -> Iterator[Transition]:
    """The beats of a film from the `first` on, one after the other."""
    stage, page = Stage(planned), _around(planned)
    beats = planned.storyboard.beats
    for beat in beats[:first]:
        stage.play(beat, tells=False)
    typeset = first
    for i, beat in enumerate(beats[first:], first):
        if i == typeset:
            # The first alone, so that whoever waits for it has it soon.
            typeset = i + (1 if i == first else _AHEAD)
            stage.typeset(beats[i:typeset])
        transition = page(stage.play(beat))
        is_opening = beat is beats[0]
        yield _titled(transition, planned) if is_opening and planned.title else transition


def _titled(transition: Transition, planned: Plan) -> Transition:
    """The opening picture with its title card."""
    card, after = title_card(planned), transition.after
    tableau = Tableau(after.ground, (*after.items, *card))
    return Transition(transition.beat, (*transition.items, *card), tableau)


def still_of(planned: Plan) -> Tableau:
    """The complete cell alone."""
    # What waits is as pale as the theme's background, which would shine through at the edges
    # of the complete cell where another page is behind.
    stage = Stage(planned, shows_waiting=not planned.transparent)
    return _around(planned)(stage.play(planned.storyboard.still)).after


def _around(planned: Plan) -> Callable[[Transition], Transition]:
    """What makes a page of a beat; nothing is to do where the cell is all of it."""
    box = planned.page.closeup
    if box is None:
        return lambda transition: transition
    return Composer(planned, box).around
