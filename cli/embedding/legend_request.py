"""The words of a directive that asks for the legend, read as the options of `gatereel legend`.

    <!-- gatereel: legend lstm gru --lang vi -->

`legend` is the first word, as it is for the command.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import click

from gatereel.cli.embedding.reading_options import Reading, reading_options
from gatereel.cli.options.common import (
    LEGEND,
    cells_argument,
    language_option,
    theme_option,
    transparent_option,
)
from gatereel.cli.options.look import place_option
from gatereel.rnn_math import Cell, InputError
from gatereel.rnn_math.counting import in_words
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


def asks_for_legend(words: Sequence[str]) -> bool:
    """Whether a directive of these words shows the legend."""
    return bool(words) and words[0].lower() == LEGEND


def with_defaults(defaults: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """A directive's words with those that hold for all; its own come last and count.

    Of options for all, a legend gets those that it has: a film's are no mistake of its author.
    """
    if not asks_for_legend(words):
        return (*defaults, *words)
    own = (word for option in _own(defaults) for word in option)
    return (words[0], *own, *words[1:])


def check_legend_options(words: Sequence[str]) -> None:
    """Raise InputError, which names it, for an option of cells that makes no sense for a legend."""
    options = _options()
    for word in words:
        name = word.partition("=")[0]
        if name.startswith("--") and name not in options:
            raise InputError(
                f"{name} is not for a legend; its options are {in_words(options)}. Leave it out."
            )


def _options() -> dict[str, click.Parameter]:
    """The legend's options by every name that they have."""
    return {
        name: option
        for option in legend_directive.params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }


def _own(defaults: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Those options of `defaults` that a legend takes, each with its value if it has one."""
    options = _options()
    words = list(defaults)
    while words:
        name = words.pop(0)
        values = []
        while words and not words[0].startswith("--"):
            values.append(words.pop(0))
        option = options.get(name)
        choice = option.type if option is not None else None
        refused = isinstance(choice, click.Choice) and not set(values) <= set(choice.choices)
        if option is not None and not refused:
            yield (name, *values)
