"""The options that say how a picture looks, shared by what draws."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.common import (
    language_option,
    languages_option,
    theme_option,
    themes_option,
    transparent_option,
)
from gatereel.cli.options.loss import loss_of, loss_option
from gatereel.cli.options.sources import WholeNumber
from gatereel.rnn_math import InputError
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.lay_out.page import PAGES, REFERENCE
from gatereel.scenes.places import PLACES, Place

if TYPE_CHECKING:
    from gatereel.scenes.fitting import Asked
    from gatereel.scenes.lay_out.page import PageName
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
    page: "PageName" = REFERENCE
    only: tuple[str, ...] = ()
    first_step: int | None = None
    last_step: int | None = None
    captions: bool = True
    title_card: str = ""
    number_size: float | None = None
    backward: bool = False
    loss_words: str | None = None
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

    @property
    def is_bare(self) -> bool:
        """Whether numbers or words are left out."""
        return self.plain or self.values is False or self.strip is False

    def options(self) -> "Options":
        """What the scenes take. Raises InputError for options that contradict each other."""
        from gatereel.scenes.plan import DEFAULT_FPS, Options
        from gatereel.scenes.tell.script import StepChoice

        if self.plain and (self.values or self.levels or self.strip):
            raise InputError("--plain leaves values and strip out; give it without them.")
        if self.levels and self.values is False:
            raise InputError("--levels shows values as form; give it without --no-values.")
        if self.page != REFERENCE and self.is_bare:
            bare = (
                "--plain" if self.plain else "--no-values" if self.values is False else "--no-strip"
            )
            raise InputError(
                f"--layout {self.page} shows numbers and words large; give it without {bare}."
            )
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
            page=self.page,
            steps=StepChoice(self.only, self.first_step or 1, self.last_step),
            captions=self.captions,
            title=self.title_card,
            number_size=self.number_size,
            backward=loss_of(self.loss_words, self.backward, "--backward"),
        )


def _place(context: click.Context, parameter: click.Parameter, value: str | None) -> Place | None:
    return None if value is None else PLACES[value]


def _names(context: click.Context, parameter: click.Parameter, value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))


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
    click.option(
        "--layout",
        "page",
        type=click.Choice(PAGES),
        default=REFERENCE,
        help="The picture's form: as the illustrated cell; wide, 16:9, for slides; portrait, 4:5, "
        "or square, for phones. All but the first show a close-up of each step.",
    ),
    click.option(
        "--only",
        default="",
        callback=_names,
        metavar="NAME,NAME",
        help="Tell only the steps that come to these, by their names in `gatereel cells`, such as "
        "f,i. The others are computed all the same.",
    ),
    click.option(
        "--from-step",
        "first_step",
        type=WholeNumber(min=1),
        metavar="N",
        help="The first of the film's steps to tell, as --storyboard numbers them.",
    ),
    click.option(
        "--to-step",
        "last_step",
        type=WholeNumber(min=1),
        metavar="N",
        help="The last of the film's steps to tell.",
    ),
    click.option(
        "--captions/--no-captions",
        default=True,
        help="Say of each step what it comes to, or leave that to who speaks.",
    ),
    click.option(
        "--number-size",
        type=float,
        metavar="PIXELS",
        help="Of the numbers at the discs, in a picture as the illustrated cell; 13 to 18. "
        "Default: 15.",
    ),
    click.option(
        "--backward",
        is_flag=True,
        help="The film of the gradient: forward quickly, then back through the same cell.",
    ),
    loss_option,
    place_option,
)


def _title(*names: str) -> Any:
    return click.option(
        *names,
        "title_card",
        default="",
        metavar="TEXT",
        help="Open the film on a card with a title.",
    )


_FIELDS = [field.name for field in fields(LookOptions)]

many_look_options = collecting(
    "look",
    LookOptions,
    (themes_option, languages_option, *_OPTIONS, _title("--title", "--title-card")),
    _FIELDS,
)
"""Gives a command the options of a look, which it gets together as `look`.

It gets `themes` and `languages` beside it, for it draws in each of them.
"""

directive_look_options = collecting(
    "look", LookOptions, (theme_option, language_option, *_OPTIONS, _title("--title-card")), _FIELDS
)
"""The same for a directive, in which a title is that of its picture on a page."""
