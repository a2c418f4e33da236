"""What the files of a picture are called: placeholders in `-o`, and names of files nobody named."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from os import sep
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING

from gatereel.cli.many.requests import PictureRequest
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass

if TYPE_CHECKING:
    from gatereel.scenes.plan import Plan

_GIVEN_BY = {"weights": "--weights", "layer": "--layer", "seed": "--seed"}
"""Placeholders that have a value where an option gives it."""

_TELL_APART = ("weights", "layer", "layout", "theme", "lang")
"""What a name has behind the cell's, in this order, where pictures differ in it."""

_NO_LETTER = re.compile(r"[^\w.-]+")
"""What a name of a file should not have: spaces, slashes and the like."""

_FORMATTER = Formatter()


def values_of(
    request: PictureRequest, number: int, planned: "Plan | None" = None
) -> dict[str, str]:
    """What each placeholder stands for; nothing for what a picture has not got.

    The cell, of a model that knows it, and the defaults are those of its plan.
    """
    source, look = request.source, request.look
    cell = request.cell or "" if planned is None else planned.storyboard.cell.name
    theme = look.theme if planned is None else planned.theme
    language = look.language if planned is None else planned.language
    values = {
        "cell": cell,
        "weights": "" if source.weights is None else source.weights.stem,
        "layer": source.layer or "",
        "layout": look.page,
        "theme": "" if theme is None else theme.name,
        "lang": "" if language is None else language.code,
        "seed": "" if source.seed is None else str(source.seed),
        "n": str(number),
    }
    return {name: _NO_LETTER.sub("-", value).strip("-") for name, value in values.items()}


def differing(requests: Sequence[PictureRequest]) -> tuple[str, ...]:
    """In what the pictures of one run differ, beside the cell, as placeholders."""
    seen: dict[str, set[object]] = {name: set() for name in _TELL_APART}
    for request in requests:
        values = {**values_of(request, 0), "weights": request.source.weights}
        for name, found in seen.items():
            found.add(values[name])
    return tuple(name for name, found in seen.items() if len(found) > 1)


def default_name(values: Mapping[str, str], apart: Sequence[str]) -> str:
    """The name, without a suffix, of a file that nobody named: "lstm", "lstm-dark-vi"."""
    return "-".join(filter(None, (values["cell"], *(values[name] for name in apart))))


@dataclass(frozen=True)
class Named:
    """A request whose files have their names, and the folders that these need."""

    request: PictureRequest
    folders: tuple[str, ...]
    """Those that a placeholder names."""


def named(request: PictureRequest, values: Mapping[str, str]) -> Named:
    """Put values in the place of placeholders. Raises InputError for one that has none."""
    stills = request.stills
    folders: list[str] = []

    def name(option: str, template: str | None) -> str | None:
        if template is None:
            return None
        found = expanded(option, template, values)
        if found != template:
            folders.extend(_folder_of(template, found))
        return found

    outputs = tuple(expanded("-o", template, values) for template in request.outputs)
    for template, found in zip(request.outputs, outputs, strict=True):
        if found != template:
            folders.extend(_folder_of(template, found))
    stills = replace(
        stills,
        storyboard=name("--storyboard", stills.storyboard),
        steps=name("--steps", stills.steps),
        card=name("--card", stills.card),
    )
    return Named(replace(request, outputs=outputs, stills=stills), tuple(folders))


def _folder_of(template: str, found: str) -> Iterator[str]:
    """The folder of a file, where a placeholder names it."""
    if template.endswith(sep):
        return
    folder = str(Path(found).parent)
    if folder != str(Path(template).parent):
        yield folder + sep


def expanded(option: str, template: str, values: Mapping[str, str]) -> str:
    """A template with the values of its placeholders; `{{` and `}}` are braces.

    Raises InputError for what is no placeholder, and for one that has no value.
    """
    try:
        parts = list(_FORMATTER.parse(template))
    except ValueError as error:
        raise InputError(
            f"{option} {template}: {error}; a placeholder is {_placeholders(values)}, and braces "
            "themselves are doubled: {{ and }}."
        ) from None
    text = ""
    for literal, name, form, conversion in parts:
        text += literal
        if name is None:
            continue
        if name not in values or form or conversion:
            raise InputError(
                f"{option} {template}: {{{name}}} is no placeholder; accepted are "
                f"{_placeholders(values)}. Braces themselves are doubled: {{{{ and }}}}."
            )
        if not values[name]:
            remedy = f"give {_GIVEN_BY[name]}, or " if name in _GIVEN_BY else ""
            raise InputError(
                f"{option} {template}: this picture has no {{{name}}}; {remedy}leave it out."
            )
        text += values[name]
    return text


def _placeholders(values: Mapping[str, str]) -> str:
    return one_of([f"{{{name}}}" for name in values])
