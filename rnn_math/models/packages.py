"""Packages that only some files need: imported when such a file is read."""

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module, metadata
from types import MappingProxyType, ModuleType

from gatereel.rnn_math.errors import InputError

OLDEST: Mapping[str, str] = MappingProxyType(
    {"keras": "3.15.1", "onnx": "1.17", "onnxruntime": "1.20", "torch": "2.6"}
)
"""The oldest version of a package that is let near a file.

Older ones of Keras import and call what a file's configuration names; older ones of PyTorch run
code from a file that was to be read as weights alone (CVE-2025-32434).
"""


def load(module: str, purpose: str, install: str) -> ModuleType:
    """Import `module`.

    Raises InputError with the command that installs it when it is missing or too old, and with the
    reason when it cannot be imported.

    `purpose` begins the error's sentence, as in "Reading .onnx files"; `install` is the extra that
    brings it, such as "gatereel[onnx]", or the package where no extra does.
    """
    package = module.partition(".")[0]
    check_version(package, purpose)
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        extra = f" (the extra {install})" if "[" in install else ""
        raise InputError(
            f"{purpose} needs {package}, which is not installed: pip install {package}{extra}"
        ) from None
    except (ImportError, OSError) as error:  # a package whose own libraries do not load
        raise InputError(f"{purpose} needs {package}, which cannot be imported: {error}") from error


def check_version(package: str, purpose: str) -> None:
    """Raise InputError when `package` is installed, but too old. It is not imported for that."""
    if package not in OLDEST:
        return
    installed = _installed(package)
    if installed and _numbers(installed) < _numbers(OLDEST[package]):
        raise InputError(
            f"{purpose} needs {package} {OLDEST[package]} or newer; {installed} is installed: "
            f"pip install -U '{package}>={OLDEST[package]}'"
        )


@cache
def _installed(package: str) -> str:
    """The version that is installed; empty where there is none, as for a build of one's own."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with: (2, 13) of "2.13rc1+cpu"."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, match[0].split("."))) if match else ()
