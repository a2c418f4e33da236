"""The words of a directive, read as the options of `gatereel render` and a few of their own."""

from collections.abc import Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, get_args

import click

from gatereel.cli.embedding.clip_request import ClipRequest
from gatereel.cli.embedding.kinds import KINDS, check_options, kind_of
from gatereel.cli.embedding.legend_request import LegendRequest
from gatereel.cli.embedding.reading_options import Reading, reading_options
from gatereel.cli.options.common import cell_argument
from gatereel.cli.options.look import LookOptions, directive_look_options
from gatereel.cli.options.selection import Selection, selection_options
from gatereel.cli.options.sources import STANDARD_INPUT, Source, source_options
from gatereel.cli.sites.bounds import check_file_within
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.places import MarkupStyle
from gatereel.scenes.theme.entries import SUFFIX as FILE_SUFFIX

STYLES: tuple[MarkupStyle, ...] = get_args(MarkupStyle)

DEFAULT_STYLE = STYLES[0]


@dataclass(frozen=True, eq=False)
class DirectiveRequest:
    """What a directive asks for; None for what it leaves open."""

    cell: str | None
    source: Source
    selection: Selection
    look: LookOptions
    style: MarkupStyle | None
    caption: bool
    still: bool
    reading: Reading


style_help = f"Markup: <picture>, <video>, or an image in Markdown alone. Default: {DEFAULT_STYLE}."
caption_help = "With or without a caption that names what is shown and credits the picture."


@click.command(add_help_option=False)
@cell_argument()
@source_options
@selection_options
@directive_look_options
@click.option("--style", type=click.Choice(STYLES))
@click.option("--caption/--no-caption", default=True)
@click.option("--still", is_flag=True)
@reading_options
def _directive(**values: Any) -> DirectiveRequest:
    """Read a directive."""
    return DirectiveRequest(**values)


def read_request(words: Sequence[str], folder: Path) -> DirectiveRequest:
    """What a directive's words ask for. Files that they name are looked for from `folder`.

    Raises InputError for words that cannot be used.
    """
    request: DirectiveRequest = _read(_directive, words, folder)
    if STANDARD_INPUT in (request.source.inputs, request.source.weights):
        raise InputError("A directive cannot read the standard input; name a file.")
    return request


def read_other_request(words: Sequence[str], folder: Path) -> LegendRequest | ClipRequest:
    """What a directive for no cell asks for, as `read_request` does."""
    command, words = _command(words)
    request: LegendRequest | ClipRequest = _read(command, words, folder)
    return request


def _read(command: click.Command, words: Sequence[str], folder: Path) -> Any:
    if any("\0" in word for word in words):
        raise InputError("A directive holds the character U+0000, which no file and no name has.")
    try:
        with chdir(folder), command.make_context("gatereel:", list(words)) as context:
            return command.invoke(context)
    except click.UsageError as error:
        raise InputError(error.format_message()) from None


def options_for(words: Sequence[str]) -> frozenset[str]:
    """The options that a directive of such words takes."""
    command = KINDS.get(kind_of(words) or "", _directive)
    return frozenset(
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    )


_FILES = ("weights", "inputs", "vocabulary", "initial")
_NAMES_OR_FILES = ("theme", "language", "dark")
"""Of the package's own, or a file of the user's."""


_WORDS_OR_FILES = ("loss_words",)
"""A few words, or any file: what has a suffix is one."""


def check_files_within(words: Sequence[str], folder: Path, root: Path) -> None:
    """Raise InputError where words name a file that is not in the site, `root`.

    Nothing is read for it: what an error says of a file is something of the file, too.
    """
    command, words = _command(words)
    context = click.Context(command)
    try:
        values, _, _ = command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        raise InputError(error.format_message()) from None
    for parameter in command.get_params(context):
        found = values.get(parameter.name or "")
        for value in found if isinstance(found, list | tuple) else (found,):
            if not isinstance(value, str) or "\0" in value:
                continue
            suffix = Path(value).suffix.lower()
            if (
                parameter.name in _FILES
                or (parameter.name in _WORDS_OR_FILES and suffix)
                or (parameter.name in _NAMES_OR_FILES and suffix == FILE_SUFFIX)
            ):
                check_file_within(parameter.opts[0], value, folder, root)


def _command(words: Sequence[str]) -> tuple[click.Command, Sequence[str]]:
    """What reads a directive's words, and those that it reads.

    Raises InputError for an option that makes no sense for what is asked for.
    """
    kind = kind_of(words)
    if kind is None:
        return _directive, words
    check_options(kind, words[1:])
    return KINDS[kind], words[1:]
