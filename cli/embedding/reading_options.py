"""Options of a directive that say how its block is read, not what is drawn."""

import re
from typing import TYPE_CHECKING, Literal, get_args

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.common import read_theme
from gatereel.cli.sites.addresses import check_address
from gatereel.cli.sites.conventions import Describe
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.theme.theme import Theme

DESCRIBES: tuple[Describe, ...] = get_args(Describe)

DarkBy = Literal["system", "page", "none"]
DARK_BY: tuple[DarkBy, ...] = get_args(DarkBy)
"""Whose darkness counts: the reader's system's, the page's, or nobody's."""

NarrowForm = Literal["portrait", "square", "none"]
NARROW: tuple[NarrowForm, ...] = get_args(NarrowForm)

_WIDTH = re.compile(r"(?P<number>\d{1,5})(?P<unit>%|px)?")
_IDENTIFIER = re.compile(r"[A-Za-z][\w:.-]*")

describe_help = (
    "The long description, which opens on demand: a few sentences, a table of every step, or none. "
    f"Default: {DESCRIBES[0]}."
)
dark_help = (
    "Dark pictures for dark systems, for pages whose theme is dark, or none; or the theme of the "
    "dark pictures. Default: as the site's theme needs it, in the theme dark beside the "
    "illustrated one; beside another one, none."
)
narrow_help = (
    "What narrow screens, such as phones, get in place of a film: one of another form, with a "
    f"close-up of each step, or none. Default: {NARROW[0]}, where a page takes one."
)
display_width_help = "How wide a page shows the pictures: pixels, or a share such as 60%."


@dataclass(frozen=True, eq=False)
class Reading:
    """How a block is read; None or "" for what is left open."""

    describe: Describe | None = None
    dark_by: DarkBy | None = None
    dark_theme: "Theme | None" = None
    narrow: NarrowForm | None = None
    display_width: str = ""
    alt: str = ""
    title: str = ""
    classes: str = ""
    identifier: str = ""
    link: str = ""
    caption_text: str = ""


def _reading(dark: "Theme | DarkBy | None", **values: str | None) -> Reading:
    by = dark if isinstance(dark, str) else None
    theme = None if isinstance(dark, str) else dark
    return Reading(dark_by=by, dark_theme=theme, **values)  # type: ignore[arg-type]


def _dark(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> "Theme | DarkBy | None":
    for by in DARK_BY:
        if value == by:
            return by
    theme: Theme | None = read_theme(context, parameter, value)
    return theme


def check_display_width(value: str) -> str:
    """The width as a block says it. Raises InputError for what is none."""
    if not value:
        return ""
    found = _WIDTH.fullmatch(value.strip())
    if found is None or int(found["number"]) == 0:
        raise InputError(
            f"--display-width {value!r} is no width; give pixels, such as 600, or a share, "
            "such as 60%."
        )
    return found["number"] + ("%" if found["unit"] == "%" else "")


def _width(context: click.Context, parameter: click.Parameter, value: str) -> str:
    return check_display_width(value)


def _identifier(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value and not _IDENTIFIER.fullmatch(value):
        raise InputError(
            f"--id {value!r} is no name; it has a letter first, then letters, digits, -, _, : or ."
        )
    return value


def _link(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value:
        check_address("--link", value)
    return value


reading_options = collecting(
    "reading",
    _reading,
    (
        click.option("--describe", type=click.Choice(DESCRIBES)),
        click.option("--dark", callback=_dark),
        click.option("--narrow", type=click.Choice(NARROW)),
        click.option("--display-width", default="", callback=_width),
        click.option("--alt", default=""),
        click.option("--title", default=""),
        click.option("--class", "classes", default=""),
        click.option("--id", "identifier", default="", callback=_identifier),
        click.option("--link", default="", callback=_link),
        click.option("--caption-text", default=""),
    ),
    (
        "describe",
        "dark",
        "narrow",
        "display_width",
        "alt",
        "title",
        "classes",
        "identifier",
        "link",
        "caption_text",
    ),
)
"""Gives a command these options, together as `reading`."""
