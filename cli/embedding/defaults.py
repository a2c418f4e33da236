"""Options of `gatereel embed` that hold for every directive which does not say otherwise."""

import os
from collections.abc import Sequence
from pathlib import Path

import click

from gatereel.cli.embedding.reading_options import (
    DESCRIBES,
    NARROW,
    dark_help,
    describe_help,
    display_width_help,
    narrow_help,
)
from gatereel.cli.embedding.request import STYLES, caption_help, style_help
from gatereel.cli.options.collecting import collecting
from gatereel.cli.sites.bounds import real
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.places import PLACES

_FILE_SUFFIX = ".toml"
"""Of a theme or a language of the user's own: a path, where others are names."""


@dataclass(frozen=True)
class Defaults:
    """Options as the user gave them, each with its value, or with None where it is a flag."""

    given: tuple[tuple[str, str | None], ...] = ()

    def words(self, folder: Path) -> tuple[str, ...]:
        """The options as words of a directive in a post of `folder`."""
        return as_words(self.given, folder, Path())


def as_words(
    given: Sequence[tuple[str, str | None]], folder: Path, origin: Path
) -> tuple[str, ...]:
    """Options as words of a directive in a post of `folder`; paths of files are from `origin`."""
    words: list[str] = []
    for option, value in given:
        words.append(option)
        if value is not None:
            is_file = value.endswith(_FILE_SUFFIX)
            words.append(_from(folder, str(origin / value)) if is_file else value)
    return tuple(words)


def _from(folder: Path, path: str) -> str:
    try:
        # A directive looks from the folder that it really stands in.
        way = real(Path(path).parent) / Path(path).name
        return Path(os.path.relpath(way, real(folder))).as_posix()
    except ValueError:  # another disk, on Windows
        return Path(path).resolve().as_posix()


def _as_for_render(what: str) -> str:
    return f"{what}, as for `gatereel render`."


# Read as words here, and as what they mean where a directive stands.
_VALUED = (
    ("--style", click.Choice(STYLES), None, style_help),
    ("--lang", click.STRING, "LANG", _as_for_render("Language of the pictures and their words")),
    ("--theme", click.STRING, "THEME", _as_for_render("Colours for all readers")),
    ("--dark", click.STRING, "WHEN|THEME", dark_help),
    ("--describe", click.Choice(DESCRIBES), None, describe_help),
    ("--narrow", click.Choice(NARROW), None, narrow_help),
    ("--display-width", click.STRING, "WIDTH", display_width_help),
    ("--width", click.INT, "PIXELS", _as_for_render("Width of the pictures")),
    ("--for", click.Choice(tuple(PLACES)), None, _as_for_render("Where the post goes")),
    ("--max-seconds", click.FLOAT, "N", _as_for_render("How long a film may last")),
)
_FLAGS = (("--once", _as_for_render("Play once instead of for ever")),)

_CAPTION = {True: "--caption", False: "--no-caption"}


def _defaults(caption: bool | None, **values: object) -> Defaults:
    given: list[tuple[str, str | None]] = []
    for option, *_ in _VALUED:
        value = values[_name(option)]
        if value is not None:
            given.append((option, str(value)))
    given += [(option, None) for option, _ in _FLAGS if values[_name(option)]]
    if caption is not None:
        given.append((_CAPTION[caption], None))
    return Defaults(tuple(given))


def _name(option: str) -> str:
    """The parameter's name; it must be none of Python's own words, as --for would be."""
    return "default_" + option.removeprefix("--").replace("-", "_")


default_options = collecting(
    "defaults",
    _defaults,
    (
        *(
            click.option(option, _name(option), type=kind, metavar=metavar, help=text)
            for option, kind, metavar, text in _VALUED
        ),
        *(click.option(option, _name(option), is_flag=True, help=text) for option, text in _FLAGS),
        click.option("--caption/--no-caption", default=None, help=caption_help),
    ),
    ("caption", *(_name(option) for option, *_ in (*_VALUED, *_FLAGS))),
)
"""Gives a command the options that directives can have by default, together as `defaults`."""
