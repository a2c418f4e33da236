"""A film or stills of it, as the command `gatereel render` draws them among many."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from gatereel.cli.drawing.task import Elsewhere
from gatereel.cli.renderer import load_renderer
from gatereel.cli.terminal.report import each_step
from gatereel.rnn_math.files.traces import Advance
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.stills import Stills

if TYPE_CHECKING:
    from gatereel.scenes.export import Written
    from gatereel.scenes.plan import Plan


@dataclass(frozen=True, eq=False)
class FilmPicture:
    """A planned film, and the stills beside it or in its place."""

    plan: "Plan"
    stills: Stills

    @cached_property
    def fingerprint(self) -> str:
        """What its files carry: the plan's, and with stills what these are."""
        from gatereel.scenes.fingerprint import fingerprint

        mark = fingerprint(self.plan)
        if self.is_film_alone:
            return mark
        named = (self.stills.storyboard, self.stills.steps, self.stills.card)
        names = ["" if path is None else path.name for path in named]
        parts = (mark, str(self.stills.still), str(self.stills.paper), *names)
        return sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()

    @property
    def is_film_alone(self) -> bool:
        """Whether there are no stills but those whose suffix says it."""
        stills = self.stills
        others = (stills.storyboard, stills.steps, stills.card)
        return not stills.still and all(path is None for path in others)

    def moved(self, elsewhere: Elsewhere) -> Self:
        """The same, its stills elsewhere."""
        stills = self.stills
        return replace(
            self,
            stills=replace(
                stills,
                storyboard=stills.storyboard and elsewhere.file(stills.storyboard),
                steps=stills.steps and elsewhere.folder(stills.steps),
                card=stills.card and elsewhere.file(stills.card),
            ),
        )

    def draw(self, paths: Sequence[Path], advance: Advance) -> "tuple[Written, ...]":
        """Draw all of it in one go."""
        from gatereel.scenes.fingerprint import marked
        from gatereel.scenes.render import check_outputs, render_plan

        planned = marked(self.plan, self.fingerprint)
        order = check_outputs(planned, paths, self.stills)
        return render_plan(planned, order, progress=each_step(advance), load_manim=load_renderer)
