"""Make all files of a planned film in one go: film, still, steps, sheet and card."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from gatereel.scenes.draw.card import card_page, plan_card
from gatereel.scenes.draw.pages import DrawnPage, Group
from gatereel.scenes.draw.sheet import Panel, sheet_pages
from gatereel.scenes.draw.tableau import Tableau, Transition
from gatereel.scenes.draw.transitions import still_of, transitions
from gatereel.scenes.export import Film, Frame, Written, encoding, write_pages
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.cairo_player import Steps
from gatereel.scenes.stills import WORK_OF_A_STEP, OnProgress, Order
from gatereel.scenes.tell import words
from gatereel.scenes.tell.metadata import mark_in, with_mark
from gatereel.scenes.tell.tempo import CLOSING_HOLD
from gatereel.scenes.theme.theme import rgb


def film_of(planned: Plan) -> Film:
    """What the encoders must know."""
    theme = planned.theme
    roles = {disc.role for row in planned.layout.rows.values() for disc in row.discs}
    return Film(
        width=planned.width,
        height=planned.height,
        fps=planned.fps,
        background=rgb(theme.background),
        exact_colours=theme.exact_colours(roles),
        loop=planned.loop,
        metadata=planned.metadata,
        transparent=planned.transparent,
    )


class Making:
    """Makes the files of an `order`; `temporaries` says where each of them lies so far."""

    def __init__(
        self,
        planned: Plan,
        order: Order,
        temporaries: Mapping[Path, Path],
        progress: OnProgress | None,
        *,
        by_two: bool = False,
        load_manim: Callable[[], None] | None = None,
    ) -> None:
        self._planned = planned
        self._film = replace(film_of(planned), by_two=by_two)
        self._order = order
        self._temporaries = temporaries
        self._progress = progress
        self._done = 0
        self._load_manim = load_manim
        self._steps = Steps(planned)
        self._panels: list[Panel] = []
        self._made: dict[Path, Written] = {}

    def make(self) -> dict[Path, Written]:
        """Write every file. Raises OSError, which names it, where one cannot be written."""
        order = self._order
        if order.film:
            self._write_film(order.pictures)
        elif order.visited:
            deque(self._beats(), maxlen=0)
        if order.shapes or (order.pictures and not order.film):
            self._write_still(still_of(self._planned))
        if order.sheet is not None:
            self._write_sheet(order.sheet)
        if order.stills.card is not None:
            card = plan_card(self._planned)
            metadata = self._with_mark(card.metadata)
            self._write_pages(order.stills.card, [card_page(card)], metadata)
        return self._made

    def _beats(self) -> Iterator[Transition]:
        """Every beat; what the order wants of its end is kept when it has been played."""
        for number, transition in enumerate(transitions(self._planned)):
            yield transition
            self._keep(number, transition.after)

    def _keep(self, number: int, tableau: Tableau) -> None:
        order = self._order
        if number in order.steps:
            self._write_frame(self._steps.frame(tableau), [order.steps[number]])
        if number in order.panels:
            telling = self._planned.storyboard.beats[number].telling
            self._panels.append(Panel(tableau.painted, telling))
        if number in order.visited:
            self._advance(WORK_OF_A_STEP)

    def _write_film(self, paths: Sequence[Path]) -> None:
        from gatereel.scenes.play.halves import Halves, can_halve

        planned = self._planned
        # The copy first: manim takes long to import, and encoders may begin threads.
        with ExitStack() as stack:
            by_two = self._film.by_two and not self._order.visited and can_halve(planned)
            halves = stack.enter_context(Halves(planned)) if by_two else None
            if self._load_manim is not None:
                self._load_manim()
            # Only now: manim takes longer to import than a still to draw.
            from gatereel.scenes.play.manim_player import draw_film

            files = stack.enter_context(encoding(self._lying(paths), self._film))

            def take(frame: Frame, count: int) -> None:
                files.write(frame, count)
                self._advance(count)

            draw_film(planned, take, self._beats() if halves is None else halves.beginning())
            if halves is not None:
                halves.follow(files, self._advance)
        self._made.update((file.path, file) for file in files.written)

    def _write_still(self, still: Tableau) -> None:
        """The complete cell alone, in pixels where there is no film to end on it, and as shapes."""
        order, planned = self._order, self._planned
        if order.pictures and not order.film:
            self._write_frame(self._steps.frame(still), order.pictures)
        if order.shapes:
            shown = planned.page
            scale = planned.width / shown.width
            group = Group.seen(still.painted)
            page = DrawnPage(shown.width, shown.height, (group,), planned.backdrop, scale)
            for path in order.shapes:
                self._write_pages(path, [page], planned.metadata)

    def _write_sheet(self, path: Path) -> None:
        planned = self._planned
        pages = sheet_pages(planned, self._panels, self._order.paper)
        title = words.sheet_title(planned.storyboard.cell, planned.language)
        self._write_pages(path, pages, {**planned.metadata, "title": title})
        self._advance(WORK_OF_A_STEP * len(self._panels))

    def _write_frame(self, frame: Frame, paths: Sequence[Path]) -> None:
        """Write one picture; a format of films shows it as long as a film shows its last."""
        with encoding(self._lying(paths), self._film) as files:
            files.write(frame, round(CLOSING_HOLD * self._film.fps))
        self._made.update((file.path, file) for file in files.written)

    def _write_pages(
        self, path: Path, pages: Sequence[DrawnPage], metadata: Mapping[str, str]
    ) -> None:
        self._made[path] = write_pages(path, self._temporaries[path], pages, metadata)

    def _with_mark(self, metadata: Mapping[str, str]) -> Mapping[str, str]:
        """The same, with the mark of the film's files if they have one."""
        mark = mark_in(self._planned.metadata.get("comment", ""))
        if mark is None:
            return metadata
        return {**metadata, "comment": with_mark(metadata.get("comment", ""), mark)}

    def _lying(self, paths: Sequence[Path]) -> dict[Path, Path]:
        return {path: self._temporaries[path] for path in paths}

    def _advance(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._order.work(self._planned.frames))
