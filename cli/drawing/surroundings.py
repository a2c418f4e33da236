"""What of a machine decides about the bytes of a picture: versions and fonts.

Two machines where all of it is the same draw the same bytes.
"""

import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import MappingProxyType

import gatereel

PARTS = ("rnn_math", "scenes", "cli")
"""The folders of gatereel's code."""

_CODE = (".py", ".toml", ".json", ".ttf")
_DIGITS = 12
"""Hexadecimal, of what many files are: enough to tell two states of them apart."""

_PACKAGES = ("numpy", "manim", "pycairo", "manimpango", "typst", "svgelements", "av", "pillow")

MISSING = "missing"


@cache
def surroundings() -> Mapping[str, str]:
    """Each thing that decides, with its version."""
    found = {
        "gatereel": f"{_version('gatereel')} (code {_code()})",
        "python": ".".join(map(str, sys.version_info[:2])),
        "system": f"{platform.system()} {platform.machine()}",
        "fonts": _fonts(),
    }
    found |= {name: _version(name) for name in _PACKAGES}
    found |= {name: _asked(ask) for name, ask in _LIBRARIES.items()}
    return MappingProxyType(found)


def in_a_line(found: Mapping[str, str]) -> str:
    """All of it, for a reader."""
    return ", ".join(f"{name} {of}" for name, of in sorted(found.items()))


def differing(here: Mapping[str, str], there: Mapping[str, str]) -> tuple[str, ...]:
    """The things in which two machines differ."""
    names = sorted({*here, *there})
    return tuple(name for name in names if here.get(name) != there.get(name))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return MISSING


def _cairo() -> str:
    import cairo

    return cairo.cairo_version_string()


def _pango() -> str:
    import manimpango

    return str(manimpango.pango_version())


def _codecs() -> str:
    import av

    # What PyAV brings along; a wheel and a build of one's own have the same version, and others.
    parts = sorted(av.library_versions.items())
    return " ".join(f"{name[3:]}-{'.'.join(map(str, numbers))}" for name, numbers in parts)


def _images() -> str:
    from PIL import features

    return " ".join(f"{name}-{features.version(name)}" for name in ("zlib", "webp"))


_LIBRARIES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {"cairo": _cairo, "pango": _pango, "ffmpeg": _codecs, "libraries of pillow": _images}
)


def _asked(ask: Callable[[], str]) -> str:
    try:
        return ask()
    except (ImportError, OSError, AttributeError):  # it is missing, or cannot be loaded
        return MISSING


def _fonts() -> str:
    from gatereel.scenes.fonts.text_width import FONT_FOLDER

    return _digest(sorted(FONT_FOLDER.glob("*.ttf")))


def _code() -> str:
    return _digest(sorted(_files()))


def _files() -> Iterator[Path]:
    top = Path(gatereel.__file__).parent
    for part in PARTS:
        # Where it lies in truth: in a clone, the package has links.
        for path in (top / part).resolve().rglob("*"):
            if path.suffix in _CODE:
                yield path


def _digest(paths: list[Path]) -> str:
    digest = sha256()
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGITS]
