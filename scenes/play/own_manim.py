"""manim with its own settings: no file of the user's changes a picture.

When it is imported, manim reads `manim.cfg` in the current folder and one in the user's home; they
may cut a film, colour it, or stop manim from starting at all. They are the user's for `manim`, the
command, which has imported manim before anything of ours: what it read stays as it is.

Whatever draws imports what it needs of manim from here.
"""

import os
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

__all__ = [
    "Animation",
    "CairoRenderer",
    "Camera",
    "DefaultSectionType",
    "ManimColor",
    "Mobject",
    "Scene",
    "Section",
    "VGroup",
    "VMobject",
    "config",
    "pinned",
]

_NEEDED = {"PATH": os.defpath, "HOME": os.sep}
"""Variables that what manim imports takes for granted, and what stands for them meanwhile."""


@contextmanager
def _with_own_settings() -> Iterator[None]:
    """Import or read manim's settings without those of users.

    Its own file comes by `read_file`, those of users, which may be missing, by `read`.
    """

    def read_nothing(self: ConfigParser, *args: Any, **options: Any) -> list[str]:
        return []

    # It is inherited, so that deleting ours brings it back.
    type.__setattr__(ConfigParser, "read", read_nothing)
    missing = {name: value for name, value in _NEEDED.items() if name not in os.environ}
    os.environ.update(missing)
    try:
        yield
    finally:
        type.__delattr__(ConfigParser, "read")
        for name in missing:
            os.environ.pop(name, None)


_IS_OURS = "manim" not in sys.modules

with _with_own_settings():
    from manim import (
        Animation,
        Camera,
        ManimColor,
        Mobject,
        Scene,
        VGroup,
        VMobject,
        _config,
        config,
    )
    from manim._config.utils import ManimConfig
    from manim.renderer.cairo_renderer import CairoRenderer
    from manim.scene.section import DefaultSectionType, Section

_AS_IMPORTED = dict(config) if _IS_OURS else None
"""manim's settings before anybody has changed any, for to read its file again takes time. None
where somebody else has imported manim."""


@contextmanager
def pinned(settings: dict[str, Any]) -> Iterator[None]:
    """Draw with manim's own settings and `settings`; what was set before comes back afterwards."""
    # Setting one has manim go through all its classes; most are as they should be.
    wanted = {**(_AS_IMPORTED or _own_settings()), **settings}
    before = {key: config[key] for key, value in wanted.items() if config[key] != value}
    config.update({key: wanted[key] for key in before})
    try:
        yield
    finally:
        config.update(before)
        if "verbosity" in before:
            config.verbosity = before["verbosity"]  # which sets the logger's


@cache
def _own_settings() -> ManimConfig:
    """Return manim's settings where nobody has changed any."""
    parser = ConfigParser()
    with (Path(_config.__file__).parent / "default.cfg").open(encoding="utf-8") as file:
        parser.read_file(file)
    return ManimConfig().digest_parser(parser)
