"""Which stills are made of a film: the complete cell, its steps, a sheet of them, a card.

No renderer.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.draw.paper import DEFAULT_PAPER, PAGED, PIXELS, Paper
from gatereel.scenes.export import FORMATS, SHAPES, SHEETS, SINGLE_PICTURE, STILLS
from gatereel.scenes.tell.beats import Beat, Storyboard
from gatereel.scenes.tell.rows import OUT_SUFFIX

_INPUT, _COMPLETE, _OUT = "input", "complete", "-out"
"""What steps without a vector of their own are called in the names of files."""

_FEWEST_DIGITS = 2

WORK_OF_A_STEP = 10
"""Frame times of a film that take about as long as a step's picture, or its panel."""

OnProgress = Callable[[int, int], None]
"""Told the frame times done and those in all; a step's picture counts as some of them."""


@dataclass(frozen=True)
class Stills:
    """What is drawn of a planned film in its place or beside it.

    With `still`, the files of the film hold the complete cell alone. `storyboard` is a sheet of
    steps, on `paper` if it is a PDF; `steps` is a folder for a picture of each step; `card` is a
    picture for social previews.
    """

    still: bool = False
    storyboard: Path | None = None
    steps: Path | None = None
    card: Path | None = None
    paper: Paper = DEFAULT_PAPER


NO_STILLS = Stills()


@dataclass(frozen=True)
class Order:
    """Every file to be made of a planned film: `paths` are the film's, or of the complete cell.

    `stills` come beside the film or in its place. `panels` are the beats on a sheet, `steps` are
    pictures by their beats.
    """

    paths: tuple[Path, ...]
    stills: Stills
    panels: tuple[int, ...]
    steps: Mapping[int, Path]

    @property
    def film(self) -> bool:
        """Whether a film is drawn, or the complete cell alone."""
        return not self.stills.still and any(p.suffix.lower() not in STILLS for p in self.paths)

    @property
    def pictures(self) -> tuple[Path, ...]:
        """Files of frames: those of the film, or of the complete cell alone."""
        return tuple(path for path in self.paths if path.suffix.lower() not in SHAPES)

    @property
    def shapes(self) -> tuple[Path, ...]:
        """Files of the complete cell's outlines."""
        return tuple(path for path in self.paths if path.suffix.lower() in SHAPES)

    @property
    def sheet(self) -> Path | None:
        """The file of a sheet of steps."""
        return self.stills.storyboard

    @property
    def paper(self) -> Paper | None:
        """What a sheet is printed on, where it has pages."""
        has_pages = self.sheet is not None and self.sheet.suffix.lower() == PAGED
        return self.stills.paper if has_pages else None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file."""
        others = (path for path in (self.sheet, self.stills.card) if path is not None)
        return (*self.paths, *others, *self.steps.values())

    @property
    def visited(self) -> frozenset[int]:
        """The beats at whose ends something is drawn."""
        return frozenset(self.panels) | frozenset(self.steps)

    def work(self, frames: int) -> int:
        """What there is to do, in frame times, for a film of `frames`; a still is done at once."""
        pictures = len(self.visited) + len(self.panels)  # which are drawn again on the sheet
        return (frames if self.film else 0) + WORK_OF_A_STEP * pictures


def order_of(storyboard: Storyboard, paths: Sequence[Path], stills: Stills) -> Order:
    """What is to be made, and of which beats."""
    return Order(
        paths=tuple(paths),
        stills=stills,
        panels=() if stills.storyboard is None else sheet_steps(storyboard),
        steps={} if stills.steps is None else step_files(storyboard, stills.steps),
    )


def check_stills(paths: Sequence[Path], stills: Stills) -> None:
    """Raise InputError for a film in the place of a still, and for a format that is not a still's.

    A card is in pixels: social networks take no other pictures.
    """
    for path in paths if stills.still else ():
        suffix = path.suffix.lower()
        if suffix in FORMATS and suffix not in SINGLE_PICTURE:
            raise InputError(
                f"{path} would be a film, but a still was asked for; write "
                f"{one_of(SINGLE_PICTURE)} instead."
            )
    sheet = stills.storyboard
    if sheet is not None and sheet.suffix.lower() not in SHEETS:
        raise InputError(f"{sheet}: a storyboard is one of {one_of(SHEETS)}.")
    card = stills.card
    if card is not None and card.suffix.lower() != PIXELS:
        raise InputError(f"{card}: a card is a {PIXELS}; name it so.")


def step_files(storyboard: Storyboard, folder: Path) -> Mapping[int, Path]:
    """The file of each step by its beat's number: "lstm-02-t1-hx.png". Their names sort.

    The film opens and closes on the same picture, which is the last step.
    """
    steps = range(1, len(storyboard.beats))
    digits = max(_FEWEST_DIGITS, len(str(steps[-1])))
    cell = storyboard.cell.name
    return {
        step: folder / f"{cell}-{step:0{digits}}-t{beat.timestep}-{_what(beat)}{PIXELS}"
        for step, beat in ((step, storyboard.beats[step]) for step in steps)
    }


def sheet_steps(storyboard: Storyboard) -> tuple[int, ...]:
    """The beats on a sheet: all of the first timestep, how each later one begins and ends.

    The complete cell comes last. It has the numbers of the last timestep, and stands for its end
    if that is a later one.
    """
    beats = storyboard.beats
    last = len(beats) - 1
    if storyboard.goes_back:
        loss = next(step for step in range(1, last) if beats[step].kind == "loss")
        explained = [
            step for step in range(loss, last) if beats[step].timestep == beats[loss].timestep
        ]
        returning = [step for step in range(1, last) if beats[step].kind == "before"]
        return tuple(sorted({*explained, *returning, last - 1, last}))
    first = [step for step in range(1, last) if beats[step].timestep == beats[1].timestep]
    begins = [step for step in range(1, last) if beats[step].kind == "return"]
    ends = [step - 1 for step in begins[1:]]
    return tuple(sorted({*first, *begins, *ends, last}))


def _what(beat: Beat) -> str:
    match beat.kind:
        case "begin" | "return":
            return _INPUT
        case "complete":
            return _COMPLETE
        case "forward" | "loss" | "before":
            return beat.kind
        case "back":
            return "back-" + beat.sends[0].source.removesuffix(OUT_SUFFIX).lower()
        case "compute" | "leave":
            name = beat.appears[-1]
            is_out = name.endswith(OUT_SUFFIX)
            return (name.removesuffix(OUT_SUFFIX) + _OUT * is_out).lower()
