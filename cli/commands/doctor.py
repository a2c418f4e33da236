"""`gatereel doctor`: whether this machine has what a render needs, and how to mend what it lacks.

Every check imports what it looks at itself, so that one that is missing does not hide the others.
"""

import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile

import click

from gatereel.cli.options.common import debug_option
from gatereel.cli.terminal.outlet import show
from gatereel.rnn_math.processes import environment, python_command
from gatereel.rnn_math.records import dataclass

OLDEST_PYTHON = (3, 11)
TIME_LIMIT = 60
"""Seconds that the renderer may take to be imported on a slow machine."""

_ASK_RENDERER = "gatereel.cli.renderer_versions"
_MEND_RENDERER = (
    "Install the headers of cairo and pango (Debian, Ubuntu: libcairo2-dev libpango1.0-dev; "
    "Fedora: cairo-devel pango-devel; Arch: cairo pango; macOS: brew install cairo pango), then "
    "gatereel again."
)
_MEND_PACKAGE = "Install gatereel again with its dependencies."


class TroubleError(Exception):
    """A check failed: what is wrong."""


@dataclass(frozen=True)
class Check:
    """Something that a render needs.

    `look` returns what is there, or raises TroubleError, ImportError or OSError.
    """

    name: str
    look: Callable[[], str]
    mend: str


def _python() -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise TroubleError(f"Python {platform.python_version()} is too old")
    return platform.python_version()


def _renderer() -> str:
    # In a process of its own: a broken library may end the one that loads it.
    try:
        asked = subprocess.run(
            python_command(_ASK_RENDERER),
            env=environment(),
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise TroubleError(f"manim was not imported within {TIME_LIMIT} s") from None
    if asked.returncode != 0:
        lines = asked.stderr.strip().splitlines() or [f"it ended with code {asked.returncode}"]
        raise TroubleError(f"manim cannot be imported: {lines[-1]}")
    return asked.stdout.strip().splitlines()[-1]


def _typst() -> str:
    import typst

    try:
        typst.compile(b"$ x $", format="svg")
    except RuntimeError as error:
        raise TroubleError(f"typst cannot set a formula: {error}") from error
    return "sets formulas"


def _codec(suffix: str) -> Callable[[], str]:
    def look() -> str:
        import av

        from gatereel.scenes.export import ENCODERS
        from gatereel.scenes.export.video import VideoEncoder

        encoder = ENCODERS[suffix]
        assert issubclass(encoder, VideoEncoder)
        if not encoder.available():
            raise TroubleError(f"PyAV {av.__version__} lacks the codec {encoder.kind.codec}")
        return f"{encoder.kind.codec}, PyAV {av.__version__}"

    return look


def _webp() -> str:
    import PIL
    from PIL import features

    if not features.check("webp"):
        raise TroubleError(f"Pillow {PIL.__version__} was built without WebP")
    return f"Pillow {PIL.__version__}"


def _fonts() -> str:
    from PIL import ImageFont

    from gatereel.scenes.fonts.text_width import FONT_FAMILY, FONT_FOLDER

    files = sorted(FONT_FOLDER.glob("*.ttf"))
    if not files:
        raise TroubleError(f"no font is in {FONT_FOLDER}")
    for file in files:
        try:
            ImageFont.truetype(str(file))
        except OSError as error:
            raise TroubleError(f"{file} cannot be read: {error}") from error
    return f"{FONT_FAMILY}, {len(files)} files"


def _folder() -> str:
    try:
        here = Path.cwd()
    except OSError as error:
        raise TroubleError("the current one is gone, or cannot be entered") from error
    try:
        with TemporaryFile(dir=here):
            pass
    except OSError as error:
        raise TroubleError(f"{here} cannot be written: {error.strerror}") from error
    return str(here)


def _terminal() -> str:
    return (
        "shows a progress bar"
        if sys.stderr is not None and sys.stderr.isatty()
        else "none here, so no progress bar"
    )


CHECKS = (
    Check("Python", _python, "Install Python 3.11 or newer and gatereel in it."),
    Check("renderer", _renderer, _MEND_RENDERER),
    Check("formulas", _typst, _MEND_PACKAGE),
    Check("MP4", _codec(".mp4"), "Install PyAV's own wheel: pip install --force-reinstall av."),
    Check("WebM", _codec(".webm"), "Install PyAV's own wheel: pip install --force-reinstall av."),
    Check("WebP", _webp, "Install Pillow's own wheel: pip install --force-reinstall pillow."),
    Check("fonts", _fonts, _MEND_PACKAGE),
    Check("folder", _folder, "Go to a folder of your own, or name one with -o."),
    Check("terminal", _terminal, ""),
)


@click.command()
@debug_option
@click.pass_context
def doctor(context: click.Context) -> None:
    """Check what a render needs and say how to mend it.

    Prints a line for each thing. The exit code is 0 if nothing is wrong and 1 otherwise.
    """
    width = max(len(check.name) for check in CHECKS)
    healthy = True
    for check in CHECKS:
        name = check.name.ljust(width)
        try:
            show(f"ok     {name}  {check.look()}")
        except (TroubleError, ImportError, OSError) as error:
            healthy = False
            show(f"WRONG  {name}  {error}. {check.mend}")
    if not healthy:
        context.exit(1)
