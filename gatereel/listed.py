"""What the files of a package list under one name, so that a new file is found by itself.

listed("gatereel.rnn_math.cells", "FAMILY") -> [(RNN, RNN_RELU), (LSTM,), ...]
"""

from importlib import import_module
from pathlib import Path
from typing import Any


def listed(package: str, name: str) -> list[Any]:
    """What each module of a package calls `name`, in the order of the modules' names.

    Packages within the package are left out. Raises AttributeError for a module that has none.
    """
    (folder,) = import_module(package).__path__
    modules = sorted(path.stem for path in Path(folder).glob("[!_]*.py"))
    return [getattr(import_module(f"{package}.{module}"), name) for module in modules]
