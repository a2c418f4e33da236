"""Batch files: a picture a line, in the command's own words.

    [[picture]]                          cell,theme,output         {"cell": "lstm", "still": true}
    cell = "lstm"                        lstm,dark,lstm.gif        {"cell": ["rnn", "gru"]}
    theme = ["dark", "print"]

What a line does not say, the file's `[defaults]` say (in TOML), and then the command line.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from click.core import ParameterSource

from gatereel.cli.many.batch_files import Row, read_rows
from gatereel.cli.many.requests import GivenOptions, PictureRequest, picture_options, pictures
from gatereel.cli.options.sources import STANDARD_INPUT
from gatereel.cli.terminal.failures import reason
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words
from gatereel.rnn_math.files.reading import shortened
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.theme.entries import SUFFIX as OWN_SUFFIX

CELL = "cell"
"""The key of what is no option of the command."""

_FILES = ("models", "inputs", "initial", "vocabulary", "outputs", "storyboard", "steps", "card")
"""Parameters that name files, which lie where the batch file does."""

_NAMES_OR_FILES = ("themes", "languages")
"""The package's own, or a file of the user's."""

_WORDS_OR_FILES = ("loss_words",)
"""A few words, or any file: what has a suffix is one."""

_BOOLEANS: Mapping[str, bool] = MappingProxyType({"true": True, "false": False})
"""In CSV, where all is text."""


@click.command("batch", add_help_option=False)
@picture_options
def _line(**values: Any) -> GivenOptions:
    """Read the words of a line."""
    return GivenOptions(**values)


@dataclass(frozen=True, eq=False)
class _Given:
    """What one line, or the defaults, give: values by the names of parameters."""

    context: click.Context
    off: frozenset[str]
    """Flags that are told not to hold."""

    def values(self) -> dict[str, Any]:
        return {**given_in(self.context), **dict.fromkeys(self.off, False)}


def given_in(context: click.Context) -> dict[str, Any]:
    """The parameters of a context that somebody gave, with their values."""
    return {
        name: value
        for name, value in context.params.items()
        if context.get_parameter_source(name) not in (None, ParameterSource.DEFAULT)
    }


@dataclass(frozen=True, eq=False)
class Batch:
    """What a file asks for, and what is wrong with it."""

    requests: list[PictureRequest]
    problems: list[str]
    """A line each, with its place."""


def read_batch(path: Path, context: click.Context) -> Batch:
    """The pictures of a file; what was given in `context` holds where it says nothing.

    Raises InputError for a file that cannot be read as what its suffix says.
    """
    defaults, rows = read_rows(path)
    folder = path.parent
    batch = Batch([], [])
    before = {name: value for name, value in given_in(context).items() if name in _parameters()}
    if defaults is not None:
        with _told_of(defaults, batch):
            before |= _read(defaults, folder).values()
    are_unread = bool(batch.problems)
    for row in rows:
        if isinstance(row, InputError):
            batch.problems.append(str(row))
            continue
        with _told_of(row, batch):
            batch.requests.extend(pictures(_asked(row, folder, before), row.where))
    if are_unread:  # what they were to say of every picture is missing
        batch.requests.clear()
    return batch


@contextmanager
def _told_of(row: Row, batch: Batch) -> Iterator[None]:
    """Whatever one row has, all that is wrong is told."""
    try:
        yield
    except Exception as error:
        batch.problems.append(f"{row.where}: {reason(error)}")


def _asked(row: Row, folder: Path, before: Mapping[str, Any]) -> GivenOptions:
    given = _read(row, folder)
    given.context.params = {**given.context.params, **before, **given.values()}
    asked: GivenOptions = _line.invoke(given.context)
    return asked


def _read(row: Row, folder: Path) -> _Given:
    """What a row says. Raises InputError for what is no option, or has no such value."""
    words: list[str] = []
    cells: list[str] = []
    off: list[str] = []
    said: dict[str, str] = {}
    for key, value in row.entries.items():
        parameter, option = _option(key)
        if value is None or (row.is_text and value == ""):
            continue
        name = parameter.name or ""
        if name in said:
            raise InputError(f"{said[name]} and {key} say the same; leave one of them out.")
        said[name] = key
        if isinstance(parameter, click.Option) and parameter.is_flag:
            is_on = _is_on(key, value, is_text=row.is_text)
            both = (parameter.opts[-1], *parameter.secondary_opts[-1:])
            if option in parameter.secondary_opts:
                is_on = not is_on
            if len(both) > 1:
                words.append(both[0] if is_on else both[1])
            elif is_on:
                words.append(both[0])
            else:
                off.append(name)
            continue
        takes_several = parameter.multiple if isinstance(parameter, click.Option) else True
        for text in _texts(key, value, takes_several=takes_several):
            if isinstance(parameter, click.Argument):
                cells.append(text)
            else:
                words.append(f"{option}={_from(folder, name, key, text)}")
    try:
        context = _line.make_context(_line.name, [*words, "--", *cells])
    except click.UsageError as error:
        raise InputError(error.format_message()) from None
    return _Given(context, frozenset(off))


def _option(key: str) -> tuple[click.Parameter, str]:
    """The parameter that a key names, and the option. Raises InputError where it names none."""
    known = _keys()
    if key in known:
        return known[key]
    closest = get_close_matches(key.lower().replace("_", "-"), known, n=1)
    hint = f" Did you mean {closest[0]}?" if closest else ""
    accepted = f"the options of `gatereel render` without dashes, and {CELL}"
    raise InputError(f"{shortened(key)} is no option of a picture; accepted are {accepted}.{hint}")


@cache
def _keys() -> Mapping[str, tuple[click.Parameter, str]]:
    """What a line may say: the names of options, with the options."""
    found: dict[str, tuple[click.Parameter, str]] = {}
    for parameter in _line.params:
        if isinstance(parameter, click.Argument):
            found[CELL] = (parameter, "")
            continue
        for option in (*parameter.opts, *parameter.secondary_opts):
            whole = option if option.startswith("--") else parameter.opts[-1]
            found[option.lstrip("-")] = (parameter, whole)
    return MappingProxyType(found)


@cache
def _parameters() -> frozenset[str]:
    return frozenset(parameter.name or "" for parameter in _line.params)


def _is_on(key: str, value: object, *, is_text: bool) -> bool:
    found = _BOOLEANS.get(value.lower()) if is_text and isinstance(value, str) else value
    if not isinstance(found, bool):
        raise InputError(f"{key} is {_shown(value)}; {in_words(_BOOLEANS, 'or')} is accepted.")
    return found


def _texts(key: str, value: object, *, takes_several: bool) -> Iterator[str]:
    """A value, or each of several, as the word that the command takes."""
    if isinstance(value, list) and not takes_several:
        raise InputError(f"{key} is a list; it takes one value.")
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, bool) or not isinstance(each, str | int | float):
            raise InputError(f"{key} is {_shown(each)}; text or a number is accepted.")
        text = str(each)
        if "\0" in text:
            raise InputError(f"{key} holds the character NUL, which no file and no name has.")
        yield text


def _shown(value: object) -> str:
    """A value of any kind for an error, in few letters."""
    match value:
        case bool():
            return str(value).lower()
        case dict():
            return "a table"
        case list():
            return "a list"
        case _:
            return shortened(str(value))


def _from(folder: Path, name: str, key: str, text: str) -> str:
    """A word as the command takes it from the current folder."""
    is_file = (
        name in _FILES
        or (name in _NAMES_OR_FILES and text.lower().endswith(OWN_SUFFIX))
        or (name in _WORDS_OR_FILES and Path(text).suffix != "")
    )
    if not is_file or not text:
        return text
    if text == str(STANDARD_INPUT) and name != "outputs":
        raise InputError(f"{key} is {text}, the standard input; name a file.")
    return os.path.join(folder, text) if folder != Path() else text  # noqa: PTH118 # keeps a slash


def problems_of(batch: Batch) -> Sequence[str]:
    """What is wrong with a file, a line each, none twice."""
    return tuple(dict.fromkeys(batch.problems))
