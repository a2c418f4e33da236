"""A film drawn by two processes: one draws its beginning, a copy of it the end, at the same time.

    with Halves(planned) as halves:
        from gatereel.scenes.play.manim_player import draw_film

        with encoding(...) as files:
            draw_film(planned, files.write, halves.beginning())
            halves.follow(files, advance)

What a frame shows hangs on its beat alone, so the frames are the same, in the same order. The copy
draws without manim, and so has begun while manim is imported here.
"""

import pickle
from collections.abc import Callable, Iterator
from itertools import accumulate, islice
from mmap import mmap
from types import TracebackType
from typing import IO, Self

from gatereel.rnn_math.beside import Beside, CopyError
from gatereel.scenes.draw.pixels import Frame
from gatereel.scenes.draw.tableau import Transition
from gatereel.scenes.draw.transitions import transitions
from gatereel.scenes.draw.typeset import has_begun
from gatereel.scenes.export import Files
from gatereel.scenes.export.changes import Differ
from gatereel.scenes.export.store import packed, unpacked
from gatereel.scenes.plan import Plan
from gatereel.scenes.play.cairo_film import frames

WORTHWHILE = 60
"""Pictures from which on a film is drawn by two: a copy takes as long to be made as some."""

AHEAD = 20
"""Pictures that the copy draws while manim is imported here."""


def can_halve(planned: Plan) -> bool:
    """Whether a film is long enough, and a copy of this process could set text."""
    return planned.pictures >= WORTHWHILE and not has_begun()


_COUNT_BYTES = 8


class Halves:
    """The halves of a planned film; the second one is drawn from now on."""

    def __init__(self, planned: Plan) -> None:
        self._planned = planned
        self._first = _middle(planned)
        self._drawn = mmap(-1, _COUNT_BYTES)
        """Frame times that the copy has drawn, where both processes see it."""
        self._end = Beside(self._draw_end)

    def beginning(self) -> Iterator[Transition]:
        """The beats of the first half."""
        return islice(transitions(self._planned), self._first)

    def follow(self, files: Files, advance: Callable[[int], None]) -> None:
        """Add the second half to files that have the first; `advance` is told frame times done."""
        told = 0

        def tell() -> None:
            nonlocal told
            drawn = int.from_bytes(self._drawn[:], "little")
            advance(drawn - told)
            told = drawn

        try:
            file = self._end.file(tell)
        except CopyError:  # for want of memory, perhaps: it takes longer, and that is all
            from gatereel.scenes.play.manim_player import draw_film

            done = told

            def take(frame: Frame, count: int) -> None:
                nonlocal done
                files.write(frame, count)
                advance(max(0, count - done))
                done = max(0, done - count)

            draw_film(self._planned, take, transitions(self._planned, self._first))
            return
        tell()
        while True:
            try:
                box, data, count = pickle.load(file)
            except EOFError:
                return
            files.follow(None if box is None else unpacked(box, data, count), count)

    def _draw_end(self, file: IO[bytes]) -> None:
        planned, drawn = self._planned, 0
        beats = transitions(planned, self._first - 1)
        pictures = frames(planned, beats, next(beats).after)
        differ = Differ(planned.height, planned.width, keeps_alpha=planned.transparent)
        differ.compare(*next(pictures))
        for frame, count in pictures:
            change = differ.compare(frame, count)
            box, data = (None, b"") if change is None else (change.box, packed(change))
            pickle.dump((box, data, count), file)
            drawn += count
            self._drawn[:] = drawn.to_bytes(_COUNT_BYTES, "little")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end.__exit__(kind, error, trace)
        self._drawn.close()


def _middle(planned: Plan) -> int:
    """The beat with which the second half begins, by what there is to draw meanwhile."""
    beats = planned.storyboard.beats
    done = list(accumulate(beat.pictures(planned.fps, planned.each) for beat in beats))
    first = next(i for i, pictures in enumerate(done) if 2 * pictures >= done[-1] - AHEAD)
    return min(max(first, 1), len(beats) - 1)
