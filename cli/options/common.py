"""What several commands share: the name of a cell, the look, `--quiet` and `--debug`."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from gatereel.cli.terminal.session import Session
from gatereel.rnn_math import CELLS, Cell, get_cell
from gatereel.rnn_math.counting import one_of
from gatereel.scenes.tell.language import DEFAULT_LANGUAGE, LANGUAGES, Language
from gatereel.scenes.theme.theme import DEFAULT_THEME, THEMES, Theme

ALL = "all"
"""In place of a cell's name: every cell."""

LEGEND = "legend"
"""In place of a cell's name, as the first word: the symbols."""


def cell_argument() -> Callable[[Callable[..., Any]], Any]:
    """The argument CELL of a command, which gets the name in lower case as `cell`.

    It may be left out, as None, where `--weights` names a file that knows its cell.
    """

    def check(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
        return None if value is None else _accepted_name(value, tuple(CELLS))

    return click.argument("cell", required=False, callback=check, metavar="[CELL]")


def _accepted_cells(
    context: click.Context, parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[str, ...]:
    """The names, each once, in the order given; all of them where one is `ALL`."""
    found = tuple(dict.fromkeys(_accepted_name(name, (*CELLS, ALL)) for name in names))
    if ALL in found and len(found) > 1:
        others = ", ".join(name for name in found if name != ALL)
        raise click.BadParameter(f"{ALL!r} is every cell; leave {others} out.")
    return found


cells_or_all_argument = click.argument(
    "cells", nargs=-1, callback=_accepted_cells, metavar="[CELL]..."
)
"""The argument of a command that draws each of several cells."""


def _named_cells(
    context: click.Context, parameter: click.Parameter, names: tuple[str, ...]
) -> tuple[Cell, ...]:
    """The cells, each once, in the order given."""
    return tuple(get_cell(name) for name in dict.fromkeys(name.lower() for name in names))


cells_argument = click.argument("cells", nargs=-1, callback=_named_cells, metavar="[CELL]...")
"""The argument of a command that shows several cells, or none, together."""


def check_cell_given(cell: str | None, weights: Path | None, *, all_accepted: bool = False) -> None:
    """Raise a usage error, with the accepted names, when nothing says the cell."""
    if cell is None and weights is None:
        accepted = one_of((*CELLS, ALL) if all_accepted else tuple(CELLS))
        raise click.BadParameter(
            f"a name is missing; accepted are {accepted}. With --weights FILE it may be left out.",
            param_hint="'CELL'",
        )


def _accepted_name(value: str, accepted: Sequence[str]) -> str:
    names = one_of(accepted)
    name = value.lower()
    if name not in accepted:
        closest = get_close_matches(name, (*accepted, LEGEND), n=1)
        hint = f" Did you mean {closest[0]}?" if closest else ""
        if name == LEGEND:
            hint = (
                f" The symbols are shown by `gatereel {LEGEND}`, and in a post by a directive "
                f"whose first word is {LEGEND}."
            )
        if not hint and Path(value).suffix:
            hint = f" Did you mean --weights {value}?"
        raise click.BadParameter(f"{value!r} is none of {names}.{hint}")
    return name


def read_theme(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Theme | None:
    """The theme, or None for the default one. Raises InputError for one that cannot be used."""
    if value is None:
        return None
    from gatereel.scenes.theme.files import load_theme

    return load_theme(value)


def _read_themes(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Theme, ...]:
    """The themes, each once, in the order given; see `read_theme`."""
    from gatereel.scenes.theme.files import load_theme

    return tuple(load_theme(value) for value in dict.fromkeys(values))


_THEME_HELP = f"{one_of(THEMES)}, or a .toml file with your own. Default: {DEFAULT_THEME}."

theme_option = click.option("--theme", metavar="THEME", callback=read_theme, help=_THEME_HELP)

themes_option = click.option(
    "--theme",
    "themes",
    multiple=True,
    metavar="THEME",
    callback=_read_themes,
    help=f"{_THEME_HELP} Several times: pictures in each.",
)
"""The option of a command that takes several."""


def _read_language(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> Language | None:
    """The language, or None for the default one. Raises InputError for one that cannot be used."""
    if value is None:
        return None
    from gatereel.scenes.language.files import load_language

    return load_language(value)


def _read_languages(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Language, ...]:
    """The languages, each once, in the order given; see `_read_language`."""
    from gatereel.scenes.language.files import load_language

    return tuple(load_language(value) for value in dict.fromkeys(values))


_LANGUAGE_HELP = (
    f"Language of the picture's words: {one_of(LANGUAGES)}, or a .toml file with your own. "
    f"Default: {DEFAULT_LANGUAGE}."
)

language_option = click.option(
    "--lang", "language", metavar="LANG", callback=_read_language, help=_LANGUAGE_HELP
)

languages_option = click.option(
    "--lang",
    "languages",
    multiple=True,
    metavar="LANG",
    callback=_read_languages,
    help=f"{_LANGUAGE_HELP} Several times: pictures in each.",
)
"""The option of a command that takes several."""

transparent_option = click.option(
    "--transparent",
    is_flag=True,
    help="Leave the background out, for .png, .svg, .pdf and .webp alone: the page shows through.",
)


def _set_debug(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    session = context.find_object(Session)
    if session is not None:
        session.debug = value


debug_option = click.option(
    "--debug",
    is_flag=True,
    is_eager=True,  # errors in the other options come after it
    expose_value=False,
    callback=_set_debug,
    help="After an error, show where it arose.",
)

quiet_option = click.option(
    "--quiet",
    "-q",
    is_flag=True,
    help="No progress bar, no remarks and no line for each file. How what a file leaves open was "
    "taken is always told.",
)
