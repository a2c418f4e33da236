"""What the tables of a language are made of: templates with placeholders, such as {timestep}."""

from dataclasses import Field, field
from typing import Any

_PLACEHOLDERS = "placeholders"


def with_placeholders(*placeholders: str) -> Any:
    """A template that has these placeholders, wherever in the sentence they belong."""
    return field(metadata={_PLACEHOLDERS: placeholders})


def placeholders_of(entry: Field[Any]) -> tuple[str, ...]:
    """The placeholders that a field of a table has."""
    placeholders: tuple[str, ...] = entry.metadata.get(_PLACEHOLDERS, ())
    return placeholders
