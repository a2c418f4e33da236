"""Packages that only some files need: imported when such a file is read."""

from importlib import import_module
from types import ModuleType

from rnn_math.errors import InputError


def load(module: str, purpose: str, install: str) -> ModuleType:
    """Import `module`. Raises InputError with the command that installs it when it is missing.

    `purpose` begins the error's sentence, as in "Reading .onnx files"; `install` is the extra that
    brings it, such as "gatereel[onnx]", or the package where no extra does.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        package = module.partition(".")[0]
        extra = f" (the extra {install})" if "[" in install else ""
        raise InputError(
            f"{purpose} needs {package}, which is not installed: pip install {package}{extra}"
        ) from None
