"""Which pictures a command or a line of a batch file asks for: every combination, one by one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.options.common import ALL, cells_or_all_argument, check_cell_given
from gatereel.cli.options.look import LookOptions, many_look_options
from gatereel.cli.options.selection import Selection, selection_options
from gatereel.cli.options.sources import STANDARD_INPUT, Source, many_source_options
from gatereel.cli.options.stills import StillOptions, still_options
from gatereel.rnn_math import CELLS, InputError
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.tell.language import Language
    from gatereel.scenes.theme.theme import Theme

BATCH_FILES = (".toml", ".csv", ".jsonl")
"""Suffixes of files that ask for many pictures."""

output_option = click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="File to write, may be given several times: .gif, .mp4, .webm, .webp, or .png, .svg and "
    ".pdf for the complete cell as a still. A folder, such as media/, gets CELL.gif and is made if "
    "need be. {cell}, {theme}, {lang}, {layout}, {weights}, {layer}, {seed} and {n} stand for what "
    "a picture has. Default: CELL.gif here.",
)


def picture_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the cells and all options that say what pictures are like."""
    options = (
        cells_or_all_argument,
        output_option,
        still_options,
        many_source_options,
        selection_options,
        many_look_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, eq=False)
class GivenOptions:
    """The options as they were given; with several cells, models, themes or languages."""

    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    stills: StillOptions
    source: Source
    models: tuple[Path, ...]
    selection: Selection
    look: LookOptions
    themes: "tuple[Theme, ...]"
    languages: "tuple[Language, ...]"

    @property
    def every_cell(self) -> bool:
        """Whether all cells are asked for, by one word."""
        return self.cells == (ALL,)


@dataclass(frozen=True, eq=False)
class PictureRequest:
    """One picture; None for what is left open."""

    cell: str | None
    outputs: tuple[str, ...]
    stills: StillOptions
    source: Source
    selection: Selection
    look: LookOptions
    where: str = ""
    """The line of a batch file that asks for it."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """In small letters, those of its files."""
        return self.stills.suffixes(self.outputs, self.look.suffix)


def pictures(asked: GivenOptions, where: str = "") -> list[PictureRequest]:
    """Every combination of cells, models, themes and languages; see `check_asked`."""
    check_asked(asked)
    names = tuple(CELLS) if asked.every_cell else asked.cells
    return [
        PictureRequest(
            cell,
            asked.outputs,
            asked.stills,
            replace(asked.source, weights=model),
            asked.selection,
            replace(asked.look, theme=theme, language=language),
            where,
        )
        for cell, model, theme, language in product(
            names or (None,),
            asked.models or (None,),
            asked.themes or (None,),
            asked.languages or (None,),
        )
    ]


def check_asked(asked: GivenOptions) -> None:
    """Raise InputError, or a usage error, for options that do not go together."""
    for cell in asked.cells or (None,):
        check_cell_given(cell, _first(asked.models), all_accepted=True)
    asked.stills.check(asked.look, asked.outputs, every_cell=asked.every_cell)
    if asked.every_cell and asked.models:
        raise InputError(
            f"{asked.models[0]} holds the parameters of one cell; name that cell instead of "
            f"'{ALL}'."
        )


def check_standard_input(requests: Sequence[PictureRequest]) -> None:
    """Raise InputError where several pictures would read the standard input, which ends."""
    reading = [each for each in requests if STANDARD_INPUT in (each.source.inputs, _weights(each))]
    if len(requests) > 1 and reading:
        raise InputError("The standard input can be read for one picture alone; name a file.")


def _weights(request: PictureRequest) -> Path | None:
    return request.source.weights


def _first(models: Sequence[Path]) -> Path | None:
    return models[0] if models else None
