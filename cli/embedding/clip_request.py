"""The words of a directive that asks for a clip, read as the options of its command.

    <!-- gatereel: gradient rnn lstm gru --timesteps 30 -->

`squash`, `why` or `gradient` is the first word, as it is for the command.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

import click

from gatereel.cli.embedding.reading_options import Reading, reading_options
from gatereel.cli.inputs.clips import gradient_of
from gatereel.cli.options.clips import (
    ClipLook,
    clip_look_options,
    gradient_options,
    reason_of,
    squash_options,
)
from gatereel.cli.options.gradient_request import GradientRequest
from gatereel.rnn_math.records import dataclass
from gatereel.scenes.places import MarkupStyle

if TYPE_CHECKING:
    from gatereel.scenes.clips import Content


@dataclass(frozen=True, eq=False)
class ClipRequest:
    """What a directive asks for; None for what it leaves open."""

    content: "Content"
    look: ClipLook
    style: MarkupStyle | None
    caption: bool
    reading: Reading
    assumptions: tuple[str, ...] = ()
    """What its numbers hang on and no file says, each a sentence."""
    notes: tuple[str, ...] = ()


def _block_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """How a block stands in its post."""
    options = (
        clip_look_options,
        click.option("--style", type=click.Choice(get_args(MarkupStyle))),
        click.option("--caption/--no-caption", default=True),
        reading_options,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("squash", add_help_option=False)
@squash_options
@_block_options
def _squash(**values: Any) -> ClipRequest:
    return ClipRequest(**values)


@click.command("why", add_help_option=False)
@click.argument("reason")
@_block_options
def _why(reason: str, **values: Any) -> ClipRequest:
    return ClipRequest(content=reason_of(reason.lower()), **values)


@click.command("gradient", add_help_option=False)
@gradient_options
@_block_options
def _gradient(request: GradientRequest, **values: Any) -> ClipRequest:
    proposal = gradient_of(request)
    return ClipRequest(
        content=proposal.content,
        assumptions=proposal.assumptions,
        notes=proposal.notes,
        **values,
    )


CLIP_DIRECTIVES: Mapping[str, click.Command] = MappingProxyType(
    {"squash": _squash, "why": _why, "gradient": _gradient}
)
"""What reads the words behind each first word."""
