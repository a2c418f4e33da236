"""The options of clips, shared by commands and directives: what they are of, how they look."""

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gatereel.cli.options.collecting import collecting
from gatereel.cli.options.common import (
    cells_argument,
    language_option,
    theme_option,
    transparent_option,
)
from gatereel.cli.options.gradient_request import GradientRequest, forget_biases_of, numbers_of
from gatereel.cli.options.look import place_option
from gatereel.cli.options.sources import WholeNumber, chain_option, initial_option
from gatereel.rnn_math.comparisons import COMPARISONS
from gatereel.rnn_math.counting import one_of
from gatereel.rnn_math.records import dataclass
from gatereel.rnn_math.squashing import SQUASHING
from gatereel.scenes.places import Place

if TYPE_CHECKING:
    from gatereel.scenes.clips import ClipPlan, Content
    from gatereel.scenes.tell.language import Language
    from gatereel.scenes.theme.theme import Theme

SLOPES = "slopes"
REASONS = (*COMPARISONS, SLOPES)
"""What `gatereel why` shows, in its order."""


@dataclass(frozen=True, eq=False)
class ClipLook:
    """How a clip looks; None for what is left open."""

    width: int | None = None
    theme: "Theme | None" = None
    language: "Language | None" = None
    transparent: bool = False
    place: Place | None = None
    still: bool = False
    once: bool = False

    def plan(self, content: "Content") -> "ClipPlan":
        """The plan of a clip. Raises InputError for a width that cannot be drawn."""
        from gatereel.scenes.clips import plan_clip

        return plan_clip(
            content,
            self.width,
            self.theme,
            language=self.language,
            still=self.still,
            loop=not self.once,
            transparent=self.transparent,
            place=self.place,
        )


clip_look_options = collecting(
    "look",
    ClipLook,
    (
        click.option("--still", is_flag=True, help="The whole as one picture, and no film."),
        click.option("--width", type=int, metavar="PIXELS", help="Default: 1125."),
        theme_option,
        language_option,
        transparent_option,
        click.option("--once", is_flag=True, help="Play once instead of for ever."),
        place_option,
    ),
    [field.name for field in fields(ClipLook)],
)
"""Gives a command the options of a clip's look, together as `look`."""


def _lower(context: click.Context, parameter: click.Parameter, names: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.lower() for name in names))


def _numbers(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> tuple[float, ...]:
    return () if value is None else numbers_of(parameter.opts[0], value)


def _biases(context: click.Context, parameter: click.Parameter, value: str | None) -> Any:
    return () if value is None else forget_biases_of(parameter.opts[0], value)


def _squash(functions: tuple[str, ...], numbers: tuple[float, ...]) -> "Content":
    from gatereel.scenes.clips import DEFAULT_FUNCTIONS, DEFAULT_VALUES, Squash

    return Squash(functions or DEFAULT_FUNCTIONS, numbers or DEFAULT_VALUES)


squash_options = collecting(
    "content",
    _squash,
    (
        click.argument("functions", nargs=-1, callback=_lower, metavar="[FUNCTION]..."),
        click.option(
            "--values",
            "numbers",
            callback=_numbers,
            metavar="A,B,C",
            help="Numbers to send through, up to four. Default: 5,0.1,-0.5.",
        ),
    ),
    ("functions", "numbers"),
)
"""Gives a command functions and numbers, together as `content`."""

FUNCTIONS_HELP = one_of(SQUASHING)


def reason_of(name: str) -> "Content":
    """What one word of `gatereel why` is of. Raises InputError for another."""
    from gatereel.rnn_math import InputError
    from gatereel.scenes.clips import Slopes, Why

    if name not in REASONS:
        raise InputError(f"{name!r} is none of {one_of(REASONS)}.")
    return Slopes() if name == SLOPES else Why(name)


gradient_options = collecting(
    "request",
    GradientRequest,
    (
        cells_argument,
        click.option(
            "--weights",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="A model, a band each; may be given several times.",
        ),
        click.option("--layer", metavar="NAME", help="Which recurrent layer of the models."),
        chain_option,
        initial_option,
        click.option(
            "--inputs",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The sequence that all of them read; as for `gatereel render`.",
        ),
        click.option(
            "--vocab",
            "vocabulary",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The tokens of --inputs, one a line, where it is text.",
        ),
        click.option(
            "--timesteps",
            type=WholeNumber(min=2),
            metavar="N",
            help="How many. Default: the 60 of the trained cells, 30 of others.",
        ),
        click.option(
            "--hidden-size",
            type=WholeNumber(min=1),
            metavar="N",
            help="Units of cells with random weights. Default: 32.",
        ),
        click.option(
            "--seed",
            type=WholeNumber(min=0),
            metavar="N",
            help="Random weights and inputs from this seed, in place of trained cells.",
        ),
        click.option(
            "--scale",
            "scales",
            callback=_numbers,
            metavar="A,B,C",
            help="Recurrent weights times each of these, a band each: 0.5,1,1.5 shows a gradient "
            "that vanishes, one that stays, one that explodes.",
        ),
        click.option(
            "--forget-bias",
            "forget_biases",
            callback=_biases,
            metavar="A,B,C",
            help="A band each for biases of the gate that keeps, numbers or chrono.",
        ),
        click.option(
            "--clip",
            "threshold",
            type=float,
            metavar="THETA",
            help="Clip the gradient by all parameters to this length, and show what is left.",
        ),
    ),
    [field.name for field in fields(GradientRequest)],
)
"""Gives a command what a gradient's picture is of, together as `request`."""
