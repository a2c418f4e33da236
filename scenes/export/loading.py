"""Tables whose entries are imported when they are looked up: a command needs few formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TypeVar

T = TypeVar("T")


class Loading(Mapping[str, T]):
    """By name, what a module of this package has: "gif.GifEncoder"."""

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> T:
        module, _, attribute = self._places[name].partition(".")
        found: T = getattr(import_module(f"{__package__}.{module}"), attribute)
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._places  # without importing it

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
