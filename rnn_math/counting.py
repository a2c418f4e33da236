"""Counts and names in words."""

from collections.abc import Iterable, Sequence

_SHOWN_NAMES = 4


def counted(count: int, noun: str) -> str:
    """A count with its noun, in the plural where it must be: "1 timestep", "3 timesteps"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def in_words(names: Iterable[object], joint: str = "and") -> str:
    """Names for a sentence: "h", "h and c", "r, z and n"."""
    *rest, last = map(str, names)
    return f"{', '.join(rest)} {joint} {last}" if rest else last


def one_of(names: Iterable[object]) -> str:
    """Names to choose from: "rnn, lstm or gru"."""
    return in_words(names, "or")


def some_of(names: Sequence[str]) -> str:
    """Names for a sentence, the first few of many: "h0 and c0", "a, b, c, d and others"."""
    if len(names) > _SHOWN_NAMES:
        return f"{', '.join(names[:_SHOWN_NAMES])} and others"
    return in_words(names)
