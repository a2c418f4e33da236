"""Import manim without the libraries that it imports and that no scene of ours uses.

    with postponed():
        import_module("gatereel.scenes.play.own_manim")

They are half of the time that manim takes to be imported. A name from one of them stands for what
it names: it is imported when it is first used. What has been imported before stays as it is.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import Loader

LIBRARIES = (
    "IPython",
    "av",
    "bs4",
    "isosurfaces",
    "manimpango",
    "mapbox_earcut",
    "networkx",
    "pathops",
    "pydub",
    "pygments",
    "scipy",
    "srt",
)
"""The notebook, videos, code listings, curves of functions, text by Pango, triangles, graphs,
shapes cut from shapes, sound, rotations in space, subtitles."""


@contextmanager
def postponed(libraries: Sequence[str] = LIBRARIES) -> Iterator[None]:
    """Leave libraries out while something is imported that imports them."""
    finder = _Finder(set(libraries).difference(sys.modules))
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _drop(*libraries)


class _Finder:
    """Finds a stand-in for each module of some libraries, and is the loader of it.

    It inherits from nothing: `importlib.abc` would import what reads resources of packages.
    """

    def __init__(self, libraries: set[str]) -> None:
        self.libraries = libraries

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A stand-in's, for what is left out."""
        if fullname.partition(".")[0] not in self.libraries:
            return None
        return ModuleSpec(fullname, cast("Loader", self), is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """A stand-in."""
        return _Standin(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing is run."""


class _Standin(ModuleType):
    """A module that is imported when something in it is used."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        meant = _Name(self.__name__, (name,))
        return meant if _is_left_out(self.__name__) else meant.meant()


class _Name:
    """A name out of a module, which is imported when the name is used."""

    def __init__(self, module: str, path: tuple[str, ...]) -> None:
        self._module, self._path = module, path

    def meant(self) -> object:
        """What it stands for."""
        return reduce(getattr, self._path, import_module(self._module))

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        further = _Name(self._module, (*self._path, name))
        return further if _is_left_out(self._module) else further.meant()

    def __call__(self, *arguments: object, **options: object) -> object:
        _let_in(self._module.partition(".")[0])
        meant = self.meant()
        if not callable(meant):
            raise TypeError(f"{self._module}.{'.'.join(self._path)} cannot be called")
        return meant(*arguments, **options)


def _is_left_out(module: str) -> bool:
    return isinstance(sys.modules.get(module), _Standin)


def _let_in(library: str) -> None:
    """Leave a library out no longer: what imports it needs it at once."""
    for finder in sys.meta_path:
        if isinstance(finder, _Finder):
            finder.libraries.discard(library)
    _drop(library)


def _drop(*libraries: str) -> None:
    """Take the stand-ins of libraries away, so that the next import finds the libraries."""
    for name, module in list(sys.modules.items()):
        if isinstance(module, _Standin) and name.partition(".")[0] in libraries:
            del sys.modules[name]
