"""The words of a directive, read as the options of `gatereel render` and a few of their own."""

from collections.abc import Sequence
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from cli.excerpts import Selection, selection_options
from cli.look import Look, look_options
from cli.options import cell_argument, read_theme
from cli.sources import STANDARD_INPUT, Source, source_options
from rnn_math import InputError
from scenes.places import Style

if TYPE_CHECKING:
    from scenes.theme import Theme

STYLES: tuple[Style, ...] = get_args(Style)

DEFAULT_STYLE = STYLES[0]


@dataclass(frozen=True, eq=False)
class Request:
    """What a directive asks for; None for what it leaves open."""

    cell: str | None
    source: Source
    selection: Selection
    look: Look
    style: Style | None
    caption: bool
    still: bool
    dark: "Theme | None"
    """For readers of dark pages, where the default would not do."""


style_help = f"Markup: <picture>, <video>, or an image in Markdown alone. Default: {DEFAULT_STYLE}."
caption_help = "With or without a caption that names what is shown and credits the picture."
dark_help = (
    "The theme for readers of dark pages. Default: dark, beside the illustrated theme; beside "
    "another one, none."
)


@click.command(add_help_option=False)
@cell_argument()
@source_options
@selection_options
@look_options
@click.option("--style", type=click.Choice(STYLES))
@click.option("--caption/--no-caption", default=True)
@click.option("--dark", callback=read_theme)
@click.option("--still", is_flag=True)
def _directive(**values: Any) -> Request:
    """Read a directive."""
    return Request(**values)


def read_request(words: Sequence[str], folder: Path) -> Request:
    """What a directive's words ask for. Files that they name are looked for from `folder`.

    Raises InputError for words that cannot be used.
    """
    try:
        with chdir(folder), _directive.make_context("gatereel:", list(words)) as context:
            request: Request = _directive.invoke(context)
    except click.UsageError as error:
        raise InputError(error.format_message()) from None
    if STANDARD_INPUT in (request.source.inputs, request.source.weights):
        raise InputError("A directive cannot read the standard input; name a file.")
    return request
