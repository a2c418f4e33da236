"""The options for stills: the complete cell alone, a sheet of steps, each step, a card."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.common import ALL
from gatereel.cli.options.look import LookOptions
from gatereel.cli.options.targets import folders_for, names_folder, target
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.paper import DEFAULT_PAPER, PAPERS, Paper
from gatereel.scenes.export import SHEETS, SINGLE_PICTURE

if TYPE_CHECKING:
    from gatereel.scenes.stills import Stills

_STILL_SUFFIX = ".png"
_SHEET_ENDING = "-storyboard.png"
"""Added to a cell's name where only the folder of its sheet is named."""
_CARD_ENDING = "-card.png"
"""The same of its card."""

_PAGED = ".pdf"
_STORYBOARD, _STEPS, _CARD = "--storyboard", "--steps", "--card"


@dataclass(frozen=True)
class StillOptions:
    """The options as the user gave them; None for those left out."""

    still: bool = False
    storyboard: str | None = None
    steps: str | None = None
    paper: Paper | None = None
    card: str | None = None

    def check(self, look: LookOptions, outputs: Sequence[str], *, every_cell: bool) -> None:
        """Raise InputError for options that do not go together."""
        sheets = self.storyboard is not None or self.steps is not None
        self._check_film_options(look, sheets=sheets, film=not self.still and bool(outputs))
        if self.steps == "":
            raise InputError(f"{_STEPS} is empty; name a folder, such as steps/.")
        for option, output in ((_STORYBOARD, self.storyboard), (_CARD, self.card)):
            if every_cell and output and not names_folder(output):
                raise InputError(
                    f"{option} {output} is one file, but '{ALL}' writes one a cell; "
                    "name a folder, such as sheets/."
                )
        if self.paper is not None and not (self.storyboard or "").lower().endswith(_PAGED):
            raise InputError(
                f"--paper is for the pages of a storyboard in {_PAGED}; give it with "
                f"{_STORYBOARD} FILE{_PAGED}."
            )

    def _check_film_options(self, look: LookOptions, *, sheets: bool, film: bool) -> None:
        """The pace decides how much a step tells; all else is for a film alone."""
        if film or not (self.still or sheets or self.card is not None):
            return
        given = {"--fps": look.fps is not None, "--once": look.once}
        if not sheets:
            given["--pace"] = look.pace is not None
        for option, is_given in given.items():
            if is_given:
                raise InputError(f"{option} is for a film, and none is drawn here; leave it out.")

    def outputs(self, outputs: Sequence[str], name: str, default_suffix: str) -> tuple[Path, ...]:
        """The files of a cell that `-o` names, or the one that is written without."""
        default = name + (_STILL_SUFFIX if self.still else default_suffix)
        others = (self.storyboard, self.steps, self.card)
        nothing_else = self.still or all(other is None for other in others)
        alone = (Path(default),) if nothing_else else ()
        return tuple(target(output, default) for output in outputs) or alone

    def suffixes(self, outputs: Sequence[str], default_suffix: str) -> tuple[str, ...]:
        """In small letters, those of the files that `-o` names; of stills alone, theirs."""
        paths = self.outputs(outputs, ALL, default_suffix)
        return tuple(path.suffix.lower() for path in paths) or (_STILL_SUFFIX,)

    def stills(self, name: str) -> "Stills":
        """What the scenes take, for a cell."""
        from gatereel.scenes.stills import Stills

        return Stills(
            still=self.still,
            storyboard=None
            if self.storyboard is None
            else target(self.storyboard, name + _SHEET_ENDING, option=_STORYBOARD),
            steps=None if self.steps is None else Path(self.steps),
            paper=self.paper or DEFAULT_PAPER,
            card=None
            if self.card is None
            else target(self.card, name + _CARD_ENDING, option=_CARD),
        )

    @contextmanager
    def folders(self) -> Iterator[None]:
        """Create the folders that are named, as `folders_for` does."""
        sheets = [] if self.storyboard is None else [self.storyboard]
        # What is named here is a folder, with or without a slash at its end.
        steps = [] if self.steps is None else [f"{self.steps}/"]
        cards = [] if self.card is None else [self.card]
        with (
            folders_for(sheets, option=_STORYBOARD),
            folders_for(steps, option=_STEPS),
            folders_for(cards, option=_CARD),
        ):
            yield


_OPTIONS = (
    click.option(
        "--still",
        is_flag=True,
        help="The complete cell as one picture, and no film. Default: CELL.png here; with -o "
        f"{one_of(SINGLE_PICTURE)}.",
    ),
    click.option(
        _STORYBOARD,
        metavar="FILE",
        help=f"A sheet of numbered panels, one a step: {one_of(tuple(SHEETS))}. A folder gets "
        f"CELL{_SHEET_ENDING}. Without -o no film is drawn.",
    ),
    click.option(
        _STEPS,
        metavar="FOLDER",
        help="A PNG of each step, such as lstm-02-t1-hx.png. Without -o no film is drawn.",
    ),
    click.option(
        "--paper",
        type=click.Choice(PAPERS),
        help=f"Of a storyboard in {_PAGED}. Default: {DEFAULT_PAPER}.",
    ),
    click.option(
        _CARD,
        metavar="FILE",
        help="A PNG of 1200 x 630 pixels for social previews: the complete cell beside its name. "
        f"A folder gets CELL{_CARD_ENDING}. Without -o no film is drawn.",
    ),
)

still_options = collecting(
    "stills", StillOptions, _OPTIONS, [field.name for field in fields(StillOptions)]
)
"""Gives a command the options for stills, which it gets together as `stills`."""
