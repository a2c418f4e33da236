"""What a directive is of, by its first word: the legend, a clip, or else a cell.

kind_of(("gradient", "rnn")) -> "gradient"
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import click

from gatereel.cli.embedding.clip_request import CLIP_DIRECTIVES
from gatereel.cli.embedding.legend_request import legend_directive
from gatereel.cli.options.common import LEGEND
from gatereel.rnn_math import InputError
from gatereel.rnn_math.counting import in_words

KINDS: Mapping[str, click.Command] = MappingProxyType({LEGEND: legend_directive, **CLIP_DIRECTIVES})
"""What reads the words behind a first word that is no cell's."""

_TITLES = {LEGEND: "a legend"}
"""What errors call a directive's picture; without an entry, a picture of `gatereel` NAME."""


def kind_of(words: Sequence[str]) -> str | None:
    """The first word, where it is no cell's."""
    first = words[0].lower() if words else ""
    return first if first in KINDS else None


def with_defaults(defaults: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """A directive's words with those that hold for all; its own come last and count.

    Of options for all, what is no cell gets those that it has: a film's are no mistake of its
    author.
    """
    kind = kind_of(words)
    if kind is None:
        return (*defaults, *words)
    own = (word for option in _own(kind, defaults) for word in option)
    return (words[0], *own, *words[1:])


def check_options(kind: str, words: Sequence[str]) -> None:
    """Raise InputError, which names it, for an option that makes no sense for this kind."""
    options = _options(kind)
    for word in words:
        name = word.partition("=")[0]
        if name.startswith("--") and name not in options:
            title = _TITLES.get(kind, f"`{kind}`")
            raise InputError(
                f"{name} is not for {title}; its options are {in_words(options)}. Leave it out."
            )


def _options(kind: str) -> dict[str, click.Parameter]:
    """A kind's options by every name that they have."""
    return {
        name: option
        for option in KINDS[kind].params
        if isinstance(option, click.Option)
        for name in (*option.opts, *option.secondary_opts)
    }


def _own(kind: str, defaults: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Those options of `defaults` that a kind takes, each with its value if it has one."""
    options = _options(kind)
    words = list(defaults)
    while words:
        name = words.pop(0)
        values = []
        while words and not words[0].startswith("--"):
            values.append(words.pop(0))
        option = options.get(name)
        choice = option.type if option is not None else None
        refused = isinstance(choice, click.Choice) and not set(values) <= set(choice.choices)
        if option is not None and not refused:
            yield (name, *values)
