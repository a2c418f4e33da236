"""Draw a planned film once for all files that are made of it: film, still, steps and sheet.

This loads the renderer, which takes longer than all checks: it is imported last.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from scenes import words
from scenes.export import Frame, Group, Page, Written, encoding, write_pages
from scenes.film import View, draw_film, draw_steps, draw_still, paint_still
from scenes.render import Plan, Progress
from scenes.sheet import Panel, sheet_pages
from scenes.stills import WORK_OF_A_STEP, Order
from scenes.tempo import CLOSING_HOLD


class Making:
    """Makes the files of an `order`; `temporaries` says where each of them lies so far."""

    def __init__(
        self,
        planned: Plan,
        order: Order,
        temporaries: Mapping[Path, Path],
        progress: Progress | None,
    ) -> None:
        self._planned = planned
        self._film = planned.film()
        self._order = order
        self._temporaries = temporaries
        self._progress = progress
        self._done = 0
        self._panels: list[Panel] = []
        self._made: dict[Path, Written] = {}

    def make(self) -> dict[Path, Written]:
        """Write every file. Raises OSError, which names it, where one cannot be written."""
        order, planned = self._order, self._planned
        if order.film:
            self._write_film(order.pictures)
        else:
            if order.pictures:
                self._write_frame(draw_still(planned), order.pictures)
            if order.visited:
                draw_steps(planned, self._reached)
        if order.shapes:
            layout = planned.layout
            scale = planned.width / layout.width
            still = Group.seen(paint_still(planned))
            page = Page(layout.width, layout.height, (still,), planned.backdrop, scale)
            for path in order.shapes:
                self._write_pages(path, [page], planned.metadata)
        if order.sheet is not None:
            pages = sheet_pages(planned, self._panels, order.paper)
            title = words.sheet_title(planned.storyboard.cell, planned.language)
            self._write_pages(order.sheet, pages, {**planned.metadata, "title": title})
            self._advance(WORK_OF_A_STEP * len(order.panels))
        return self._made

    def _write_film(self, paths: Sequence[Path]) -> None:
        with encoding(self._lying(paths), self._film) as files:

            def take(frame: Frame, count: int) -> None:
                files.write(frame, count)
                self._advance(count)

            draw_film(self._planned, take, self._reached if self._order.visited else None)
        self._made.update((file.path, file) for file in files.written)

    def _reached(self, number: int, view: View) -> None:
        """Keep what the order wants of a beat's end."""
        order = self._order
        if number in order.steps:
            self._write_frame(view.frame(), [order.steps[number]])
        if number in order.panels:
            telling = self._planned.storyboard.beats[number].telling
            self._panels.append(Panel(view.painted(), telling))
        if number in order.visited:
            self._advance(WORK_OF_A_STEP)

    def _write_frame(self, frame: Frame, paths: Sequence[Path]) -> None:
        """Write one picture; a format of films shows it as long as a film shows its last."""
        with encoding(self._lying(paths), self._film) as files:
            files.write(frame, round(CLOSING_HOLD * self._film.fps))
        self._made.update((file.path, file) for file in files.written)

    def _write_pages(self, path: Path, pages: Sequence[Page], metadata: Mapping[str, str]) -> None:
        self._made[path] = write_pages(path, self._temporaries[path], pages, metadata)

    def _lying(self, paths: Sequence[Path]) -> dict[Path, Path]:
        return {path: self._temporaries[path] for path in paths}

    def _advance(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(self._done, self._order.work(self._planned.frames))
