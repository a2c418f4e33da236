"""The words of a directive that asks for the legend, read as the options of `gatereel legend`.

    <!-- gatereel: legend lstm gru --lang vi -->

`legend` is the first word, as it is for the command.
"""

from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from gatereel.cli.embedding.reading_options import Reading, reading_options
from gatereel.cli.options.common import (
    cells_argument,
    language_option,
    theme_option,
    transparent_option,
)
from gatereel.cli.options.look import place_option
from gatereel.rnn_math import Cell
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.places import MarkupStyle, Place

if TYPE_CHECKING:
    from gatereel.scenes.tell.language import Language
    from gatereel.scenes.theme.theme import Theme

Format = Literal["png", "svg"]
FORMATS: tuple[Format, ...] = get_args(Format)

STYLES: tuple[MarkupStyle, ...] = ("picture", "markdown")
"""Of a picture that does not move."""


@dataclass(frozen=True, eq=False)
class LegendRequest:
    """What a directive asks for; None for what it leaves open, and no cells for its post's."""

    cells: tuple[Cell, ...]
    format: Format
    width: int | None
    theme: "Theme | None"
    language: "Language | None"
    transparent: bool
    place: Place | None
    style: MarkupStyle | None
    caption: bool
    reading: Reading


@click.command(add_help_option=False)
@cells_argument
@click.option("--format", type=click.Choice(FORMATS), default=FORMATS[0])
@click.option("--width", type=int)
@theme_option
@language_option
@transparent_option
@place_option
@click.option("--style", type=click.Choice(STYLES))
@click.option("--caption/--no-caption", default=True)
@reading_options
def legend_directive(**values: Any) -> LegendRequest:
    """Read a directive's words behind `legend`."""
    return LegendRequest(**values)
