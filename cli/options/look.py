"""The options that say how a picture looks, shared by what draws."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.common import language_option, theme_option, transparent_option
from gatereel.rnn_math import InputError
from gatereel.scenes.places import PLACES, Place

if TYPE_CHECKING:
    from gatereel.scenes.fitting import Asked
    from gatereel.scenes.plan import Options
    from gatereel.scenes.tell.language import Language
    from gatereel.scenes.theme.theme import Theme

DEFAULT_SUFFIX = ".gif"


@dataclass(frozen=True)
class LookOptions:
    """The options as the user gave them; None for those left out."""

    width: int | None = None
    pace: float | None = None
    fps: int | None = None
    values: bool | None = None
    levels: bool | None = None
    strip: bool | None = None
    plain: bool = False
    theme: "Theme | None" = None
    language: "Language | None" = None
    transparent: bool = False
    once: bool = False
    most_seconds: float | None = None
    place: Place | None = None

    @property
    def suffix(self) -> str:
        """Of a file that nobody named."""
        return DEFAULT_SUFFIX if self.place is None else self.place.default_suffix

    def asked(self, *, timesteps: bool) -> "Asked":
        """What stays as it is, however little room there is."""
        from gatereel.scenes.fitting import Asked

        return Asked(
            width=self.width is not None,
            fps=self.fps is not None,
            pace=self.pace is not None,
            timesteps=timesteps,
        )

    def options(self) -> "Options":
        """What the scenes take. Raises InputError for options that contradict each other."""
        from gatereel.scenes.plan import DEFAULT_FPS, Options

        if self.plain and (self.values or self.levels or self.strip):
            raise InputError("--plain leaves values and strip out; give it without them.")
        if self.levels and self.values is False:
            raise InputError("--levels shows values as form; give it without --no-values.")
        return Options(
            width=self.width,
            fps=DEFAULT_FPS if self.fps is None else self.fps,
            smooth=self.fps is not None,
            pace=self.pace,
            most_seconds=self.most_seconds,
            values=not self.plain and self.values is not False,
            levels=self.levels is not False,
            strip=not self.plain and self.strip is not False,
            loop=not self.once,
            theme=self.theme,
            language=self.language,
            transparent=self.transparent,
        )


def _place(context: click.Context, parameter: click.Parameter, value: str | None) -> Place | None:
    return None if value is None else PLACES[value]


place_option = click.option(
    "--for",
    "place",
    type=click.Choice(tuple(PLACES), case_sensitive=False),
    callback=_place,
    help="Keep to the limits of the place where the picture goes, and say what was given up.",
)

_OPTIONS = (
    click.option("--width", type=int, metavar="PIXELS", help="Default: as the illustrated cell."),
    click.option("--pace", type=float, metavar="SECONDS", help="Seconds a step."),
    click.option("--fps", type=int, metavar="N", help="Frames a second. Default: 25."),
    click.option(
        "--values/--no-values", default=None, help="Show the numbers at the discs or not."
    ),
    click.option(
        "--levels/--no-levels",
        default=None,
        help="Show values as form, too: gates filled to their level, cores in other discs.",
    ),
    click.option("--strip/--no-strip", default=None, help="Show the strip with equations or not."),
    click.option("--plain", is_flag=True, help="As the classic picture: no values, no strip."),
    theme_option,
    language_option,
    transparent_option,
    click.option("--once", is_flag=True, help="Play once instead of for ever."),
    click.option(
        "--max-seconds",
        "most_seconds",
        type=float,
        metavar="N",
        help="The film lasts at most N seconds: shorter holds and steps, if need be fewer "
        "timesteps. 5 with --once needs no pause button.",
    ),
    place_option,
)

look_options = collecting(
    "look", LookOptions, _OPTIONS, [field.name for field in fields(LookOptions)]
)
"""Gives a command the options of a look, which it gets together as `look`."""
