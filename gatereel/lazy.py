"""Packages that load their public names when these are first asked for.

    __getattr__ = lazily(__name__, {"npz_files": ("read_arrays",)})

So a command loads what it uses, and a package still has one face.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module


def lazily(package: str, names: Mapping[str, Sequence[str]]) -> Callable[[str], object]:
    """A `__getattr__` for a package; `names` are those that each of its modules brings.

    It raises AttributeError for any other.
    """
    module_of = {name: module for module, several in names.items() for name in several}

    def load(name: str) -> object:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # the next time without this function
        return value

    return load
